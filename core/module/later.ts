/** What is made when it is first asked for, and only once: lists that hardly anybody looks at cost nothing until then. */
import { Beside } from './beside.ts';

export function later<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

type Makers = Readonly<Record<string, () => unknown>>;
const MAKERS = new Beside<Makers>('makers');

/**
 * One reading function for each name, whatever the object: V8 keeps those of `{ get name() {…} }` with the shape of the
 * object, and so everything that they know of a module for as long as the shape.
 */
const readers = new Map<string, PropertyDescriptor>();

function readerOf(name: string): PropertyDescriptor {
  let reader = readers.get(name);
  if (!reader) {
    reader = {
      enumerable: true,
      get(this: object) {
        return MAKERS.get(this)?.[name]?.();
      },
    };
    readers.set(name, reader);
  }
  return reader;
}

/**
 * Adds properties that are made when they are first read. They are listed, written and copied as any others are.
 * @param makers - by name of the property
 */
export function withLater<T extends object, L extends object>(
  to: T,
  makers: { readonly [K in keyof L]: () => L[K] },
): T & Readonly<L> {
  const kept: Record<string, () => unknown> = {};
  for (const [name, make] of Object.entries<() => unknown>(makers)) {
    kept[name] = later(make);
    Object.defineProperty(to, name, readerOf(name));
  }
  MAKERS.set(to, kept);
  return to as T & Readonly<L>;
}

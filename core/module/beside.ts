/**
 * What belongs to an answer and is no part of it: not listed, not written, not copied. A WeakMap would do the same, but
 * V8's collector of young memory takes all of its values for living, and with them everything they know of a module.
 */
export class Beside<T> {
  readonly #key: symbol;

  /** @param name - how it is called in a debugger */
  constructor(name: string) {
    this.#key = Symbol(name);
  }

  /** Once for each object. */
  set(object: object, value: T): void {
    Object.defineProperty(object, this.#key, { value });
  }

  get(object: object): T | undefined {
    return (object as Readonly<Record<symbol, T | undefined>>)[this.#key];
  }
}

/**
 * What a module's types build on. Numbers and names of a split .BTF go on where the kernel's end, and the image does not
 * say where that is. It can be told: every name of its own is used, and a function always refers to a prototype.
 */
import {
  ARRAY,
  DATASEC,
  ENUM,
  ENUM64,
  FUNC,
  FUNC_PROTO,
  REFERRING,
  STRUCT,
  UNION,
  VAR,
  type Btf,
  type BtfType,
} from './raw.ts';

/** How many places are tried for the first own type. */
const MOST_TRIED = 4096;
/** How many references are looked at for that. */
const MOST_STEPS = 10_000_000;

export class BtfBase {
  /** Whether there is a base at all. */
  readonly split: boolean;
  /** Number of the first own type; undefined where it could not be told. */
  readonly firstId: number | undefined;
  /** Where own names begin. */
  readonly nameStart: number | undefined;
  readonly #types: Btf | undefined;

  constructor(split: boolean, firstId: number | undefined, nameStart: number | undefined, types?: Btf) {
    this.split = split;
    this.firstId = firstId;
    this.nameStart = nameStart;
    this.#types = types;
  }

  /** The base that the image brings along. */
  static distilled(base: Btf): BtfBase {
    return new BtfBase(true, base.types.length + 1, base.strings.size, base);
  }

  /** Types of the base, where they are known. */
  type(id: number): BtfType | undefined {
    return this.#types?.types[id - 1];
  }

  name(offset: number): string | undefined {
    return this.#types?.text(offset);
  }
}

interface References {
  /** The largest number of a type. */
  readonly largest: number;
  /** Types of things that are there: members, arguments, elements. */
  readonly things: readonly number[];
  /** Types that are pointed to or given another name. */
  readonly others: readonly number[];
  /** What functions refer to. */
  readonly prototypes: readonly number[];
  readonly names: ReadonlySet<number>;
}

function references(btf: Btf): References {
  const things: number[] = [];
  const others: number[] = [];
  const prototypes: number[] = [];
  const names = new Set<number>();
  let largest = 0;
  const { bytes } = btf;
  const refer = (list: number[], id: number): void => {
    list.push(id);
    if (id > largest) largest = id;
  };
  for (const type of btf.types) {
    names.add(type.name);
    const { kind, count, at } = type;
    if (kind === FUNC) refer(prototypes, type.info);
    else if (REFERRING.has(kind)) refer(others, type.info);
    if (kind === ARRAY) {
      refer(things, bytes.u32(at + 12));
      refer(things, bytes.u32(at + 16));
    }
    const step =
      kind === STRUCT || kind === UNION || kind === ENUM64 ? 12 : kind === ENUM || kind === FUNC_PROTO ? 8 : 0;
    for (let i = 0; step > 0 && i < count; i++) {
      const member = at + 12 + i * step;
      names.add(bytes.u32(member));
      if (kind !== ENUM && kind !== ENUM64) refer(things, bytes.u32(member + 4));
    }
    for (let i = 0; kind === DATASEC && i < count; i++) {
      largest = Math.max(largest, bytes.u32(at + 12 + i * 12));
    }
  }
  return { largest, things, others, prototypes, names };
}

export function guessBase(btf: Btf): BtfBase {
  const refers = references(btf);
  const { names } = refers;
  let largest = 0;
  for (const name of names) if (name > largest) largest = name;
  // Nothing points outside: a .BTF of its own, which begins with the empty name.
  if (refers.largest <= btf.types.length && largest < btf.strings.size && btf.text(0) === '')
    return new BtfBase(false, 1, 0);
  return new BtfBase(true, firstType(btf, refers), nameStart(btf, names, largest));
}

/** The last name begins where the largest offset points; then all larger offsets have to be beginnings of names. */
function nameStart(btf: Btf, names: ReadonlySet<number>, largest: number): number | undefined {
  const { bytes, strings } = btf;
  const end = strings.offset + strings.size;
  const starts = new Set<number>();
  let last = 0;
  for (let at = strings.offset; at < end;) {
    last = at - strings.offset;
    starts.add(last);
    at = bytes.endOfText(at, end) + 1;
  }
  const start = largest - last;
  if (start < 0) return undefined;
  for (const name of names) if (name >= start && !starts.has(name - start)) return undefined;
  return start;
}

/** No thing is a function, a function has a prototype, and nothing but a section's list leads to a variable. */
function firstType(btf: Btf, { largest, things, others, prototypes }: References): number | undefined {
  const kinds = Uint8Array.from(btf.types, ({ kind }) => kind);
  const lowest = Math.max(1, largest - kinds.length + 1);
  // What is below belongs to the base, wherever the own types begin.
  const own = (ids: readonly number[]): number[] => [...new Set(ids)].filter((id) => id >= lowest);
  const [functions, direct, named] = [own(prototypes), own(things), own(others)];
  let steps = 0;
  const fits = (first: number): boolean => {
    const every = (ids: readonly number[], right: (kind: number) => boolean): boolean =>
      ids.every((id) => ++steps > 0 && (id < first || right(kinds[id - first] ?? 0)));
    return (
      every(functions, (kind) => kind === FUNC_PROTO) &&
      every(direct, (kind) => kind !== FUNC_PROTO && kind !== FUNC && kind !== VAR && kind !== DATASEC) &&
      every(named, (kind) => kind !== FUNC && kind !== VAR && kind !== DATASEC)
    );
  };
  let found: number | undefined;
  for (let first = lowest; first <= Math.min(largest, lowest + MOST_TRIED); first++) {
    if (steps > MOST_STEPS) return undefined;
    if (!fits(first)) continue;
    if (found !== undefined) return undefined;
    found = first;
  }
  return found;
}

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
  readonly names: ReadonlySet<number>;
}

function references(btf: Btf): References {
  const things: number[] = [];
  const others: number[] = [];
  const variables: number[] = [];
  const names = new Set<number>();
  const { bytes } = btf;
  for (const type of btf.types) {
    names.add(type.name);
    const { kind, count, at } = type;
    if (REFERRING.includes(kind)) (kind === FUNC ? variables : others).push(type.info);
    if (kind === ARRAY) things.push(bytes.u32(at + 12), bytes.u32(at + 16));
    const step =
      kind === STRUCT || kind === UNION || kind === ENUM64 ? 12 : kind === ENUM || kind === FUNC_PROTO ? 8 : 0;
    for (let i = 0; step > 0 && i < count; i++) {
      const member = at + 12 + i * step;
      names.add(bytes.u32(member));
      if (kind !== ENUM && kind !== ENUM64) things.push(bytes.u32(member + 4));
    }
    for (let i = 0; kind === DATASEC && i < count; i++) variables.push(bytes.u32(at + 12 + i * 12));
  }
  const largest = [things, others, variables].flat().reduce((most, one) => Math.max(most, one), 0);
  return { largest, things, others, names };
}

export function guessBase(btf: Btf): BtfBase {
  const refers = references(btf);
  const { names } = refers;
  const largest = [...names].reduce((most, one) => Math.max(most, one), 0);
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

/** No thing is a function, and nothing but a section's list leads to a variable. */
function firstType(btf: Btf, { largest, things, others }: References): number | undefined {
  const { types, bytes } = btf;
  const isNone = (first: number, ids: readonly number[], kinds: readonly number[]): boolean =>
    ids.every((id) => id < first || !kinds.includes(types[id - first]?.kind ?? 0));
  const fits = (first: number): boolean =>
    isNone(first, things, [FUNC_PROTO, FUNC, VAR, DATASEC]) &&
    isNone(first, others, [FUNC, VAR, DATASEC]) &&
    types.every((type) => {
      if (type.kind === FUNC && type.info >= first) return types[type.info - first]?.kind === FUNC_PROTO;
      if (type.kind !== DATASEC || type.count === 0) return true;
      const variable = bytes.u32(type.at + 12);
      return variable < first || types[variable - first]?.kind === VAR;
    });
  const lowest = Math.max(1, largest - types.length + 1);
  let found: number | undefined;
  for (let first = lowest; first <= Math.min(largest, lowest + MOST_TRIED); first++) {
    if (!fits(first)) continue;
    if (found !== undefined) return undefined;
    found = first;
  }
  return found;
}

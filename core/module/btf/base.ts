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
  KINDS,
  isReferring,
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
    return this.#types?.types.at(id - 1);
  }

  name(offset: number): string | undefined {
    return this.#types?.text(offset);
  }
}

/** What a type is referred to as: of a thing that is there, of a name or a pointer, of a function. */
const [THING, OTHER, PROTOTYPE] = [1, 2, 4];

/**
 * As what each kind may be referred to: no thing is a function, a function has a prototype, and nothing but a section's
 * list leads to a variable.
 */
const ALLOWED = Uint8Array.from(KINDS, (_, kind) => {
  if (kind === FUNC_PROTO) return OTHER | PROTOTYPE;
  return kind === FUNC || kind === VAR || kind === DATASEC ? 0 : THING | OTHER;
});

/** Calls for every reference to a type, and for every name. */
function eachReference(btf: Btf, refer: (id: number, as: number) => void, name: (offset: number) => void): void {
  const { bytes, types } = btf;
  for (let index = 0; index < types.length; index++) {
    const at = types.place(index);
    const kind = types.kind(index);
    name(bytes.u32(at));
    if (kind === FUNC) refer(bytes.u32(at + 8), PROTOTYPE);
    else if (isReferring(kind)) refer(bytes.u32(at + 8), OTHER);
    if (kind === ARRAY) {
      refer(bytes.u32(at + 12), THING);
      refer(bytes.u32(at + 16), THING);
    }
    const enumerated = kind === ENUM || kind === ENUM64;
    const step =
      kind === STRUCT || kind === UNION || kind === ENUM64 ? 12 : kind === ENUM || kind === FUNC_PROTO ? 8 : 0;
    const end = at + 12 + step * types.count(index);
    for (let member = at + 12; member < end; member += step) {
      name(bytes.u32(member));
      if (!enumerated) refer(bytes.u32(member + 4), THING);
    }
    // Variables: a reference, but as nothing that tells them apart.
    for (let i = 0; kind === DATASEC && i < types.count(index); i++) refer(bytes.u32(at + 12 + i * 12), 0);
  }
}

export function guessBase(btf: Btf): BtfBase {
  let largest = 0;
  let lastName = 0;
  eachReference(
    btf,
    (id) => {
      if (id > largest) largest = id;
    },
    (offset) => {
      if (offset > lastName) lastName = offset;
    },
  );
  // Nothing points outside: a .BTF of its own, which begins with the empty name.
  if (largest <= btf.types.length && lastName < btf.strings.size && btf.text(0) === '') return new BtfBase(false, 1, 0);
  // Each type may be the first that the largest number leads to; what is below belongs to the base in any case.
  const lowest = Math.max(1, largest - btf.types.length + 1);
  const roles = new Uint8Array(largest - lowest + 1);
  const starts = new NameStarts(btf, lastName);
  eachReference(
    btf,
    (id, as) => {
      if (id >= lowest) roles[id - lowest] = (roles[id - lowest] ?? 0) | as;
    },
    (offset) => {
      starts.try(offset);
    },
  );
  return new BtfBase(true, firstType(btf, roles, lowest), starts.first);
}

/** The last name begins where the largest offset points; then all larger offsets have to be beginnings of names. */
class NameStarts {
  readonly #btf: Btf;
  readonly #start: number;
  #fits: boolean;

  constructor(btf: Btf, largest: number) {
    const { strings, bytes } = btf;
    this.#btf = btf;
    // Behind the last NUL but the one that ends the table.
    let last = Math.max(0, strings.size - 1);
    while (last > 0 && bytes.data[strings.offset + last - 1] !== 0) last -= 1;
    this.#start = largest - last;
    this.#fits = this.#start >= 0;
  }

  try(offset: number): void {
    const at = offset - this.#start;
    if (at < 0 || !this.#fits) return;
    const { strings, bytes } = this.#btf;
    this.#fits = at < strings.size && (at === 0 || bytes.data[strings.offset + at - 1] === 0);
  }

  /** Where own names begin; undefined where an offset does not fit. */
  get first(): number | undefined {
    return this.#fits ? this.#start : undefined;
  }
}

/** @param roles - as what each type from `lowest` on is referred to */
function firstType({ types }: Btf, roles: Uint8Array, lowest: number): number | undefined {
  const allowed = Uint8Array.from({ length: types.length }, (_, index) => ALLOWED[types.kind(index)] ?? 0);
  let steps = 0;
  const fits = (skipped: number): boolean => {
    for (let at = skipped; at < roles.length; at++) {
      steps++;
      if (((roles[at] ?? 0) & ~(allowed[at - skipped] ?? 0)) !== 0) return false;
    }
    return true;
  };
  let found: number | undefined;
  for (let skipped = 0; skipped < Math.min(roles.length, MOST_TRIED + 1); skipped++) {
    if (steps > MOST_STEPS) return undefined;
    if (!fits(skipped)) continue;
    if (found !== undefined) return undefined;
    found = lowest + skipped;
  }
  return found;
}

/** .BTF: types of the module's own structures (Documentation/bpf/btf.rst). */
import type { ModuleType, TypeMember, TypesPart } from '#contract/inspect.ts';
import { toWide, type Wide } from '#contract/wide.ts';
import { Beside } from '../beside.ts';
import { Problems } from '../failure.ts';
import type { Making } from '../inspect.ts';
import { withRows } from '../json/rows.ts';
import { withLater } from '../later.ts';
import { BtfBase, guessBase } from './base.ts';
import { writeType } from './json.ts';
import { Namer } from './namer.ts';
import { ENUM, ENUM64, KINDS, readBtf, STRUCT, UNION, type Btf, type BtfType } from './raw.ts';
import type { Mutable } from '../mutable.ts';

/** Members of all types together: a hostile table may claim the same ones over and over. */
const MOST_MEMBERS = 500_000;

const isListed = (kind: number): boolean => kind === STRUCT || kind === UNION || kind === ENUM || kind === ENUM64;

/** A type without its members, and how many there are. */
export interface TypeHead extends Pick<ModuleType, 'kind' | 'name' | 'size'> {
  readonly members: number;
}

/** Types one at a time, where all of them together would take half as much memory as the image. */
export interface TypeSource {
  readonly count: number;
  head(row: number): TypeHead;
  at(row: number): ModuleType;
}

const SOURCES = new Beside<TypeSource>('types');

function noType(row: number): never {
  throw new RangeError(`no type ${String(row)}`);
}

const NO_TYPES: TypeSource = { count: 0, head: noType, at: noType };

/** The types of a part, which may have none. */
export const typeSource = (part: TypesPart | undefined): TypeSource => (part && SOURCES.get(part)) ?? NO_TYPES;

/** Members are listed when they are first asked for. */
export function typesPart({ image }: Making): TypesPart {
  const problems = new Problems();
  const section = image.filled('.BTF');
  if (!section) return { present: false, counts: {}, entries: [], problems: [] };
  const btf = readBtf(image.bytes, section.range, '.BTF', problems);
  const { types } = btf;
  const counts = new Uint32Array(KINDS.length);
  const kinds: number[] = [];
  const distilled = image.filled('.BTF.base');
  const base = distilled
    ? BtfBase.distilled(readBtf(image.bytes, distilled.range, '.BTF.base', problems))
    : guessBase(btf);
  const listed: number[] = [];
  let members = 0;
  for (let index = 0; index < types.length; index++) {
    const kind = types.kind(index);
    const before = counts[kind] ?? 0;
    if (before === 0) kinds.push(kind);
    counts[kind] = before + 1;
    if (!isListed(kind) || members > MOST_MEMBERS) continue;
    members += types.count(index);
    if (members <= MOST_MEMBERS) listed.push(index);
    else problems.add('.BTF', `members beyond the first ${String(MOST_MEMBERS)} are not listed`, types.place(index));
  }
  const namer = new Namer(btf, base);
  const source: TypeSource = {
    count: listed.length,
    head: (row) => headOf(typeOf(btf, listed, row), namer),
    at: (row) => describe(btf, typeOf(btf, listed, row), namer),
  };
  const begun = {
    present: true,
    split: base.split,
    distilledBase: distilled !== undefined,
    ...(base.split && base.firstId !== undefined ? { firstId: base.firstId } : {}),
    text: textOf(base, distilled !== undefined),
    counts: Object.fromEntries(kinds.map((kind) => [KINDS[kind] ?? String(kind), counts[kind] ?? 0])),
  };
  const part: TypesPart = Object.assign(withLater(begun, { entries: () => listed.map((_, row) => source.at(row)) }), {
    problems: problems.all(),
  });
  SOURCES.set(part, source);
  return withRows(part, {
    count: listed.length,
    write: (out, index) => {
      const type = types.at(listed[index] ?? 0);
      if (type) writeType(out, btf, type, namer);
    },
  });
}

function textOf(base: BtfBase, distilled: boolean): string {
  if (!base.split) return 'The types are whole: they refer to none outside of the image.';
  if (distilled)
    return "Types of the kernel are named from .BTF.base, which the image brings along; their members are the kernel's.";
  if (base.firstId === undefined || base.nameStart === undefined) {
    return "The types build on those of the kernel it was built for, which are not in the image; where they begin could not be told, and names of members' types are left out.";
  }
  return `The types build on the first ${String(base.firstId - 1)} of the kernel it was built for, which are not in the image: those have numbers instead of names. Where the module's own begin was told from how its references fit.`;
}

/** Of an enumeration of 64 bits: two words, the lower one first. */
export function wideValue({ bytes }: Btf, type: BtfType, member: number): Wide {
  const value = (BigInt(bytes.u32(member + 8)) << 32n) | BigInt(bytes.u32(member + 4));
  return toWide(type.flag ? BigInt.asIntN(64, value) : value);
}

export const kindOf = ({ kind }: BtfType): ModuleType['kind'] =>
  kind === STRUCT ? 'struct' : kind === UNION ? 'union' : 'enum';

function typeOf({ types }: Btf, listed: readonly number[], row: number): BtfType {
  const type = types.at(listed[row] ?? -1);
  if (!type) return noType(row);
  return type;
}

function headOf(type: BtfType, namer: Namer): TypeHead {
  const name = namer.name(type.name);
  return { kind: kindOf(type), ...(name === undefined ? {} : { name }), size: type.info, members: type.count };
}

function describe(btf: Btf, type: BtfType, namer: Namer): ModuleType {
  const { bytes } = btf;
  const members: TypeMember[] = [];
  const start = type.at + 12;
  const step = type.kind === ENUM ? 8 : 12;
  for (let i = 0; i < type.count; i++) {
    const at = start + i * step;
    const name = namer.name(bytes.u32(at));
    // Assigned one by one: there are tens of thousands, and spreading costs several times as much.
    const member: Mutable<TypeMember> = {};
    if (name !== undefined) member.name = name;
    if (type.kind === ENUM) member.value = type.flag ? bytes.i32(at + 4) : bytes.u32(at + 4);
    else if (type.kind === ENUM64) {
      member.value = wideValue(btf, type, at);
    } else {
      const offset = bytes.u32(at + 8);
      const size = type.flag ? offset >>> 24 : 0;
      const text = namer.type(bytes.u32(at + 4));
      member.bit = type.flag ? offset & 0xffffff : offset;
      if (text !== undefined) member.type = size > 0 ? `${text} : ${String(size)}` : text;
    }
    members.push(member);
  }
  const name = namer.name(type.name);
  const kind = kindOf(type);
  const range = { offset: type.at, size: type.size };
  return { kind, ...(name === undefined ? {} : { name }), size: type.info, members, range };
}

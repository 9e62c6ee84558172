/** .BTF: types of the module's own structures (Documentation/bpf/btf.rst). */
import type { ModuleType, TypeMember, TypesPart } from '#contract/inspect.ts';
import { toWide } from '#contract/wide.ts';
import { Problems } from '../failure.ts';
import type { Making } from '../inspect.ts';
import { later } from '../later.ts';
import { BtfBase, guessBase } from './base.ts';
import { ENUM, ENUM64, KINDS, readBtf, STRUCT, UNION, type Btf, type BtfType } from './raw.ts';
import type { Mutable } from '../mutable.ts';

/** Members of all types together: a hostile table may claim the same ones over and over. */
const MOST_MEMBERS = 500_000;
const LISTED: ReadonlySet<number> = new Set([STRUCT, UNION, ENUM, ENUM64]);

/** Members are listed when they are first asked for. */
export function typesPart({ image }: Making): TypesPart {
  const problems = new Problems();
  const section = image.filled('.BTF');
  if (!section) return { present: false, counts: {}, entries: [], problems: [] };
  const btf = readBtf(image.bytes, section.range, '.BTF', problems);
  const counts = new Map<number, number>();
  for (const { kind } of btf.types) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const distilled = image.filled('.BTF.base');
  const base = distilled
    ? BtfBase.distilled(readBtf(image.bytes, distilled.range, '.BTF.base', problems))
    : guessBase(btf);
  const listed: BtfType[] = [];
  let members = 0;
  for (const type of btf.types) {
    if (!LISTED.has(type.kind)) continue;
    members += type.count;
    if (members > MOST_MEMBERS) {
      problems.add('.BTF', `members beyond the first ${String(MOST_MEMBERS)} are not listed`, type.at);
      break;
    }
    listed.push(type);
  }
  const entries = later((): ModuleType[] => {
    const namer = new Namer(btf, base);
    return listed.map((type) => describe(btf, type, namer));
  });
  return {
    present: true,
    split: base.split,
    distilledBase: distilled !== undefined,
    ...(base.split && base.firstId !== undefined ? { firstId: base.firstId } : {}),
    text: textOf(base, distilled !== undefined),
    counts: Object.fromEntries([...counts].map(([kind, count]) => [KINDS[kind] ?? String(kind), count])),
    get entries() {
      return entries();
    },
    problems: problems.all(),
  };
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

function describe({ bytes }: Btf, type: BtfType, namer: Namer): ModuleType {
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
      const value = (BigInt(bytes.u32(at + 8)) << 32n) | BigInt(bytes.u32(at + 4));
      member.value = toWide(type.flag ? BigInt.asIntN(64, value) : value);
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
  const kind = type.kind === STRUCT ? 'struct' : type.kind === UNION ? 'union' : 'enum';
  const range = { offset: type.at, size: type.size };
  return { kind, ...(name === undefined ? {} : { name }), size: type.info, members, range };
}

/** Follows pointers, arrays and qualifiers for this many steps; a cycle ends there. */
const DEEPEST = 16;

class Namer {
  readonly #btf: Btf;
  readonly #base: BtfBase;

  constructor(btf: Btf, base: BtfBase) {
    this.#btf = btf;
    this.#base = base;
  }

  /** The name at an offset; undefined of none, and of one that is in the base. */
  name(offset: number): string | undefined {
    const { nameStart } = this.#base;
    if (offset === 0 || nameStart === undefined) return undefined;
    if (offset < nameStart) return this.#base.name(offset);
    return this.#btf.text(offset - nameStart);
  }

  /** A type as C has it, or nearly: "struct list_head *", "u8[16]". */
  type(id: number): string | undefined {
    let suffix = '';
    let prefix = '';
    let current = id;
    for (let step = 0; step < DEEPEST; step++) {
      if (current === 0) return `${prefix}void${suffix}`;
      const { firstId } = this.#base;
      if (firstId === undefined) return undefined;
      const type = current < firstId ? this.#base.type(current) : this.#btf.types[current - firstId];
      if (!type) return `${prefix}type ${String(current)}${current < firstId ? ' of the kernel' : ''}${suffix}`;
      const own = current >= firstId;
      const name = own ? this.name(type.name) : this.#base.name(type.name);
      switch (KINDS[type.kind]) {
        case 'PTR':
          suffix = suffix.startsWith(' *') ? ` *${suffix.slice(1)}` : ` *${suffix}`;
          break;
        case 'ARRAY':
          suffix += `[${String(type.elements)}]`;
          current = type.element;
          continue;
        case 'CONST':
          prefix += 'const ';
          break;
        case 'VOLATILE':
          prefix += 'volatile ';
          break;
        case 'RESTRICT':
        case 'TYPE_TAG':
          break;
        case 'STRUCT':
          return `${prefix}struct ${name ?? '(anonymous)'}${suffix}`;
        case 'UNION':
          return `${prefix}union ${name ?? '(anonymous)'}${suffix}`;
        case 'ENUM':
        case 'ENUM64':
          return `${prefix}enum ${name ?? '(anonymous)'}${suffix}`;
        case 'FWD':
          return `${prefix}${type.flag ? 'union' : 'struct'} ${name ?? '(anonymous)'}${suffix}`;
        case 'FUNC_PROTO':
          return `${prefix}function${suffix}`;
        default:
          return `${prefix}${name ?? `type ${String(current)}`}${suffix}`;
      }
      current = type.info;
    }
    return `${prefix}…${suffix}`;
  }
}

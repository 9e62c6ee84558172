/** Names of types, as C has them or nearly. */
import type { BtfBase } from './base.ts';
import { KINDS, type Btf } from './raw.ts';

/** Follows pointers, arrays and qualifiers for this many steps; a cycle ends there. */
const DEEPEST = 16;

export class Namer {
  readonly #btf: Btf;
  readonly #base: BtfBase;
  /** Members are of few types. */
  readonly #known = new Map<number, string | undefined>();

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
    if (this.#known.has(id)) return this.#known.get(id);
    const text = this.#typeText(id);
    this.#known.set(id, text);
    return text;
  }

  #typeText(id: number): string | undefined {
    let suffix = '';
    let prefix = '';
    let current = id;
    for (let step = 0; step < DEEPEST; step++) {
      if (current === 0) return `${prefix}void${suffix}`;
      const { firstId } = this.#base;
      if (firstId === undefined) return undefined;
      const type = current < firstId ? this.#base.type(current) : this.#btf.types.at(current - firstId);
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

/** The inspector's list of types: structures, unions and enumerations that the module's own .BTF describes. */
import type { ModuleType, TypeMember } from '#contract/inspect.ts';
import type { ListColumn, TypeRow } from '#contract/module-rows.ts';
import type { TypeSource } from '../btf/types.ts';
import type { RowSource } from './listing.ts';

/** Members that a definition shows; what is longer than a screen is read elsewhere. */
const MOST_MEMBERS = 400;

export class TypeRows implements RowSource<TypeRow> {
  readonly #types: TypeSource;

  constructor(types: TypeSource) {
    this.#types = types;
  }

  get count(): number {
    return this.#types.count;
  }

  row(id: number): TypeRow {
    const type = this.#types.at(id);
    const { kind, name = '', size, members, range } = type;
    return { id, kind, name, bytes: size, members: members.length, definition: definitionOf(type), ...range };
  }

  key(id: number, column: ListColumn): number | string {
    const { kind, name = '', size, members } = this.#types.head(id);
    switch (column) {
      case 'name':
        return name;
      case 'kind':
        return kind;
      case 'size':
        return size;
      case 'members':
        return members;
      default:
        return id;
    }
  }

  words(id: number): string {
    const { name = '', members } = this.#types.at(id);
    return [name, ...members.map((member) => member.name ?? '')].join(' ');
  }

  is(id: number, kind: string): boolean {
    return this.#types.head(id).kind === kind;
  }
}

/** As C would have it, with the place of each member in bytes. */
function definitionOf({ kind, name, size, members }: ModuleType): string {
  const shown = members.slice(0, MOST_MEMBERS).map((member) => `  ${memberText(member, kind)}`);
  const left = members.length - shown.length;
  return [
    `${kind}${name === undefined ? '' : ` ${name}`} {  /* ${String(size)} bytes */`,
    ...shown,
    ...(left > 0 ? [`  /* ${String(left)} more */`] : []),
    '};',
  ].join('\n');
}

function memberText({ name, type, bit, value }: TypeMember, kind: ModuleType['kind']): string {
  if (kind === 'enum') return `${name ?? '/* named in the kernel */'} = ${String(value)},`;
  const [byte, rest] = [Math.floor((bit ?? 0) / 8), (bit ?? 0) % 8];
  const place = bit === undefined ? '' : `  /* ${String(byte)}${rest === 0 ? '' : `, bit ${String(rest)}`} */`;
  const named = name ?? '/* no name here */';
  return `${type ?? '/* type of the kernel */'} ${named};${place}`;
}

/** The inspector's list of functions: in the order of their places. */
import type { ModuleFunction } from '#contract/inspect.ts';
import type { FunctionRow, ListColumn } from '#contract/module-rows.ts';
import type { RawSection } from '../elf/sections.ts';
import type { RowSource } from './listing.ts';

export class FunctionRows implements RowSource<FunctionRow> {
  readonly #functions: readonly ModuleFunction[];
  readonly #sections: readonly RawSection[];

  constructor(functions: readonly ModuleFunction[], sections: readonly RawSection[]) {
    this.#functions = functions;
    this.#sections = sections;
  }

  get count(): number {
    return this.#functions.length;
  }

  #function(id: number): ModuleFunction {
    const found = this.#functions[id];
    if (!found) throw new RangeError(`no function ${String(id)}`);
    return found;
  }

  #section({ section }: ModuleFunction): string {
    return this.#sections[section]?.name ?? '';
  }

  row(id: number): FunctionRow {
    const found = this.#function(id);
    const { name, symbol, size, role, range } = found;
    return {
      ...{ id, name, symbol: symbol - 1, bytes: size, section: this.#section(found) },
      ...(role === undefined ? {} : { role }),
      ...range,
    };
  }

  key(id: number, column: ListColumn): number | string {
    const found = this.#function(id);
    switch (column) {
      case 'name':
        return found.name;
      case 'role':
        return found.role ?? '~';
      case 'section':
        return this.#section(found);
      case 'size':
        return found.size;
      default:
        return id;
    }
  }

  words(id: number): string {
    const { name, aliases = [] } = this.#function(id);
    return [name, ...aliases].join(' ');
  }

  is(id: number, kind: string): boolean {
    return this.#function(id).role === kind;
  }
}

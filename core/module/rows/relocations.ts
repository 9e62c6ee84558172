/** The inspector's list of relocations: each a place that the kernel writes to when it loads the module. */
import type { ListColumn, RelocationRow } from '#contract/module-rows.ts';
import type { RelocationTable } from '../elf/relocations.ts';
import type { SymbolTable } from '../elf/symbols.ts';
import type { RowSource } from './listing.ts';

/** Bytes of the field that are lit; most are of this size. */
const FIELD = 4;

export class RelocationRows implements RowSource<RelocationRow> {
  readonly count: number;
  readonly #tables: readonly { readonly table: RelocationTable; readonly first: number }[];
  readonly #symbols: SymbolTable;

  constructor(tables: readonly RelocationTable[], symbols: SymbolTable) {
    let count = 0;
    const placed = [];
    for (const table of tables) {
      placed.push({ table, first: count });
      count += table.count;
    }
    this.#tables = placed.filter(({ table }) => table.count > 0);
    this.#symbols = symbols;
    this.count = count;
  }

  /** The table that holds a relocation, and its number in there. */
  #find(id: number): { readonly table: RelocationTable; readonly index: number } {
    let [low, high] = [0, this.#tables.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#tables[middle]?.first ?? 0) <= id) low = middle + 1;
      else high = middle;
    }
    const found = this.#tables[low - 1];
    if (!found) throw new RangeError(`no relocation ${String(id)}`);
    return { table: found.table, index: id - found.first };
  }

  #symbolName(table: RelocationTable, index: number): string {
    const symbol = table.symbol(index);
    return symbol !== 0 && this.#symbols.has(symbol) ? this.#symbols.name(symbol) : '';
  }

  row(id: number): RelocationRow {
    const { table, index } = this.#find(id);
    const { at, offset, type, typeName, symbolName, addend } = table.at(index, this.#symbols);
    return {
      id,
      section: table.target?.name ?? '',
      at: `0x${BigInt(offset).toString(16)}`,
      type: typeName ?? String(type),
      symbol: symbolName ?? '',
      addend: addend === undefined ? '' : signed(BigInt(addend)),
      ...(at === undefined ? {} : { offset: at, size: FIELD }),
    };
  }

  key(id: number, column: ListColumn): number | string {
    const { table, index } = this.#find(id);
    switch (column) {
      case 'at':
        return table.offset(index);
      case 'type':
        return table.type(index);
      case 'symbol':
        return this.#symbolName(table, index);
      case 'addend':
        return table.addendNumber(index);
      default:
        return id;
    }
  }

  words(id: number): string {
    const { table, index } = this.#find(id);
    return this.#symbolName(table, index);
  }

  is(id: number, kind: string): boolean {
    return this.#find(id).table.target?.name === kind;
  }
}

function signed(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

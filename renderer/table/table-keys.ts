/** What keys mean in a table. */
import type { Combination } from '#contract/filter-term.ts';
import { HANDLE_KEYS } from '../filter/handles.ts';
import { moveOf, type Move } from './moves.ts';

/** copy: the selected rows · the others: filter by the cell. */
export type CellDeed = 'copy' | Combination;

/** open: go deeper · all: select all · menu: what can be done here. */
export type TableDeed = 'open' | 'all' | 'menu' | CellDeed;

export type TableKey = { readonly rows: Move } | { readonly across: 1 | -1 } | { readonly deed: TableDeed };

type Pressed = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

const DEEDS: Readonly<Record<string, TableDeed>> = {
  ContextMenu: 'menu',
  ...HANDLE_KEYS,
};

const WITH_CONTROL: Readonly<Record<string, TableDeed>> = { a: 'all', c: 'copy' };

/** @param whole - whether the table offers more than one row at a time; undefined where the key means nothing here */
export function tableKey(event: Pressed, whole: boolean): TableKey | undefined {
  const { key } = event;
  if (event.altKey) return undefined;
  if (key === 'Enter') return { deed: 'open' };
  const rows = moveOf(key);
  if (rows) return event.metaKey ? undefined : { rows };
  if (!whole) return undefined;
  if (event.ctrlKey || event.metaKey) {
    const deed = WITH_CONTROL[key.toLowerCase()];
    return deed && !event.shiftKey ? { deed } : undefined;
  }
  if (key === 'F10' && event.shiftKey) return { deed: 'menu' };
  if (key === 'ArrowRight') return { across: 1 };
  if (key === 'ArrowLeft') return { across: -1 };
  return Object.hasOwn(DEEDS, key) ? { deed: DEEDS[key] as TableDeed } : undefined;
}

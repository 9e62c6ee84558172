/** A symbol's row in the table: by its whole name, else by the longest beginning that a row names. */
import { GROUPS, type Group, type Row } from './table.ts';

export interface Known {
  readonly group: Group;
  readonly row: Row;
}

const NAMES = new Map<string, Known>();
const BEGINNINGS = new Map<string, Known>();

for (const group of GROUPS) {
  for (const row of group.rows) {
    for (const name of row.names.split(' ')) {
      const [map, key] = name.endsWith('*') ? [BEGINNINGS, name.slice(0, -1)] : [NAMES, name];
      if (!map.has(key)) map.set(key, { group, row });
    }
  }
}

/** How long beginnings are: longer ones say more. */
const LENGTHS = [...new Set([...BEGINNINGS.keys()].map((name) => name.length))].sort((a, b) => b - a);

/** Modules take much the same from the kernel: what was looked up for one of many is there for the next. */
const MOST_ASKED = 20_000;
const ASKED = new Map<string, Known | null>();

/** Undefined of a symbol that the table does not know. */
export function capabilityOf(symbol: string): Known | undefined {
  const asked = ASKED.get(symbol);
  if (asked !== undefined) return asked ?? undefined;
  const known = lookUp(symbol);
  if (ASKED.size < MOST_ASKED) ASKED.set(symbol, known ?? null);
  return known;
}

function lookUp(symbol: string): Known | undefined {
  const exact = NAMES.get(symbol);
  if (exact) return exact;
  for (const length of LENGTHS) {
    const known = length <= symbol.length ? BEGINNINGS.get(symbol.slice(0, length)) : undefined;
    if (known) return known;
  }
  return undefined;
}

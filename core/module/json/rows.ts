/** Long lists of parts that can be written as JSON without their rows being made. */
import { Beside } from '../beside.ts';
import type { JsonBytes } from './bytes.ts';

/** A list, row by row: what is written is what JSON.stringify makes of the part's `entries`. */
export interface JsonRows {
  readonly count: number;
  write(out: JsonBytes, index: number): void;
}

const KNOWN = new Beside<JsonRows>('rows');

/** Says how the `entries` of a part are written. */
export function withRows<T extends { readonly entries: readonly object[] }>(part: T, rows: JsonRows): T {
  KNOWN.set(part, rows);
  return part;
}

/** Undefined of a part whose entries are written as any other value. */
export const rowsOf = (part: object): JsonRows | undefined => KNOWN.get(part);

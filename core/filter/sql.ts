/**
 * SQL with what is bound to it. Conditions are put together from texts of this program only: a value that somebody typed
 * gets in by `bound`, which writes a question mark.
 */

import { EVERY, NONE, type IdColumn, type Scan } from './scan.ts';
import type { Probe, TextSource } from './text-test.ts';

export type Param = string | bigint | Buffer;

/** How else a condition on the first image that was read in a call can be asked. */
export interface OfReadings {
  /** The same of any row of image_fact. */
  readonly condition: Sql;
  /** What stands after FROM where only some calls are asked about, by reading.call_id. */
  readonly from: Sql;
}

export interface Sql {
  readonly text: string;
  /** In the order of the question marks. */
  readonly params: readonly Param[];
  /** Of a condition: the same over columns; absent where no column holds anything of it. */
  readonly scan?: Scan;
  /** Of a value: the column that holds it. */
  readonly column?: IdColumn;
  /** Of a text that is shown with blanks between and escapes, \xNN: its bytes, to look through before it is written out. */
  readonly raw?: Sql;
  /** Of a text: where it lies, if it is held in memory. */
  readonly source?: TextSource | 'process.exe';
  /** Of a condition on such a text alone: what it asks. */
  readonly probe?: Probe;
  /** Of a condition on the first image that was read in a call. */
  readonly reading?: OfReadings;
}

/** A template whose parts are conditions and expressions themselves. */
export function sql(strings: TemplateStringsArray, ...parts: readonly Sql[]): Sql {
  return {
    text: strings.reduce((text, piece, index) => text + (parts[index - 1]?.text ?? '') + piece),
    params: parts.flatMap(({ params }) => params),
  };
}

export const bound = (value: Param): Sql => ({ text: '?', params: [value] });

/** A text of this program as it stands. */
export const constant = (text: string): Sql => ({ text, params: [] });

export const TRUE: Sql = { ...constant('1'), scan: EVERY };
export const FALSE: Sql = { ...constant('0'), scan: NONE };

/** Between values, with commas. */
export function listed(parts: readonly Sql[]): Sql {
  return { text: parts.map(({ text }) => text).join(', '), params: parts.flatMap(({ params }) => params) };
}

/**
 * All or any of several conditions. Written as a tree of halves: SQLite bounds the depth of an expression, and a chain of
 * ANDs is as deep as it is long.
 */
function joined(parts: readonly Sql[], word: 'AND' | 'OR', none: Sql): Sql {
  const [only] = parts;
  if (!only) return none;
  if (parts.length === 1) return only;
  const middle = parts.length >> 1;
  const [left, right] = [joined(parts.slice(0, middle), word, none), joined(parts.slice(middle), word, none)];
  return { text: `(${left.text} ${word} ${right.text})`, params: [...left.params, ...right.params] };
}

export const scanOf = (condition: Sql): Scan => condition.scan ?? { kind: 'sql', condition };

/** What several conditions come to over columns; absent where none of them is asked there. */
function scanned(parts: readonly Sql[], kind: 'and' | 'or'): Pick<Sql, 'scan'> {
  const isHeld = parts.some(({ scan }) => scan !== undefined);
  return isHeld && parts.length > 1 ? { scan: { kind, parts: parts.map(scanOf) } } : {};
}

export const all = (parts: readonly Sql[]): Sql => ({ ...joined(parts, 'AND', TRUE), ...scanned(parts, 'and') });
export const any = (parts: readonly Sql[]): Sql => ({ ...joined(parts, 'OR', FALSE), ...scanned(parts, 'or') });

/** Two-valued: true where the condition is false or has no answer. */
export const not = (part: Sql): Sql => ({
  ...sql`((${part}) IS NOT TRUE)`,
  ...(part.scan ? { scan: { kind: 'not', part: part.scan } as const } : {}),
});

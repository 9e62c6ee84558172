/** What a field of the filter language is. */
import { FILTER_TABLES, type FilterTable } from '#contract/filter.ts';
import type { Lookup, Place } from './places.ts';
import type { Sql } from './sql.ts';

/**
 * text: compared letter for letter · word: one of a closed list · errno: a return value by the error's name · set: several
 * of a closed list, kept as bits · flags, mode: bits compared as a whole · address and unsigned: 64 bits without a sign ·
 * digest: a SHA-256.
 */
export type FieldType =
  | 'text'
  | 'word'
  | 'errno'
  | 'set'
  | 'flags'
  | 'mode'
  | 'integer'
  | 'unsigned'
  | 'size'
  | 'duration'
  | 'time'
  | 'address'
  | 'digest'
  | 'boolean';

/** How much it costs to look: a column of the row, another table, a question to the judge. */
export type Cost = 0 | 1 | 2;

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly meaning: string;
  readonly tables: readonly FilterTable[];
  /** A row can have several values. */
  readonly many: boolean;
  readonly cost: Cost;
  readonly where: Place;
  /** The value is a column of the row, which may have an index. */
  readonly column: boolean;
  /** word and set: what a value can be. */
  readonly words: readonly string[];
  /** set: further names that a value can have, too many to propose them. */
  readonly furtherWords?: readonly string[];
  /** word: instead of `where`, for some of the words; outermost: it may be found by an index. */
  readonly whereWords?: (words: readonly string[], outermost: boolean, by: Lookup) => Sql;
  /** flags and set: the bits by name, and further names of the same bits. */
  readonly bits?: ReadonlyMap<string, bigint>;
}

export interface More extends Partial<
  Pick<Field, 'column' | 'tables' | 'many' | 'words' | 'furtherWords' | 'whereWords' | 'bits'>
> {
  readonly cost?: Cost;
}

/** A field that both tables have, of another table, with one value, unless more is said. */
export const field = (name: string, type: FieldType, where: Place, meaning: string, more: More = {}): Field => ({
  ...{ name, type, meaning, where },
  ...{ tables: FILTER_TABLES, many: false, column: false, words: [], cost: 1 as Cost },
  ...more,
});

/** What a table shows: its columns, and rows as a store offers them. */
import type { RowColour } from '#contract/row-colours.ts';
import type { Handle } from '../filter/handles.ts';

/** One column of a table. */
export interface Column<Name extends string> {
  readonly name: Name;
  readonly heading: string;
  /** A CSS grid track. */
  readonly width: string;
  readonly mono?: boolean;
  /** Cuts at the beginning: the end of a path says more. */
  readonly keepsEnd?: boolean;
  /** What it holds, where the heading alone does not say it. */
  readonly about?: string;
  /** Rows cannot be sorted by it. */
  readonly unsorted?: boolean;
  /** Not shown until it is chosen. */
  readonly hidden?: boolean;
}

/** A column whose cells are also texts, for other programs. */
export interface TextColumn<Row, Name extends string> extends Column<Name> {
  /** Empty where nothing was recorded. */
  text(row: Row): string;
  /** The value, to filter by; undefined where there is none. */
  handle?(row: Row): Handle | undefined;
}

/** The rows of a table, sorted, fetched as they come into sight. */
export interface TableRows<Row, Name extends string> {
  readonly sort: Name;
  readonly descending: boolean;
  /** Whether the rows stand as they were recorded, so that new ones come at the end. */
  readonly natural: boolean;
  /** Rows in all; undefined while that is not known. */
  readonly total: number | undefined;
  /** Undefined while it is not there yet. */
  row(index: number): Row | undefined;
  /**
   * Makes sure that these rows come, both ends included.
   * @param follows whether they are wanted as the last ones, wherever these lie when there are more
   */
  want(first: number, last: number, follows: boolean): void;
  sortBy(column: Name): void;
}

/** The colour of a row, and why it has it. */
export interface Tint {
  readonly colour: RowColour;
  readonly name: string;
}

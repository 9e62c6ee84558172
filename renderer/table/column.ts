/** What a table shows: its columns, and rows as a store offers them. */

/** One column of a table. */
export interface Column<Name extends string> {
  readonly name: Name;
  readonly heading: string;
  /** A CSS grid track. */
  readonly width: string;
  readonly mono?: boolean;
  /** Cuts at the beginning: the end of a path says more. */
  readonly keepsEnd?: boolean;
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
  /** Makes sure that these rows come, both ends included. */
  want(first: number, last: number): void;
  sortBy(column: Name): void;
}

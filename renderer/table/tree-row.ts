/** What a tree's table needs to know of a row. */
export interface TreeRow {
  readonly id: number;
  /** Absent of the outermost ones. */
  readonly parent?: number;
  /** From 1. */
  readonly level: number;
  /** Among its siblings, from 1. */
  readonly place: number;
  readonly siblings: number;
  /** Rows directly under it. */
  readonly children: number;
  readonly open: boolean;
}

/** What a table tells of a tree's row to those who do not see it. */
export interface Branch {
  readonly level: number;
  /** Undefined where nothing is under it. */
  readonly open: boolean | undefined;
  /** Undefined while only some of its siblings are shown. */
  readonly place: number | undefined;
  readonly siblings: number | undefined;
}

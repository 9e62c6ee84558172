/** The seal over a capture's rows (docs/seal.md), and what walking it found. */

/** What is seen without walking it; part of `info`. */
export interface SealSummary {
  /** none: this capture carries no seal. */
  readonly state: 'none' | 'present';
  readonly commits: number;
  /** Whether the capture names a key that signs its commits. */
  readonly signed: boolean;
}

/** The first row, in the order of the commits, that the seal does not fit. */
export interface WrongRow {
  readonly table: string;
  /** The row's key, its first column. */
  readonly key: number | string;
  readonly what: 'changed' | 'missing' | 'inserted' | 'order' | 'seal';
}

/**
 * holds: every row is as it was sealed · broken: one is not · unfinished: every row is as it was sealed up to the last
 * commit of a recorder that did not finish · none: nothing to walk.
 */
export interface SealVerdict {
  readonly state: 'holds' | 'broken' | 'unfinished' | 'none';
  /** Commits and rows that were walked and fit. */
  readonly commits: number;
  readonly rows: number;
  /** Digest of the last commit that fits, in hexadecimal. */
  readonly head?: string;
  /** unchecked: signed, and neither the capture's own key nor a given one could be used. */
  readonly signed: 'no' | 'valid' | 'invalid' | 'unchecked';
  readonly firstWrong?: WrongRow;
  /** All of it in one or two sentences for people. */
  readonly text: string;
}

/** How far a walk has come. */
export interface SealProgress {
  readonly rows: number;
  readonly allRows: number;
  /** Since the walk began. */
  readonly seconds: number;
}

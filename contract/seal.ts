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
  /**
   * valid: by the key that was given · invalid: by another one, or wrongly · unchecked: by the key that the capture
   * names, which proves nothing as long as nobody says whose it is.
   */
  readonly signed: 'no' | 'valid' | 'invalid' | 'unchecked';
  /** The public key that the capture names, in hexadecimal. */
  readonly key?: string;
  /** broken only; absent where the file itself is damaged. */
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

/** What one step of a walk came to: further steps are needed, or the verdict. */
export type VerifyStep = { readonly progress: SealProgress } | { readonly verdict: SealVerdict };

/** How the image that is shown and another one differ: what the inspector shows of a ModuleDiff, a page at a time. */
import type { DiffSide } from './diff.ts';
import type { Problem, Range } from './inspect.ts';

/** What can differ, in the order in which it is told. */
export const DIFFERENCE_GROUPS = [
  'signature',
  'modinfo',
  'parameters',
  'imports',
  'exports',
  'functions',
  'sections',
  'strings',
  'bytes',
] as const;
export type DifferenceGroup = (typeof DIFFERENCE_GROUPS)[number];

/** What rows can be sorted by; the first is their natural order. */
export const DIFFERENCE_COLUMNS = ['group', 'name', 'side'] as const;
export type DifferenceColumn = (typeof DIFFERENCE_COLUMNS)[number];

/** How far a comparison has come: it goes on when it is asked again, and is given up by not asking. */
export type CompareStep = { readonly done: number } | { readonly comparison: Comparison };

export interface Comparison {
  /** The image that is shown, and the one that it is held against. */
  readonly here: DiffSide;
  readonly there: DiffSide;
  /** Whether both unpacked images are the same, bit for bit. */
  readonly identical: boolean;
  /** Rows of each group. */
  readonly counts: Readonly<Record<DifferenceGroup, number>>;
  /** Functions that mean the same in both. */
  readonly sameFunctions: number;
  /** Bytes that differ at the same offset, or that only one has. */
  readonly differentBytes: number;
  /** Whether there are more stretches of bytes than rows. */
  readonly moreBytes: boolean;
  readonly problems: readonly Problem[];
}

export interface DifferenceRow {
  /** Its number in the natural order. */
  readonly id: number;
  readonly group: DifferenceGroup;
  /** here: only the image that is shown has it · there: only the other · both: it differs. */
  readonly side: 'here' | 'there' | 'both';
  readonly name: string;
  /** The value in each, where it is another than the name. */
  readonly here?: string;
  readonly there?: string;
  /** What it means: what an import gives the module. */
  readonly remark?: string;
  /** Its bytes in each; of a function that differs, from where it does. */
  readonly hereRange?: Range;
  readonly thereRange?: Range;
}

export interface DifferencesRequest {
  readonly sort: DifferenceColumn;
  readonly descending: boolean;
  /** Only rows in which this text occurs, in upper or lower case. */
  readonly filter?: string;
  readonly only?: DifferenceGroup;
  readonly start: number;
  /** 1 to 1000. */
  readonly limit: number;
}

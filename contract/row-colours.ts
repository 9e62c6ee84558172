/** Rules that colour the rows of tables. */

export const ROW_COLOURS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;
export type RowColour = (typeof ROW_COLOURS)[number];

/** Rows that a filter keeps have a colour; of several rules the first that fits. */
export interface ColourRule {
  readonly name: string;
  /** A text of the filter language; one that is none colours nothing. */
  readonly filter: string;
  readonly colour: RowColour;
  readonly on: boolean;
}

/** Rules at most. */
export const MOST_RULES = 32;

/** What is coloured before anybody has said so. */
export const FIRST_RULES: readonly ColourRule[] = [
  { name: 'facts that contradict each other', filter: 'has contradiction', colour: 'purple', on: true },
  { name: 'from a file that is gone', filter: 'file.deleted == true', colour: 'red', on: true },
  {
    name: 'from memory, or a file in memory',
    filter: 'kind == init_module or file.fs == tmpfs or file.path contains "memfd:"',
    colour: 'orange',
    on: true,
  },
];

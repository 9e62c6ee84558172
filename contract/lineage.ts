/** The processes that led to the attempts, as the tree that the kernel had them in. */
import type { Interval } from './page.ts';
import type { Wide } from './wide.ts';

/** Processes whose state differs from how they are shown at first, at most. */
export const MOST_TOGGLED = 20_000;

/** Which rows of the tree are in sight. */
export interface LineageView {
  /**
   * Rows that are open where they would be closed, or the other way round. At first the outermost ones are open; while a
   * text is looked for, all that lead to a process in which it occurs.
   */
  readonly toggled: readonly number[];
  /** True where all are open, whatever else is said. */
  readonly everything?: boolean;
  /** Only processes in which this text occurs (program, path or number), with what led to them and came of them. */
  readonly text?: string;
  /** Only attempts of that stretch of boot time are counted; all where absent. */
  readonly within?: Interval;
}

export interface LineageRequest extends LineageView {
  readonly start: number;
  /** 1 to 1000. */
  readonly limit: number;
}

export interface LineageRow {
  /** Of the process in the tree, for as long as the capture is open. */
  readonly id: number;
  /** Row of its parent; absent of the outermost ones. */
  readonly parent?: number;
  /** 1 for the outermost ones. */
  readonly level: number;
  /** Place among its siblings, from 1, and how many they are. */
  readonly place: number;
  readonly siblings: number;
  /** Processes under it that are shown once it is open. */
  readonly children: number;
  readonly open: boolean;
  /** False where it is shown only for what lies above or under it. */
  readonly matches: boolean;
  /** Absent of the row for attempts whose process is not recorded. */
  readonly pid?: number;
  /** True where another process had the same number: only number and start name it. */
  readonly reused?: true;
  /** RFC 3339 and boot time of its start. */
  readonly startTime?: string;
  readonly startNs?: Wide;
  /** Its last name. */
  readonly comm?: string;
  /** Names that it had before, when it ran other programs. */
  readonly earlier?: readonly string[];
  /** The program's path, where it called itself. */
  readonly exe?: string;
  readonly uid?: number;
  /** True where the recorder did not keep all of its parents. */
  readonly cut?: boolean;
  /** Attempts by verdict, in the order of VERDICTS: its own, and all of the tree under it with its own. */
  readonly own: readonly number[];
  readonly tree: readonly number[];
  /** Of the attempts of its tree: RFC 3339 and boot time. */
  readonly firstTime: string;
  readonly lastTime: string;
  readonly firstNs: Wide;
  readonly lastNs: Wide;
}

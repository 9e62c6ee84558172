/** What the timeline draws for one span: at most one mark a column and verdict, with counts where several fall together. */
import type { Verdict } from './attempt.ts';
import type { Wide } from './wide.ts';

export interface TimelineRequest {
  readonly fromNs: Wide;
  readonly toNs: Wide;
  /** Width in columns; one drawn mark a column at most. 1 to 16384. */
  readonly columns: number;
}

export interface TimelineMark {
  /** Moment of the first attempt that falls on this mark. */
  readonly ns: Wide;
  readonly verdict: Verdict;
  readonly count: number;
  /** The first attempt's call. */
  readonly callId: number;
  readonly label?: string;
}

/** Identical failing calls that the kernel counted together. Neighbours that a column cannot tell apart are one. */
export interface TimelineRepeat {
  /** Of the first and of the last of them. */
  readonly fromNs: Wide;
  readonly toNs: Wide;
  /** All of them. */
  readonly count: number;
  readonly verdict: Verdict;
  /** The first row's call. */
  readonly callId: number;
}

export interface TimelineLifetime {
  readonly module: string;
  readonly fromNs: Wide;
  /** Absent while live at the end of the capture. */
  readonly toNs?: Wide;
  /** Loaded before the recording began; `fromNs` is that beginning. */
  readonly before?: true;
  /** The attempt that loaded it. */
  readonly callId?: number;
  /** Whether init failed: the code was in the kernel from accept to free. */
  readonly verdict: Verdict;
}

export interface TimelineLoss {
  readonly seq: number;
  readonly fromNs: Wide;
  readonly toNs: Wide;
  readonly lost: number;
}

export interface TimelineClockStep {
  readonly seq: number;
  readonly ns: Wide;
  /** Wall time minus what the sample before predicted. */
  readonly stepNs: Wide;
}

/** Events that were not read yet: what they are is not known, only how many there are about. */
export interface TimelineUnread {
  readonly fromNs: Wide;
  readonly toNs: Wide;
  readonly count: number;
}

export interface Timeline {
  readonly marks: readonly TimelineMark[];
  readonly repeats: readonly TimelineRepeat[];
  /** One lane a module, in order of first appearance. */
  readonly lifetimes: readonly TimelineLifetime[];
  readonly losses: readonly TimelineLoss[];
  readonly clockSteps: readonly TimelineClockStep[];
  /** While the capture is being read. */
  readonly unread?: readonly TimelineUnread[];
}

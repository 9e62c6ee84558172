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
  /** The first attempt's event and call. */
  readonly seq: number;
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
  /** The first row's event and call. */
  readonly seq: number;
  readonly callId: number;
}

export interface TimelineLifetime {
  readonly module: string;
  readonly fromNs: Wide;
  /** Absent while live at the end of the capture. */
  readonly toNs?: Wide;
  /** Loaded before the recording began; `fromNs` is that beginning. */
  readonly before?: true;
  /** The event of its load; absent where that is not recorded. */
  readonly seq?: number;
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

/** Attempts of one caller that a column cannot tell apart. */
export interface TimelineStretch {
  readonly fromNs: Wide;
  readonly toNs: Wide;
  readonly count: number;
  /** The first one's event and call. */
  readonly seq: number;
  readonly callId: number;
}

export interface TimelineProcess {
  /** The name that the kernel has for the process; several processes may have the same. */
  readonly comm: string;
  /** Attempts in the span. */
  readonly count: number;
  readonly stretches: readonly TimelineStretch[];
}

/** Who made the attempts of a span. */
export interface TimelineProcesses {
  /** The busiest first, 12 at most. */
  readonly lanes: readonly TimelineProcess[];
  /** Names beyond those, and their attempts. */
  readonly others: number;
  readonly otherCalls: number;
}

/**
 * Longer than the recorder goes without reading the clocks, and no event in between: the machine was asleep, or the
 * recorder did not run. Boot time goes on in sleep, so the clocks themselves do not tell which.
 */
export interface TimelineSilence {
  /** The sample that ended it. */
  readonly seq: number;
  readonly fromNs: Wide;
  readonly toNs: Wide;
}

export interface Timeline {
  readonly marks: readonly TimelineMark[];
  readonly repeats: readonly TimelineRepeat[];
  /** One lane a module, in order of first appearance. */
  readonly lifetimes: readonly TimelineLifetime[];
  /** There are more than are told. */
  readonly moreLifetimes?: true;
  readonly losses: readonly TimelineLoss[];
  readonly clockSteps: readonly TimelineClockStep[];
  readonly silences: readonly TimelineSilence[];
  /** Absent where the span holds too many attempts to look each up. */
  readonly processes?: TimelineProcesses;
  /** While the capture is being read. */
  readonly unread?: readonly TimelineUnread[];
}

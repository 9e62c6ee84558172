/** What is open in the window, kept so that it can be opened again. Main holds the files' paths; the page knows ids. */
import type { Opened } from './api.ts';
import type { Failure } from './result.ts';

/** Tabs that are remembered at most. */
export const MOST_TABS = 64;

/** Characters of a place at most. */
export const MOST_PLACE = 16_384;

/**
 * When what was open the last time is opened again by itself.
 * always · after-crash: where the app did not end by itself · ask: never by itself, the first window offers it · never: nothing is kept.
 */
export const SESSION_POLICIES = ['after-crash', 'always', 'ask', 'never'] as const;
export type SessionPolicy = (typeof SESSION_POLICIES)[number];

/** closed: there is no such tab · open: there is · shown: it is looked at. */
export const TOGETHER_STATES = ['closed', 'open', 'shown'] as const;
export type TogetherState = (typeof TOGETHER_STATES)[number];

export interface SessionState {
  readonly tabs: readonly {
    /** Of the capture or the module. */
    readonly id: string;
    /** JSON that the page alone understands; empty where there is none. */
    readonly place: string;
  }[];
  /** Index of the tab that is looked at, or was before all together; -1 where none is. */
  readonly active: number;
  readonly together: TogetherState;
}

/** Tabs that are open again. */
export interface Reopened extends Omit<SessionState, 'tabs'> {
  readonly tabs: readonly { readonly opened: Opened; readonly place: string }[];
  /** One for each that could not be opened. */
  readonly problems: readonly Failure[];
}

/** What a page finds when it starts. */
export interface SessionStart {
  /** What is open already, or again. */
  readonly open?: Reopened;
  /** Whether the app, or the page, had ended unexpectedly; said where `open` was opened again for that reason. */
  readonly crashed?: true;
  /** What was open the last time and is not now: names, for the offer. */
  readonly last?: readonly string[];
}

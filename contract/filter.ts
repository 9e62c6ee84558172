/** What crosses of the filter language: what is wrong with a text, how its parts are drawn, what can stand at a place. */

/** Longest text of a filter, in UTF-16 code units. */
export const MOST_FILTER = 10_000;

/** Filters that are remembered at most. */
export const MOST_FILTERS = 40;

/** A filter chooses rows of one of these. */
export const FILTER_TABLES = ['attempts', 'events'] as const;
export type FilterTable = (typeof FILTER_TABLES)[number];

/** One thing that is wrong. Places count UTF-16 code units, as a text field's selection does. */
export interface FilterProblem {
  /** Counted from 1. */
  readonly column: number;
  /** 0 where something is missing at that column. */
  readonly length: number;
  /** A sentence. */
  readonly message: string;
  /** What could stand there, in words or as it is written. */
  readonly expected: readonly string[];
  /** Text to put in the place of that stretch. */
  readonly suggestion?: string;
}

/** A stretch of the text, `to` excluded, counted from 0. */
export interface FilterToken {
  readonly from: number;
  readonly to: number;
  readonly kind: 'field' | 'operator' | 'keyword' | 'value' | 'word' | 'bracket' | 'wrong';
}

export interface FilterReading {
  readonly tokens: readonly FilterToken[];
  /** Empty where the text is a filter. */
  readonly problems: readonly FilterProblem[];
}

export interface FilterCompletion {
  /** As it is written into the text. */
  readonly text: string;
  readonly kind: 'field' | 'operator' | 'value' | 'keyword';
  /** What it means, or what it is compared with. */
  readonly detail?: string;
}

/** What can stand at the caret, in place of `from` to `to` (excluded), the likeliest first. */
export interface FilterCompletions {
  readonly from: number;
  readonly to: number;
  readonly items: readonly FilterCompletion[];
}

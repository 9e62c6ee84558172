/** A way of looking at a capture under a name: view, filter, order, columns and interval. It fits any capture. */
import type { TableLayout } from './api.ts';
import type { Wide } from './wide.ts';

export interface ViewKept {
  readonly name: string;
  readonly view: string;
  /** Of the table that the view shows; absent where it shows none. */
  readonly filter?: string;
  readonly sort?: string;
  readonly descending?: boolean;
  readonly layout?: TableLayout;
  /** Boot time in nanoseconds. */
  readonly interval?: { readonly fromNs: Wide; readonly toNs: Wide };
}

/** Views that are kept at most. */
export const MOST_VIEWS = 200;
/** Characters of a view's name at most. */
export const MOST_VIEW_NAME = 100;

/** Expected failure as a value: a bug throws, everything a user can cause is a Result. */

/** Closed list of failure codes; each has one meaning everywhere (command line, store, app). */
export const ERROR_CODES = [
  'not-found', // nothing at that path
  'is-directory',
  'not-readable', // permission or input/output error
  'not-writable', // the same where something was to be saved, or no room
  'empty-file',
  'not-a-database', // not SQLite at all
  'not-a-capture', // SQLite, but another application's
  'not-a-module', // an image that is no ELF file
  'newer-format', // a capture, of a version this reader does not know
  'older-format', // a capture, of a version that is not read any more
  'damaged', // a capture, cut or corrupt
  'foreign-schema', // a capture with tables, views, triggers or columns that do not belong there
  'no-such-row', // a seq, callId or handle that does not exist
  'bad-filter', // a filter that cannot be read; the message names the column
  'bad-request', // arguments that do not fit the verb
  'collector-missing', // the recorder's program is not built or not installed
  'collector-failed', // the recorder could not start or stopped with an error
  'not-authorised', // elevation was refused
  'dismissed', // the user called it off: the elevation dialog, or what took long
  'already-exists', // the output is there already
  'busy', // a recording is already running
  'store-gone', // the store process ended while it was asked
  'unexpected', // a defect: the text says so
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One clear sentence for people; `detail` is for copying into a report. */
export interface Failure {
  readonly code: ErrorCode;
  /** What is wrong, where, and what to do. No stack traces. */
  readonly message: string;
  readonly detail?: string;
  /** The capture that is not open any more. */
  readonly closed?: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const fail = (code: ErrorCode, message: string, detail?: string): Result<never> => ({
  ok: false,
  error: detail === undefined ? { code, message } : { code, message, detail },
});

/** The answer where a capture was closed. Who asked before that was known is told nothing. */
export const notOpen = (capture: string): Result<never> => ({
  ok: false,
  error: { code: 'no-such-row', message: 'this capture is not open any more', closed: capture },
});

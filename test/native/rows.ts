/** What a capture of the recorder's says, read straight from its tables. */
import Database from 'better-sqlite3';

function ask<T>(path: string, sql: string): T[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare<[], T>(sql).all();
  } finally {
    database.close();
  }
}

export interface Stop {
  readonly reason: string;
  readonly detail: string | null;
  readonly stopped_boot_ns: number;
}

export const stopOf = (path: string): Stop | undefined => ask<Stop>(path, 'SELECT * FROM capture_stop')[0];

/** "delete" once it is one finished file, "wal" before. */
export const journalOf = (path: string): string =>
  ask<{ journal_mode: string }>(path, 'PRAGMA journal_mode')[0]?.journal_mode ?? '';

/** Calls with a row of their own, and those that rows stand for. */
export const callsIn = (path: string): number =>
  ask<{ calls: number }>(
    path,
    `SELECT coalesce(sum(repeat), 0) AS calls FROM event
     WHERE kind IN ('finit_module', 'init_module', 'delete_module')`,
  )[0]?.calls ?? 0;

/** The same over the parts of one recording: a call that was open at a turn is in two of them, with one call id. */
export function callsInParts(paths: readonly string[]): number {
  const calls = new Map<number, number>();
  for (const path of paths) {
    const rows = ask<{ id: number; calls: number }>(
      path,
      `SELECT call_id AS id, repeat AS calls FROM event
       WHERE kind IN ('finit_module', 'init_module', 'delete_module')`,
    );
    for (const row of rows) calls.set(row.id, row.calls);
  }
  return [...calls.values()].reduce((a, b) => a + b, 0);
}

/** What was lost, by source. */
export const lossesIn = (path: string): Record<string, number> =>
  Object.fromEntries(
    ask<{ source: string; lost: number }>(path, 'SELECT source, sum(lost) AS lost FROM loss_fact GROUP BY source').map(
      ({ source, lost }) => [source, lost],
    ),
  );

/** Parameters of the calls, as they were read at entry. */
export const textsIn = (path: string): Set<string> =>
  new Set(
    ask<{ text: string }>(path, "SELECT bytes AS text FROM argument_text WHERE phase = 'entry'").map(
      ({ text }) => text,
    ),
  );

export interface CaptureRow {
  readonly uuid: string;
  readonly part: number;
  readonly previous_uuid: string | null;
  readonly previous_digest: Buffer | null;
  readonly signing_key: Buffer | null;
}

export const captureRowOf = (path: string): CaptureRow | undefined => ask<CaptureRow>(path, 'SELECT * FROM capture')[0];

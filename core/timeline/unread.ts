/** Where the events lie that were not read yet: how many between moments, from the index on time alone. */
import type { TimelineUnread } from '#contract/timeline.ts';
import { toWide } from '#contract/wide.ts';
import type Database from 'better-sqlite3';
import type { Bounds } from '../capture/interval.ts';

/** Stretches at most; each costs one look into the index. */
const MOST = 128;

/** How long looking goes on for one answer, in milliseconds: on a cold disk each look is a read. */
const LOOK_MS = 40;

export class Unread {
  readonly #firstFrom: Database.Statement<[bigint], bigint>;
  /** By moment: number of the first event at it or later. */
  readonly #known = new Map<bigint, number>();
  #mark = '';

  constructor(database: Database.Database) {
    this.#firstFrom = database
      .prepare<[bigint], bigint>('SELECT seq FROM event WHERE ns >= ? ORDER BY ns, seq LIMIT 1')
      .pluck();
  }

  /**
   * Events by stretches of a span. They are recorded nearly in order of time, so that a difference of numbers is a count
   * that is right but for a few at the edges.
   * @param read number of the last event that was read
   * @param last number of the last event there is
   */
  within({ from, to }: Bounds, columns: number, read: number, last: number): TimelineUnread[] {
    const stretches = BigInt(Math.max(1, Math.min(columns, MOST)));
    const mark = `${String(from)} ${String(to)} ${String(stretches)} ${String(last)}`;
    if (mark !== this.#mark) this.#known.clear();
    this.#mark = mark;
    const end = performance.now() + LOOK_MS;
    const found: TimelineUnread[] = [];
    let before: { readonly ns: bigint; readonly seq: number } | undefined;
    for (let at = 0n; at <= stretches; at++) {
      const ns = from + ((to - from) * at) / stretches;
      const seq = this.#known.get(ns) ?? (performance.now() < end ? this.#look(ns, last) : undefined);
      if (seq === undefined) continue;
      const count = before ? seq - Math.max(before.seq, read + 1) : 0;
      if (before && count > 0) found.push({ fromNs: toWide(before.ns), toNs: toWide(ns), count });
      before = { ns, seq };
    }
    return found;
  }

  #look(ns: bigint, last: number): number {
    const seq = Number(this.#firstFrom.get(ns) ?? BigInt(last) + 1n);
    this.#known.set(ns, seq);
    return seq;
  }
}

/** Events in the order of time, read from the index of moments alone, some thousands at a time. */
import type Database from 'better-sqlite3';
import { LEAST_INTEGER, MOST_INTEGER } from '../capture/integers.ts';

/** Events that are read at a stretch. */
const STRETCH = 1 << 16;

/**
 * Numbers of the events between two moments, both included; those of one moment in the order of their numbers.
 * @param descending the other way round
 */
export function* walkByTime(
  database: Database.Database,
  [from, to]: readonly [from: bigint, to: bigint],
  descending: boolean,
): Generator<readonly number[]> {
  const [turn, beyond, within] = descending ? ['DESC', '<', '>='] : ['', '>', '<='];
  const statement = database
    .prepare<[bigint, number | bigint, bigint], number>(
      `SELECT seq FROM event WHERE (ns, seq) ${beyond} (?, ?) AND ns ${within} ?
       ORDER BY ns ${turn}, seq ${turn} LIMIT ${String(STRETCH)}`,
    )
    .pluck()
    .safeIntegers(false);
  const moment = database.prepare<[number], bigint>('SELECT ns FROM event WHERE seq = ?').pluck();
  const [begin, end] = descending ? ([[to, MOST_INTEGER], from] as const) : ([[from, LEAST_INTEGER], to] as const);
  for (let last: readonly [bigint, number | bigint] = begin; ;) {
    const seqs = statement.all(...last, end);
    yield seqs;
    const seq = seqs.at(-1);
    const ns = seq === undefined ? undefined : moment.get(seq);
    if (seq === undefined || ns === undefined || seqs.length < STRETCH) return;
    last = [ns, seq];
  }
}

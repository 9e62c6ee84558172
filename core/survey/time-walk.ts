/** Events in the order of time, read from the index of moments alone, some thousands at a time. */
import type Database from 'better-sqlite3';

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
  const ordered = `ORDER BY ns ${turn}, seq ${turn} LIMIT ${String(STRETCH)}`;
  const begin = database
    .prepare<[bigint, bigint], number>(`SELECT seq FROM event WHERE ns BETWEEN ? AND ? ${ordered}`)
    .pluck()
    .safeIntegers(false);
  const goOn = database
    .prepare<[bigint, number, bigint], number>(
      `SELECT seq FROM event WHERE (ns, seq) ${beyond} (?, ?) AND ns ${within} ? ${ordered}`,
    )
    .pluck()
    .safeIntegers(false);
  const moment = database.prepare<[number], bigint>('SELECT ns FROM event WHERE seq = ?').pluck();
  for (let seqs = begin.all(from, to); ;) {
    yield seqs;
    const last = seqs.at(-1);
    const ns = last === undefined ? undefined : moment.get(last);
    if (last === undefined || ns === undefined || seqs.length < STRETCH) return;
    seqs = goOn.all(ns, last, descending ? from : to);
  }
}

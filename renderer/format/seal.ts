/** The seal in words. */
import type { SealProgress, SealSummary, SealVerdict, WrongRow } from '#contract/seal.ts';
import { count, duration, plural } from './numbers.ts';

/** "present, 1,234 commits, signed" */
export function sealWords({ state, commits, signed }: SealSummary): string {
  if (state === 'none') return 'this capture carries none';
  return `present, ${plural(commits, 'commit')}${signed ? ', signed' : ''}`;
}

/** In a few letters, for the status line. */
export const SEAL_STATES: Readonly<Record<SealVerdict['state'], string>> = {
  holds: 'seal holds',
  broken: 'seal broken',
  unfinished: 'seal holds up to the last commit',
  none: 'no seal',
};

const WHAT: Readonly<Record<WrongRow['what'], string>> = {
  changed: 'was changed',
  missing: 'is missing',
  inserted: 'was put in',
  order: 'is not in its place',
  seal: 'does not fit',
};

/** "row 17 of table event was changed" */
export const wrongRowWords = ({ table, key, what }: WrongRow): string =>
  `row ${String(key)} of table ${table} ${WHAT[what]}`;

/** 0 to 1; undefined before it is known how many rows there are. */
export const partOf = ({ rows, allRows }: SealProgress): number | undefined =>
  allRows > 0 ? Math.min(rows / allRows, 1) : undefined;

/** "1,234 of 10,000 rows, 52,000 rows/s, 3 s left" */
export function progressWords(progress: SealProgress): string {
  const { rows, allRows, seconds } = progress;
  if (allRows === 0) return 'opening the file';
  const done = `${count(rows)} of ${plural(allRows, 'row')}`;
  if (seconds <= 0 || rows === 0) return done;
  const rate = rows / seconds;
  const left = Math.max(allRows - rows, 0) / rate;
  return `${done}, ${count(Math.round(rate))} rows/s, ${left < 1 ? 'nearly done' : `${duration(Math.round(left) * 1e9)} left`}`;
}

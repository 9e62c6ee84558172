/** Which of several filters keeps a row: for the few rows that somebody looks at. */
import type { FilterTable } from '#contract/filter.ts';
import type Database from 'better-sqlite3';
import { CaptureError } from '../capture/failure.ts';
import type { Filters, Where } from './filters.ts';

/** A text that is no filter keeps nothing. */
function conditionOf(filters: Filters, text: string, table: FilterTable): Where | undefined {
  try {
    return filters.where(text, table, 'row');
  } catch (error) {
    if (error instanceof CaptureError && error.failure.code === 'bad-filter') return undefined;
    throw error;
  }
}

/** For each row the index of the first filter that keeps it; -1 where none does. */
export function firstMatches(
  database: Database.Database,
  filters: Filters,
  table: FilterTable,
  texts: readonly string[],
  seqs: readonly number[],
): number[] {
  const found = new Map<number, number>();
  for (const [index, text] of texts.entries()) {
    const left = seqs.filter((seq) => !found.has(seq));
    const condition = left.length === 0 ? undefined : conditionOf(filters, text, table);
    if (!condition) continue;
    const marks = left.map(() => '?').join(', ');
    const kept = database
      .prepare<unknown[], bigint>(`SELECT event.seq FROM event WHERE event.seq IN (${marks}) AND (${condition.where})`)
      .pluck()
      .all(...left.map(BigInt), ...condition.params);
    for (const seq of kept) found.set(Number(seq), index);
  }
  return seqs.map((seq) => found.get(seq) ?? -1);
}

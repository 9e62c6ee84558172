/** Where a filter stands between being typed and having been applied. */
import type { Progress } from '#contract/page.ts';
import type { ReadFilter } from '../stores/filters.ts';

/** changed: it could be applied · running: rows are still being looked for. */
export type FilterState = 'empty' | 'invalid' | 'changed' | 'running' | 'applied';

export function stateOf(
  text: string,
  reading: ReadFilter,
  rows: { readonly filter: string; readonly total: number | undefined; readonly progress: Progress | undefined },
): FilterState {
  const typed = text.trim();
  if (reading.text === text && reading.problems.length > 0) return 'invalid';
  if (typed !== rows.filter) return 'changed';
  if (typed === '') return 'empty';
  return rows.total === undefined || rows.progress ? 'running' : 'applied';
}

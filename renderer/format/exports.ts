/** An export in words. */
import type { ExportProgress } from '#contract/row-export.ts';
import { count, duration, plural } from './numbers.ts';

/** 0 to 1; undefined before it is known how many rows there are. */
export const exportedPart = ({ done, of }: ExportProgress): number | undefined =>
  of > 0 ? Math.min(done / of, 1) : undefined;

/** "writing: 1,234 of 10,000 rows, 52,000 rows/s, 3 s left" */
export function exportWords({ phase, done, of, seconds }: ExportProgress): string {
  if (of === 0) return phase === 'reading' ? 'opening the file' : 'no row';
  const what = phase === 'reading' ? 'finding rows' : 'writing';
  const far = `${what}: ${count(done)} of ${plural(of, phase === 'reading' ? 'event' : 'row')}`;
  if (seconds < 0.2 || done === 0) return far;
  const rate = done / seconds;
  const left = Math.max(of - done, 0) / rate;
  const rest = left < 1 ? 'nearly done' : `${duration(Math.round(left) * 1e9)} left`;
  return `${far}, ${count(Math.round(rate))} ${phase === 'reading' ? 'events' : 'rows'}/s, ${rest}`;
}

/** Numbers, sizes and durations as people read them. */
import type { Wide } from '#contract/wide.ts';

const grouped = new Intl.NumberFormat('en-US');

/** "1,234,567" */
export function count(value: Wide): string {
  return grouped.format(typeof value === 'string' ? BigInt(value) : value);
}

/** "1 attempt", "41 attempts" */
export function plural(value: Wide, one: string, many = `${one}s`): string {
  return `${count(value)} ${Number(value) === 1 ? one : many}`;
}

/** "17,432 bytes", followed by a rounded size from a megabyte on. */
export function size(value: Wide): string {
  const bytes = Number(value);
  const exact = plural(value, 'byte');
  return bytes < 1024 * 1024 ? exact : `${exact} (${(bytes / 1024 / 1024).toFixed(1)} MiB)`;
}

/** "11.4 GiB": where nobody counts single bytes. */
export function roundSize(bytes: number): string {
  const unit = bytes < 1024 ** 3 ? 2 : bytes < 1024 ** 4 ? 3 : 4;
  return `${(bytes / 1024 ** unit).toFixed(1)} ${['', '', 'MiB', 'GiB', 'TiB'][unit] ?? ''}`;
}

/** A duration in nanoseconds with the unit that fits: "412 µs", "1.08 ms", "57.2 s", "12 min 5 s". */
export function duration(ns: number): string {
  const sign = ns < 0 ? '−' : '';
  const value = Math.abs(ns);
  // The limits are where the rounded number would need a digit more.
  if (value < 999.5) return `${sign}${String(Math.round(value))} ns`;
  if (value < 999.5e3) return `${sign}${threeDigits(value / 1e3)} µs`;
  if (value < 999.5e6) return `${sign}${threeDigits(value / 1e6)} ms`;
  if (value < 59.95e9) return `${sign}${threeDigits(value / 1e9)} s`;
  const seconds = Math.round(value / 1e9);
  if (seconds < 3600) return `${sign}${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${sign}${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
  return `${sign}${String(Math.floor(minutes / 1440))} d ${String(Math.floor((minutes % 1440) / 60))} h`;
}

function threeDigits(value: number): string {
  return value >= 99.95 ? String(Math.round(value)) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

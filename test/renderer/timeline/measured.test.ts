import { expect, test } from 'vitest';
import { toWide } from '#contract/wide.ts';
import { CaptureClock } from '../../../renderer/format/clock.ts';
import { intervalTerm, nanoseconds } from '../../../renderer/timeline/measured.ts';

test('what lies between two markers is told to the nanosecond, also long after boot', () => {
  expect(nanoseconds({ from: 999_999_999_990, to: 1_000_000_000_000 })).toBe('10 ns');
});

test('an interval is a condition on wall time to the nanosecond, also where boot was long ago', () => {
  const firstNs = toWide(10_000_000_000_000_000n);
  const wallNs = toWide(1_800_000_000_000_000_000n);
  const clock = new CaptureClock({ firstNs }, [{ ns: firstNs, wallNs }] as never);
  expect(intervalTerm({ from: 3, to: 13 }, clock)).toBe(
    'time >= "2027-01-15T08:00:00.000000003Z" and time <= "2027-01-15T08:00:00.000000013Z"',
  );
});

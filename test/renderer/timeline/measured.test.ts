import { describe, expect, test } from 'vitest';
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
  expect(intervalTerm({ from: 3, to: 13 }, clock, firstNs)).toBe(
    'time >= "2027-01-15T08:00:00.000000003Z" and time <= "2027-01-15T08:00:00.000000013Z"',
  );
});

describe('where the clock was set back by 100 seconds, 300 seconds after the start', () => {
  const samples = [
    { ns: 5e9, wallNs: toWide(1_800_000_000_000_000_000n) },
    { ns: 305e9, wallNs: toWide(1_800_000_200_000_000_000n) },
  ];
  const clock = new CaptureClock({ firstNs: 4e9 }, samples as never);
  const termOf = (from: number, to: number): string => intervalTerm({ from: from * 1e9, to: to * 1e9 }, clock, 5e9);

  test('an interval across that, or of times that were shown twice, counts from the start', () => {
    expect(termOf(201, 401)).toBe('time >= "+200000000000ns" and time <= "+400000000000ns"');
    expect(termOf(211, 221)).toBe('time >= "+210000000000ns" and time <= "+220000000000ns"');
    expect(termOf(350, 360)).toContain('"+349000000000ns"');
    expect(termOf(0, 350)).toContain('"-1000000000ns"');
  });

  test('any other is of wall time', () => {
    expect(termOf(1, 101)).toContain('"2027-01-15T08:00:00.000000000Z"');
    expect(termOf(500, 501)).toContain('Z"');
  });
});

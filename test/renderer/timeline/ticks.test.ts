import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CaptureClock } from '../../../renderer/format/clock.ts';
import { ticks } from '../../../renderer/timeline/ticks.ts';
import { hugeLimits, limits, part, seen } from './arbitraries.ts';

/** 2026-11-23T09:00:00Z, as nanoseconds since 1970. */
const WALL = 1_795_424_400_000_000_000n;

const clockAt = (wall: bigint): CaptureClock =>
  new CaptureClock({ firstNs: 1_000_000_000 }, [{ ns: 1_000_000_000, wallNs: wall.toString() }]);

const clock = clockAt(WALL);
const labels = (from: number, to: number, wanted = 5): string[] =>
  ticks({ from, to }, clock, 'utc', wanted).map(({ label }) => label);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each(['UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu'])('in %s', (zone) => {
  test('ticks lie within the span, strictly increasing, about as many as wanted', () => {
    vi.stubEnv('TZ', zone);
    fc.assert(
      fc.property(
        limits,
        part,
        part,
        fc.constantFrom('utc' as const, 'local' as const),
        (whole, where, close, time) => {
          const span = seen(whole, where, close);
          const found = ticks(span, clock, time, 8);
          expect(found.length).toBeLessThan(8 * 4);
          for (const [index, tick] of found.entries()) {
            expect(tick.at).toBeGreaterThanOrEqual(span.from);
            expect(tick.at).toBeLessThanOrEqual(span.to);
            if (index > 0) expect(tick.at).toBeGreaterThan(found[index - 1]?.at ?? Infinity);
          }
        },
      ),
    );
  });
});

test('there are at least two ticks wherever one looks, with different labels', () => {
  fc.assert(
    fc.property(limits, part, part, (whole, where, close) => {
      const span = seen(whole, where, close);
      const found = ticks(span, clock, 'utc', 8);
      expect(found.length).toBeGreaterThanOrEqual(2);
      // A day later the same times come again, with a date at midnight between them.
      if (span.to - span.from < 86_400e9) expect(new Set(found.map(({ label }) => label)).size).toBe(found.length);
    }),
  );
});

test('a tick lies at the moment that its label names', () => {
  const second = 1e9;
  for (const [from, to] of [
    [0.25 * second, 1.5 * second],
    [-3 * second, 40 * second],
  ] as const) {
    for (const { at, label } of ticks({ from, to }, clock, 'utc', 6)) {
      const [hours, minutes, seconds] = label.split(':').map(Number);
      const sinceNine = ((hours ?? 0) - 9) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
      expect(sinceNine * second).toBeCloseTo(at, -1);
    }
  }
});

test('labels are as precise as the steps between them', () => {
  expect(labels(0, 100)).toEqual([
    ...['09:00:00.000000000', '09:00:00.000000020', '09:00:00.000000040'],
    ...['09:00:00.000000060', '09:00:00.000000080', '09:00:00.000000100'],
  ]);
  expect(labels(0, 20_000)[1]).toBe('09:00:00.000005');
  expect(labels(0, 50e6)[1]).toBe('09:00:00.010');
  expect(labels(0, 10e9)[1]).toBe('09:00:01');
  expect(labels(0, 3600e9)[1]).toBe('09:15');
  expect(labels(0, 20 * 86_400e9)[1]).toMatch(/^\d+ (Nov|Dec)$/);
});

test('midnight is a date, in UTC and in the local zone', () => {
  expect(ticks({ from: 14 * 3600e9, to: 16 * 3600e9 }, clock, 'utc', 4).map(({ label }) => label)).toContain('24 Nov');
  vi.stubEnv('TZ', 'Europe/Berlin');
  const local = ticks({ from: 13 * 3600e9, to: 15 * 3600e9 }, clock, 'local', 4);
  expect(local.find(({ label }) => label === '24 Nov')?.at).toBe(14 * 3600e9);
});

test('the hour that comes twice when summer time ends has ticks once', () => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  // 2026-10-25T00:00:00Z; the clocks go back at 01:00Z.
  const autumn = clockAt(1_792_886_400_000_000_000n);
  const found = ticks({ from: 0, to: 3 * 3600e9 }, autumn, 'local', 4);
  expect(found.map(({ label }) => label)).toEqual(['02:00', '02:00', '03:00', '04:00']);
});

test('clocks and spans that no machine has are no trouble', () => {
  const walls = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(hugeLimits, part, part, walls, (whole, where, close, wall) => {
      const span = seen(whole, where, close);
      const found = ticks(span, clockAt(wall), 'utc', 8);
      expect(found.length).toBeLessThan(64);
      for (const { at } of found) {
        expect(at).toBeGreaterThanOrEqual(span.from);
        expect(at).toBeLessThanOrEqual(span.to);
      }
    }),
  );
});

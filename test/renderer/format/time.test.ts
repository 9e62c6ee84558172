import { formatWall } from '#core/capture/clock-map.ts';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  calendarDate,
  cellTime,
  clockTime,
  dateTime,
  parseTime,
  precisionFor,
  zoneName,
} from '../../../renderer/format/time.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Nanoseconds since 1970, as a 64-bit column can hold them. */
const walls = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const at = (text: string): bigint => parseTime(text) ?? 0n;
const MOMENT = at('2026-11-23T23:05:09.012345678Z');

describe('the times that core writes', () => {
  test('are read back to the nanosecond, whatever they are', () => {
    fc.assert(
      fc.property(walls, (wall) => {
        expect(parseTime(formatWall(wall))).toBe(wall);
      }),
    );
  });

  test('are shown in UTC as they are written', () => {
    fc.assert(
      fc.property(walls, (wall) => {
        const [, date, clock] = /^(.*)T(.*)Z$/.exec(formatWall(wall)) ?? [];
        expect(dateTime(wall, 'utc', 9)).toBe(`${String(date)} ${String(clock)}`);
        expect(calendarDate(wall, 'utc')).toBe(date);
        expect(clockTime(wall, 'utc', 9)).toBe(clock);
      }),
    );
  });
});

test.each(['', 'now', '2026-11-23', '2026-11-23T10:00:00Z', '2026-11-23T10:00:00.Z', '2026-13-23T10:00:00.000000000Z'])(
  '"%s" is no time of an event',
  (text) => {
    expect(parseTime(text)).toBeUndefined();
  },
);

test('digits of a second are cut, not rounded', () => {
  expect(([0, 3, 6, 9] as const).map((precision) => clockTime(MOMENT, 'utc', precision))).toEqual([
    ...['23:05:09', '23:05:09.012', '23:05:09.012345', '23:05:09.012345678'],
  ]);
  const before1970 = at('1969-12-31T23:59:59.999999999Z');
  expect(before1970).toBe(-1n);
  expect(dateTime(before1970, 'utc', 3)).toBe('1969-12-31 23:59:59.999');
});

describe('in a local zone', () => {
  test.each([
    ['Europe/Berlin', '2026-11-24 00:05:09.012', '2026-11-24', 'Europe/Berlin, UTC+01:00'],
    ['America/St_Johns', '2026-11-23 19:35:09.012', '2026-11-23', 'America/St_Johns, UTC−03:30'],
    ['Australia/Eucla', '2026-11-24 07:50:09.012', '2026-11-24', 'Australia/Eucla, UTC+08:45'],
    ['UTC', '2026-11-23 23:05:09.012', '2026-11-23', 'UTC, UTC+00:00'],
  ])('%s', (zone, whole, date, name) => {
    vi.stubEnv('TZ', zone);
    expect(dateTime(MOMENT, 'local', 3)).toBe(whole);
    expect(calendarDate(MOMENT, 'local')).toBe(date);
    expect(zoneName('local', MOMENT)).toBe(name);
    expect(zoneName('utc', MOMENT)).toBe('UTC');
  });

  test('summer time counts as it did at that moment', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    expect(zoneName('local', at('2026-07-01T12:00:00.000000000Z'))).toBe('Europe/Berlin, UTC+02:00');
    const [before, after] = [at('2026-10-25T00:59:59.000000000Z'), at('2026-10-25T01:00:00.000000000Z')];
    expect([clockTime(before, 'local', 0), clockTime(after, 'local', 0)]).toEqual(['02:59:59', '02:00:00']);
  });
});

test('a moment that no calendar reaches is told as a number', () => {
  const beyond = 10n ** 24n;
  const words = '1000000000000000000000000 ns after 1970';
  expect(clockTime(beyond, 'utc', 3)).toBe(words);
  expect(dateTime(beyond, 'local', 9)).toBe(words);
  expect(calendarDate(beyond, 'utc')).toBe(words);
  expect(zoneName('local', beyond)).not.toContain('NaN');
});

test('a cell holds the clock, its title all; what is no time is shown as it is', () => {
  expect(cellTime('2026-11-23T23:05:09.012345678Z', 'utc', 3)).toEqual({
    short: '23:05:09.012',
    long: '2026-11-23 23:05:09.012345678',
  });
  expect(cellTime('yesterday', 'utc', 3)).toEqual({ short: 'yesterday', long: 'yesterday' });
});

test('digits tell the thousandth part of what is shown apart', () => {
  for (const spanNs of [100, 5e3, 5e4, 1e6, 5e7, 1e9, 60e9, 3600e9]) {
    expect(10 ** -precisionFor(spanNs) * 1e9).toBeLessThanOrEqual(Math.max(spanNs / 50, 1));
  }
  expect(precisionFor(2 * 86_400e9)).toBe(0);
});

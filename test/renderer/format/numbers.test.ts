import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count, duration, plural, size } from '../../../renderer/format/numbers.ts';

test('numbers are grouped, also those that no double holds', () => {
  expect([count(0), count(-1234), count(1_234_567)]).toEqual(['0', '-1,234', '1,234,567']);
  expect(count('18446744073709551615')).toBe('18,446,744,073,709,551,615');
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (value) => {
      expect(count(value.toString()).replaceAll(',', '')).toBe(value.toString());
    }),
  );
});

test('one of a thing has its own word', () => {
  expect([plural(0, 'attempt'), plural(1, 'attempt'), plural('1', 'attempt'), plural(41, 'attempt')]).toEqual([
    ...['0 attempts', '1 attempt', '1 attempt', '41 attempts'],
  ]);
  expect(plural(2, 'process', 'processes')).toBe('2 processes');
});

test('sizes are exact, with a rounded one from a megabyte on', () => {
  expect(size(17_432)).toBe('17,432 bytes');
  expect(size(1)).toBe('1 byte');
  expect(size(1024 * 1024 - 1)).toBe('1,048,575 bytes');
  expect(size(1024 * 1024)).toBe('1,048,576 bytes (1.0 MiB)');
  expect(size('9223372036854775808')).toBe('9,223,372,036,854,775,808 bytes (8796093022208.0 MiB)');
});

test.each([
  [0, '0 ns'],
  [412_000, '412 µs'],
  [999, '999 ns'],
  [1_000, '1.00 µs'],
  [1_080_000, '1.08 ms'],
  [9_999, '10.0 µs'],
  [99_960, '100 µs'],
  [999_499, '999 µs'],
  [999_999, '1.00 ms'],
  [999_999_999, '1.00 s'],
  [57_240_000_000, '57.2 s'],
  [59_999_999_999, '1 min 0 s'],
  [725_000_000_000, '12 min 5 s'],
  [3_599_600_000_000, '1 h 0 min'],
  [86_399_000_000_000, '1 d 0 h'],
  [90_000_000_000_000, '1 d 1 h'],
  [-1_500, '−1.50 µs'],
])('%d nanoseconds are %s', (ns, words) => {
  expect(duration(ns)).toBe(words);
});

const UNITS: Readonly<Record<string, number>> = {
  ...{ ns: 1, µs: 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3600e9, d: 86_400e9 },
};

test('a duration in words is the duration to three digits, or to its smaller unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (ns) => {
      const words = duration(ns).split(' ');
      let read = 0;
      let finest = 0;
      for (let i = 0; i < words.length; i += 2) {
        finest = UNITS[words[i + 1] ?? ''] ?? NaN;
        read += Number(words[i]) * finest;
      }
      const allowed = words.length === 2 ? ns * 0.0051 + 0.5 : finest;
      expect(Math.abs(read - ns)).toBeLessThanOrEqual(allowed);
      expect(duration(-ns)).toBe(ns === 0 ? '0 ns' : `−${duration(ns)}`);
    }),
  );
});

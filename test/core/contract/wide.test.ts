import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromWide, toWide, unsigned64 } from '#contract/wide.ts';

test('every 64-bit value survives JSON exactly, as a number wherever a double holds it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), (value) => {
      const wide = toWide(value);
      expect(fromWide(JSON.parse(JSON.stringify(wide)) as typeof wide)).toBe(value);
      expect(typeof wide).toBe(value >= -(2n ** 53n) + 1n && value <= 2n ** 53n - 1n ? 'number' : 'string');
    }),
  );
});

test('the values at the edges', () => {
  expect(toWide(2n ** 53n - 1n)).toBe(9007199254740991);
  expect(toWide(2n ** 53n)).toBe('9007199254740992');
  expect(toWide(unsigned64(-(2n ** 63n)))).toBe('9223372036854775808');
});

import { toWide } from '#contract/wide.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CaptureClock } from '../../../renderer/format/clock.ts';

const LARGEST = 2n ** 63n - 1n;

test('a moment and its offset are each other’s way back, within a hundred days', () => {
  const origin = fc.bigInt({ min: 0n, max: LARGEST });
  const offset = fc.integer({ min: -1e15, max: 8.64e15 });
  fc.assert(
    fc.property(origin, offset, (first, ns) => {
      const clock = new CaptureClock({ firstNs: toWide(first) }, []);
      expect(clock.offset(toWide(first + BigInt(ns)))).toBe(ns);
      expect(clock.ns(ns)).toBe(toWide(first + BigInt(ns)));
    }),
  );
});

test('moments at both ends of 64 bits make numbers', () => {
  const clock = new CaptureClock({ firstNs: (-LARGEST).toString() }, []);
  const far = clock.offset(LARGEST.toString());
  expect(far).toBeCloseTo(2 ** 64, -6);
  expect(BigInt(clock.ns(far))).toBeGreaterThan(LARGEST - 5000n);
  expect(clock.wall(far)).toBeTypeOf('bigint');
});

test('parts of a nanosecond are rounded', () => {
  const clock = new CaptureClock({ firstNs: 1000 }, [{ ns: 1000, wallNs: 5000 }]);
  expect([clock.ns(0.4), clock.ns(0.6), clock.wall(0.6)]).toEqual([1000, 1001, 5001n]);
});

test('wall time counts from the last sample at or before the moment; before the first, from the first', () => {
  const clock = new CaptureClock({ firstNs: 0 }, [
    { ns: 100, wallNs: 1_000_100 },
    { ns: 200, wallNs: 5_000_200 },
    { ns: 300, wallNs: 2_000_300 },
  ]);
  expect([50, 100, 199, 200, 299, 300, 1000].map((offset) => clock.wall(offset))).toEqual([
    ...[1_000_050n, 1_000_100n, 1_000_199n, 5_000_200n, 5_000_299n, 2_000_300n, 2_001_000n],
  ]);
});

test('of many samples the right one is found', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(10_000), { minLength: 1 }), fc.nat(12_000), (moments, offset) => {
      const samples = moments.sort((a, b) => a - b).map((ns, index) => ({ ns, wallNs: index * 1_000_000 }));
      const sample = samples.findLast(({ ns }) => ns <= offset) ?? samples[0];
      const clock = new CaptureClock({ firstNs: 0 }, samples);
      expect(clock.wall(offset)).toBe(BigInt((sample?.wallNs ?? 0) + offset - (sample?.ns ?? 0)));
    }),
  );
});

test('a wall time leads to the first moment that showed it; what was jumped over, to the jump', () => {
  const clock = new CaptureClock({ firstNs: 0 }, [
    { ns: 100, wallNs: 1_000_100 },
    { ns: 200, wallNs: 5_000_200 },
    { ns: 300, wallNs: 2_000_300 },
  ]);
  expect([1_000_050n, 1_000_150n, 3_000_000n, 5_000_250n, 6_000_000n].map((wall) => clock.offsetAt(wall))).toEqual([
    50,
    150,
    200,
    250,
    3_999_998 + 2,
  ]);
});

test('a time of day that the clock showed again after it was set back is one of the recording', () => {
  const clock = new CaptureClock({ firstNs: 0 }, [
    { ns: 0, wallNs: 10_000 },
    { ns: 1000, wallNs: 7000 },
  ]);
  expect(clock.offsetAt(8500n)).toBe(2500);
  expect(clock.offsetAt(10_500n)).toBe(500);
  expect(clock.offsetAt(6000n)).toBe(-4000);
});

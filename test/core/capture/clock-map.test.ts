import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClockMap, formatWall } from '#core/capture/clock-map.ts';

test('wall time in words', () => {
  expect(formatWall(0n)).toBe('1970-01-01T00:00:00.000000000Z');
  expect(formatWall(1_795_500_000_123_456_789n)).toBe('2026-11-24T06:00:00.123456789Z');
  expect(formatWall(-1n)).toBe('1969-12-31T23:59:59.999999999Z');
  expect(formatWall(-1_500_000_000n)).toBe('1969-12-31T23:59:58.500000000Z');
  expect(formatWall(2n ** 63n - 1n)).toBe('2262-04-11T23:47:16.854775807Z');
  expect(formatWall(2n ** 73n)).toBe('9444732965739290427392 ns after 1970');
});

test('every moment of 64 bits has a time that gives it back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (ns) => {
      const text = formatWall(ns);
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
      const seconds = BigInt(Date.parse(text.replace(/\.\d+/, ''))) / 1000n;
      expect(seconds * 1_000_000_000n + BigInt(text.slice(20, 29))).toBe(ns);
    }),
  );
});

const moment = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
const samples = fc.array(fc.record({ bootNs: moment, wallNs: moment }), { minLength: 1, maxLength: 20 });

test('a moment is dated by the last sample at or before it, or by the first one', () => {
  fc.assert(
    fc.property(samples, moment, (all, ns) => {
      const known = new ClockMap(all).wallNs(ns);
      const before = all.filter(({ bootNs }) => bootNs <= ns);
      const best = before.length > 0 ? before : all;
      const at = best.reduce((a, b) =>
        (before.length > 0 ? b.bootNs > a.bootNs : b.bootNs < a.bootNs) ? b : a,
      ).bootNs;
      const possible = all.filter(({ bootNs }) => bootNs === at).map(({ wallNs }) => wallNs + ns - at);
      expect(possible).toContain(known);
    }),
  );
});

test('time goes on between two samples as it went', () => {
  fc.assert(
    fc.property(samples, moment, fc.bigInt({ min: 0n, max: 10n ** 9n }), (all, ns, later) => {
      const map = new ClockMap(all);
      const crossed = all.some(({ bootNs }) => bootNs > ns && bootNs <= ns + later);
      const beforeFirst = all.every(({ bootNs }) => bootNs > ns);
      if (!crossed || beforeFirst) {
        if (!crossed) expect(map.wallNs(ns + later) - map.wallNs(ns)).toBe(later);
      }
    }),
  );
});

test('steps add up to what the clocks are apart in the end', () => {
  fc.assert(
    fc.property(samples, (all) => {
      const map = new ClockMap(all);
      const sorted = [...all].sort((a, b) => (a.bootNs < b.bootNs ? -1 : a.bootNs > b.bootNs ? 1 : 0));
      const [first, last] = [sorted.at(0), sorted.at(-1)];
      const sum = map.steps().reduce((total, { stepNs }) => total + stepNs, 0n);
      const offset = (sample: typeof first) => (sample?.wallNs ?? 0n) - (sample?.bootNs ?? 0n);
      expect(sum).toBe(offset(last) - offset(first));
    }),
  );
});

test('how closely the clocks were read goes along with the samples that say it', () => {
  const map = new ClockMap([
    { bootNs: 20n, wallNs: 120n, uncertaintyNs: 50n },
    { bootNs: 10n, wallNs: 110n },
  ]);
  expect(map.samples()).toEqual([
    { ns: 10, wallNs: 110 },
    { ns: 20, wallNs: 120, uncertaintyNs: 50 },
  ]);
});

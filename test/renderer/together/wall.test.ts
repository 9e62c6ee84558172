import type { ClockSample } from '#contract/clock.ts';
import { fromWide } from '#contract/wide.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockWords, WallClock } from '../../../renderer/together/wall.ts';

const sample = (ns: number, wallNs: number, uncertaintyNs?: number): ClockSample => ({
  ...{ ns, wallNs },
  ...(uncertaintyNs === undefined ? {} : { uncertaintyNs }),
});

test('a moment has the wall time of the last sample before it', () => {
  const clock = new WallClock([sample(100, 1100), sample(200, 5200)], 50, 300);
  expect([50, 100, 199, 200, 300].map((ns) => clock.wall(ns))).toEqual([1050n, 1100n, 1199n, 5200n, 5300n]);
  expect(clock.bounds).toEqual({ from: 1050n, to: 5300n });
  expect(new WallClock([], 50, 300).bounds).toEqual({ from: 50n, to: 300n });
});

test('what has a wall time between two lies in the stretch of boot time, also where the clock was set back', () => {
  const forward = new WallClock([sample(100, 1100), sample(200, 5200)], 50, 300);
  expect(forward.bootOf(1150n, 5250n)).toEqual({ fromNs: 150, toNs: 250 });
  expect(forward.bootOf(2000n, 3000n)).toBeUndefined();
  const back = new WallClock([sample(100, 1100), sample(200, 1120)], 100, 300);
  expect(back.bootOf(1150n, 1160n)).toEqual({ fromNs: 150, toNs: 240 });
  expect(back.bounds).toEqual({ from: 1100n, to: 1220n });
});

test('every moment is found again by its wall time', () => {
  const moment = fc.bigInt({ min: 0n, max: 10_000n });
  fc.assert(
    fc.property(fc.array(fc.tuple(moment, moment), { minLength: 1, maxLength: 6 }), moment, moment, (pairs, a, b) => {
      const byBoot = pairs.toSorted((one, other) => Number(one[0] - other[0]));
      const samples = byBoot.map(([boot, wall]) => sample(Number(boot), Number(wall)));
      const [first, last] = a < b ? [a, b] : [b, a];
      const clock = new WallClock(samples, Number(first), Number(last));
      const wall = clock.wall(Number(first));
      const found = clock.bootOf(wall, wall);
      expect(found).toBeDefined();
      expect(fromWide(found?.fromNs ?? -1) <= first && fromWide(found?.toNs ?? -1) >= first).toBe(true);
      const { from, to } = clock.bounds;
      expect(wall >= from && wall <= to).toBe(true);
    }),
  );
});

test('how well a clock is known is said in words', () => {
  expect(clockWords([sample(0, 0, 400), sample(1e9, 1e9 + 3e6, 1200)])).toEqual({
    short: 'clock ±1.20 µs, moved 3.00 ms',
    long:
      'Wall time was read to ±1.20 µs at 2 moments; in between it moved against boot time by 3.00 ms at most. ' +
      'Whether the host’s clock was right is not recorded.',
  });
  expect(clockWords([sample(0, 0)]).short).toBe('clock uncertainty not recorded');
  expect(clockWords([sample(0, 0, 50)]).long).toMatch(/^Wall time was read to ±50 ns at 1 moment\. /);
});

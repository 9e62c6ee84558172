/** Sums of verdicts by blocks say what counting one by one says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VERDICTS } from '#contract/attempt.ts';
import { VerdictSums } from '#core/attempt/verdict-sums.ts';

const verdict = fc.integer({ min: 0, max: VERDICTS.length - 1 });
/** Several blocks; long stretches of one verdict, and mixed ones. */
const verdicts = fc
  .array(fc.tuple(fc.array(verdict, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 400 })), {
    maxLength: 8,
  })
  .map((stretches) =>
    stretches.flatMap(([kinds, length]) => Array.from({ length }, (_, at) => kinds[at % kinds.length] ?? 0)),
  );

test('counts, places and what stands where, also after a part has changed', () => {
  fc.assert(
    fc.property(verdicts, fc.nat(), fc.nat(), verdict, (all, one, other, wanted) => {
      const sums = new VerdictSums(
        (at) => all[at] ?? 0,
        (at) => (at % 3) + 1,
      );
      const right = (): void => {
        const [from = 0, to = 0] = [one, other].map((n) => n % (all.length + 1)).sort((a, b) => a - b);
        const places = all.flatMap((kind, at) => (kind === wanted ? [at] : []));
        const inside = places.filter((at) => at >= from && at < to);
        const found = sums.within(from, to).find((count) => count.verdict === wanted);
        expect(found?.rows ?? 0).toBe(inside.length);
        expect(found?.first).toBe(inside[0]);
        expect(found?.calls ?? 0).toBe(inside.reduce((sum, at) => sum + (at % 3) + 1, 0));
        expect(sums.before(wanted, to) - sums.before(wanted, from)).toBe(inside.length);
        expect([...sums.placesOf(wanted)]).toEqual(places);
        expect(places.map((_, n) => sums.nth(wanted, n))).toEqual(places);
        expect(sums.nth(wanted, places.length)).toBeUndefined();
      };
      sums.update(all.length, 0);
      right();
      const changed = all.length === 0 ? 0 : one % all.length;
      all[changed] = wanted;
      sums.update(all.length, changed);
      right();
    }),
    { numRuns: 40 },
  );
});

/** Values of the timeline for property tests: usual ones, and what a hostile capture may hold. */
import fc from 'fast-check';
import { zoom, type Span } from '../../../renderer/timeline/span.ts';

/** A capture of up to a day, some of it far from its first moment: a double tells parts of a nanosecond apart there. */
export const limits: fc.Arbitrary<Span> = fc
  .record({ from: fc.integer({ min: -1e12, max: 1e12 }), length: fc.integer({ min: 1000, max: 1e14 }) })
  .map(({ from, length }) => ({ from, to: from + length }));

/** Up to the largest difference of two 64-bit moments. */
export const hugeLimits: fc.Arbitrary<Span> = fc
  .record({
    from: fc.double({ min: -(2 ** 64), max: 2 ** 64, noNaN: true }),
    length: fc.double({ min: 1e6, max: 2 ** 64, noNaN: true }),
  })
  .map(({ from, length }) => ({ from, to: from + length }))
  .filter(({ from, to }) => to > from);

/** Part of a length. */
export const part = fc.double({ min: 0, max: 1, noNaN: true });

export const at = ({ from, to }: Span, where: number): number => Math.min(from + (to - from) * where, to);

/** A span that zooming in from the whole may have led to. */
export const seen = (whole: Span, where: number, closeness: number): Span =>
  zoom(whole, at(whole, where), 10 ** (-14 * closeness), whole);

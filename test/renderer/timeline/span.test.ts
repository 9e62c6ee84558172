import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fitting,
  lengthOf,
  moveInto,
  ordered,
  pan,
  reveal,
  SHORTEST,
  toOffset,
  toX,
  withMargin,
  zoom,
} from '../../../renderer/timeline/span.ts';
import { at, hugeLimits, limits, part, seen } from './arbitraries.ts';

const WIDTH = 1500;

describe('zoom', () => {
  test('keeps the moment at the pointer in place, to a part of a pixel', () => {
    const factor = fc.double({ min: 0.05, max: 1, noNaN: true });
    fc.assert(
      fc.property(limits, part, part, fc.integer({ min: 0, max: WIDTH }), factor, (whole, where, close, x, by) => {
        const span = seen(whole, where, close);
        const moment = toOffset(span, x, WIDTH);
        const next = zoom(span, moment, by, whole);
        // Far from the first moment a pixel of the closest look is finer than what a double tells apart.
        const finest = Number.EPSILON * Math.max(Math.abs(whole.from), Math.abs(whole.to));
        const pixel = lengthOf(next) / WIDTH;
        expect(Math.abs(toX(next, moment, WIDTH) - x)).toBeLessThan(0.5 + (4 * finest) / pixel);
      }),
    );
  });

  test('never leaves the limits, and never goes closer than the closest look', () => {
    const factor = fc.double({ min: 1e-20, max: 1e20, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(limits, hugeLimits), part, part, part, factor, (whole, where, close, pointer, by) => {
        const span = seen(whole, where, close);
        const next = zoom(span, at(span, pointer), by, whole);
        expect(next.from).toBeGreaterThanOrEqual(whole.from);
        expect(next.to).toBeLessThanOrEqual(whole.to);
        expect(lengthOf(next)).toBeGreaterThan(0);
        expect(lengthOf(next)).toBeGreaterThan(Math.min(SHORTEST, lengthOf(whole)) * 0.9);
      }),
    );
  });

  test('far out shows all', () => {
    fc.assert(
      fc.property(limits, part, part, (whole, where, close) => {
        const span = seen(whole, where, close);
        expect(zoom(span, at(span, where), 1e30, whole)).toEqual(whole);
      }),
    );
  });
});

describe('pan', () => {
  test('never leaves the limits and keeps the length', () => {
    const by = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(limits, part, part, by, (whole, where, close, step) => {
        const span = seen(whole, where, close);
        const next = pan(span, step, whole);
        expect(next.from).toBeGreaterThanOrEqual(whole.from);
        expect(next.to).toBeLessThanOrEqual(whole.to);
        expect(Math.abs(lengthOf(next) - lengthOf(span))).toBeLessThanOrEqual(Math.max(1, 1e-9 * lengthOf(span)) * 4);
      }),
    );
  });

  test('there and back again is where it was, away from the limits', () => {
    const span = { from: 400, to: 500 };
    const whole = { from: 0, to: 1000 };
    expect(pan(pan(span, 0.25, whole), -0.25, whole)).toEqual(span);
    expect(pan(span, 0.25, whole)).toEqual({ from: 425, to: 525 });
    expect(pan(span, 100, whole)).toEqual({ from: 900, to: 1000 });
    expect(pan(span, -100, whole)).toEqual({ from: 0, to: 100 });
  });
});

test('a moment that is revealed is in sight, and one in sight moves nothing', () => {
  fc.assert(
    fc.property(limits, part, part, part, (whole, where, close, moment) => {
      const span = seen(whole, where, close);
      const offset = at(whole, moment);
      const next = reveal(span, offset, whole);
      expect(next.from).toBeLessThanOrEqual(offset);
      expect(next.to).toBeGreaterThanOrEqual(offset);
      if (offset >= span.from && offset <= span.to) expect(next).toBe(span);
    }),
  );
});

test('a part that is fitted is whole in sight and within the limits', () => {
  fc.assert(
    fc.property(limits, part, part, (whole, a, b) => {
      const wanted = ordered(at(whole, a), at(whole, b));
      fc.pre(lengthOf(wanted) > 0);
      const next = fitting(wanted, whole);
      expect(next.from).toBeLessThanOrEqual(wanted.from);
      expect(next.to).toBeGreaterThanOrEqual(wanted.to);
      expect(next.from).toBeGreaterThanOrEqual(whole.from);
      expect(next.to).toBeLessThanOrEqual(whole.to);
    }),
  );
});

test('pixels and moments are each other’s way back', () => {
  fc.assert(
    fc.property(limits, part, part, fc.double({ min: 0, max: WIDTH, noNaN: true }), (whole, where, close, x) => {
      const span = seen(whole, where, close);
      expect(toX(span, toOffset(span, x, WIDTH), WIDTH)).toBeCloseTo(x, 0);
    }),
  );
  expect(toX({ from: 100, to: 200 }, 150, 1000)).toBe(500);
  expect(toOffset({ from: 100, to: 200 }, 250, 1000)).toBe(125);
});

test('a margin is a fiftieth on both sides, and a second around a single moment', () => {
  expect(withMargin({ from: 0, to: 1000 })).toEqual({ from: -20, to: 1020 });
  expect(withMargin({ from: 7, to: 7 })).toEqual({ from: 7 - 5e8, to: 7 + 5e8 });
});

test('a span longer than the limits becomes the limits', () => {
  expect(moveInto({ from: -5, to: 50 }, { from: 0, to: 10 })).toEqual({ from: 0, to: 10 });
  expect(moveInto({ from: -5, to: 0 }, { from: 0, to: 10 })).toEqual({ from: 0, to: 5 });
  expect(moveInto({ from: 8, to: 13 }, { from: 0, to: 10 })).toEqual({ from: 5, to: 10 });
  expect(ordered(3, 1)).toEqual({ from: 1, to: 3 });
});

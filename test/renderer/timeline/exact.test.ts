/** The closest looks, where doubles alone would not do. */
import { describe, expect, test } from 'vitest';
import { CaptureClock } from '../../../renderer/format/clock.ts';
import { momentAt, sinceStart } from '../../../renderer/timeline/exact.ts';
import { alignedColumns, placeMarks, xOf } from '../../../renderer/timeline/layout.ts';
import { lengthOf, moveInto, pan, reveal, zoom, zoomPart, type Span } from '../../../renderer/timeline/span.ts';
import { ticks } from '../../../renderer/timeline/ticks.ts';

const WIDTH = 1000;
const DAY = 86_400_000_000_000n;

describe.each([
  ['a machine up for twelve days', 1_000_000_000_000_000n, 60_000_000_000n],
  ['a capture of ten months', 1_000_000_000_000_000n, 300n * DAY],
  ['a recorder that began before its first moment', 9_000_000_000_000_000_000n, 40n * DAY],
])('%s', (_, boot, after) => {
  const clock = new CaptureClock({ firstNs: boot.toString() }, [{ ns: boot.toString(), wallNs: '0' }]);
  const limits: Span = { from: -Number(DAY), to: Number(after + DAY) };
  /** A moment that no double holds in the longest of them. */
  const moment = after + 12_345n;
  const at = (ns: bigint): string => (boot + ns).toString();

  function closest(): Span {
    let span = reveal(limits, moment, limits);
    for (let i = 0; i < 400; i++) span = zoom(span, moment, 0.8, limits);
    return span;
  }

  test('the closest look shows ten nanoseconds, each a hundred pixels from the next', () => {
    const span = closest();
    expect(lengthOf(span)).toBeCloseTo(10, 9);
    const places = [-3n, -2n, -1n, 0n, 1n, 2n].map((by) => xOf(span, clock, at(moment + by), WIDTH));
    const [first = 0] = places;
    for (const [index, x] of places.entries()) expect(x - first).toBeCloseTo(index * 100, 6);
    expect(sinceStart(span, moment)).toBeGreaterThanOrEqual(0);
    expect(sinceStart(span, moment)).toBeLessThanOrEqual(10);
  });

  test('a mark lies where its moment is, and its neighbour a nanosecond on beside it', () => {
    const span = closest();
    const { span: grid, columns } = alignedColumns(span, WIDTH);
    expect(columns).toBeGreaterThanOrEqual(10);
    expect(columns).toBeLessThanOrEqual(12);
    const marks = [moment, moment + 1n].map((ns, index) => ({
      ...{ ns: at(ns), verdict: 'live' as const, count: 1, callId: index, seq: index },
    }));
    const placed = placeMarks(marks, clock, span, grid, columns, WIDTH);
    expect((placed[1]?.x ?? 0) - (placed[0]?.x ?? 0)).toBeCloseTo(100, 6);
    // Not above each other: each nanosecond is a column.
    expect(placed[0]?.y).toBe(placed[1]?.y);
  });

  test('moving there and back again is where it was, and zooming keeps what is at the pointer', () => {
    const span = closest();
    const back = pan(pan(span, 0.3, limits), -0.3, limits);
    expect(xOf(back, clock, at(moment), WIDTH)).toBeCloseTo(xOf(span, clock, at(moment), WIDTH), 6);
    const x = xOf(span, clock, at(moment), WIDTH);
    expect(xOf(zoomPart(span, x / WIDTH, 3, limits), clock, at(moment), WIDTH)).toBeCloseTo(x, 2);
    expect(momentAt(span, x / WIDTH)).toBe(moment);
  });

  test('ticks are labelled to the nanosecond, and lie on it', () => {
    const span = closest();
    for (const wanted of [5, 9, 30]) {
      const found = ticks(span, clock, 'utc', wanted);
      expect(found.length).toBeGreaterThanOrEqual(4);
      expect(new Set(found.map(({ label }) => label)).size).toBe(found.length);
      for (const { label, part } of found) {
        expect(label).toMatch(/\.\d{9}$/);
        const ns = momentAt(span, part);
        expect(label.slice(-9)).toBe((ns % 1_000_000_000n).toString().padStart(9, '0'));
        expect(xOf(span, clock, at(ns), WIDTH)).toBeCloseTo(part * WIDTH, 3);
      }
    }
  });

  test('the closest look stays within the limits', () => {
    const span = closest();
    for (const by of [-1e20, 1e20]) {
      const next = pan(span, by, limits);
      expect(next.from).toBeGreaterThanOrEqual(limits.from);
      expect(next.to).toBeLessThanOrEqual(limits.to);
      expect(lengthOf(next)).toBeCloseTo(10, 9);
      expect(moveInto(next, limits)).toBe(next);
    }
  });
});

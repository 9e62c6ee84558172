import { describe, expect, test } from 'vitest';
import { Bits } from '#core/survey/bits.ts';
import { PickedRows } from '#core/survey/picked-rows.ts';
import { randomFrom } from '../filter/trees.ts';

describe.each([
  ['none', 3000, 0],
  ['few, far apart', 30_000, 0.001],
  ['some', 3000, 0.3],
  ['nearly all', 3001, 0.99],
  ['all', 2048, 1],
  ['of no rows', 0, 1],
])('picked rows: %s', (_, rows, share) => {
  const random = randomFrom(rows);
  const picked = Array.from({ length: rows }, (_row, row) => row).filter(() => random() < share);
  const bits = new Bits(rows);
  for (const row of picked) bits.set(row);
  const list = new PickedRows(bits, rows);

  test('each by its place, and none beyond', () => {
    expect(list.length).toBe(picked.length);
    expect(picked.map((_row, place) => list.at(place))).toEqual(picked);
    expect([list.at(-1), list.at(picked.length)]).toEqual([undefined, undefined]);
  });

  test('the place of each, and of no other', () => {
    const places = new Map(picked.map((row, place) => [row, place]));
    for (let row = 0; row < rows + 300; row++) {
      expect([row, list.indexOf(row)]).toEqual([row, places.get(row) ?? -1]);
    }
  });
});

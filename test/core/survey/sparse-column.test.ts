import { describe, expect, test } from 'vitest';
import { SparseColumn } from '#core/survey/sparse-column.ts';
import { randomFrom } from '../filter/trees.ts';

const ROWS = 5000;

/** The same in a column and in an array. */
function filled(seed: number, share: number, most: number): readonly [SparseColumn, number[]] {
  const random = randomFrom(seed);
  const column = new SparseColumn();
  if (seed % 2 === 0) column.expect(ROWS);
  const values = new Array<number>(ROWS).fill(0);
  for (let row = 0; row < ROWS; row++) {
    // Stretches of nothing, longer than what is counted at once.
    if (random() >= share || (row > 1000 && row < 3000)) continue;
    values[row] = Math.floor(random() * most);
    column.append(row, values[row]);
  }
  return [column, values];
}

describe('a column of which many rows have nothing', () => {
  test.each([
    [1, 0.5, 0xff],
    [2, 0.9, 0xffff],
    [3, 0.01, 0xffffff],
    [4, 1, 0xffffffff],
    [5, 0, 1],
  ])('gives back what was put, and 0 for all others (%i)', (seed, share, most) => {
    const [column, values] = filled(seed, share, most);
    expect(values.map((_, row) => column.at(row))).toEqual(values);
    expect([column.at(ROWS), column.at(ROWS * 100)]).toEqual([0, 0]);
  });

  test('takes other values later, where there is a place for them', () => {
    const [column, values] = filled(6, 0.4, 200);
    for (const row of [0, 31, 32, 255, 256, 999, 1001, 2999, 3000, 4999, ROWS + 1]) {
      const had = values[row] !== undefined && values[row] !== 0;
      column.put(row, 70_000);
      expect([row, column.at(row)]).toEqual([row, had ? 70_000 : 0]);
    }
  });

  test('answers for stretches of rows, wherever they begin', () => {
    const [column, values] = filled(7, 0.3, 0xffffff);
    const answer = (value: number): number => (value % 3 === 0 ? 1 : 0);
    for (const [first, end] of [
      [0, ROWS],
      [17, 300],
      [995, 1005],
      [1000, 3100],
      [2990, 3010],
      [4990, 5100],
    ] as const) {
      const marks = new Uint8Array(end - first).fill(7);
      column.mark(first, end, marks, answer);
      expect([...marks]).toEqual(Array.from(marks, (_, at) => answer(values[first + at] ?? 0)));
    }
  });
});

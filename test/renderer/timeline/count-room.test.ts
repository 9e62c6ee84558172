import { expect, test } from 'vitest';
import { CountRoom } from '../../../renderer/timeline/count-room.ts';

/** Which marks of a row of them have room for a number of that width. */
const roomy = (marks: readonly { x: number; y: number }[], width: number): number[] => {
  const room = new CountRoom(marks);
  return marks.flatMap((_, index) => (room.take(index, width) ? [index] : []));
};

test('a mark by itself has room', () => {
  expect(roomy([{ x: 10, y: 20 }], 30)).toEqual([0]);
});

test('a number that would lie over the next mark is left out', () => {
  expect(
    roomy(
      [
        { x: 10, y: 20 },
        { x: 30, y: 20 },
        { x: 90, y: 20 },
      ],
      12,
    ),
  ).toEqual([1, 2]);
});

test('a mark in the line above takes room, one far below does not', () => {
  expect(
    roomy(
      [
        { x: 10, y: 30 },
        { x: 24, y: 16 },
      ],
      12,
    ),
  ).toEqual([1]);
  expect(
    roomy(
      [
        { x: 10, y: 30 },
        { x: 24, y: 60 },
      ],
      12,
    ),
  ).toEqual([0, 1]);
});

test('marks at one place, one below the other, each keep their number', () => {
  expect(
    roomy(
      [
        { x: 10, y: 20 },
        { x: 10, y: 34 },
      ],
      12,
    ),
  ).toEqual([0, 1]);
});

test('numbers of one line do not run into each other', () => {
  expect(
    roomy(
      [
        { x: 10, y: 20 },
        { x: 12, y: 200 },
        { x: 40, y: 20 },
      ],
      40,
    ),
  ).toHaveLength(2);
});

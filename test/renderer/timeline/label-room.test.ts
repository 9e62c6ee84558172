import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LabelRoom } from '../../../renderer/timeline/label-room.ts';

test('words lie to the right of what they name, to its left where the right is taken, and else nowhere', () => {
  const drawn = [
    { left: 100, right: 110 },
    { left: 150, right: 160 },
  ];
  const room = new LabelRoom(400, drawn);
  expect(room.beside({ left: 100, right: 110 }, 60)).toBe(34);
  expect(room.beside({ left: 150, right: 160 }, 60)).toBe(166);
  expect(room.beside({ left: 150, right: 160 }, 60)).toBeUndefined();
});

test('words never lie over what is drawn, over other words or beyond the edges', () => {
  const stretch = fc
    .tuple(fc.integer({ min: -50, max: 1050 }), fc.integer({ min: 1, max: 300 }))
    .map(([left, width]) => ({ left, right: left + width }));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 40 }), fc.integer({ min: 5, max: 200 }), (drawn, words) => {
      const room = new LabelRoom(1000, drawn);
      const taken = [...drawn];
      for (const one of drawn) {
        const left = room.beside(one, words);
        if (left === undefined) continue;
        const right = left + words;
        expect(left >= 0 && right <= 1000).toBe(true);
        expect(taken.filter((other) => other.left < right && other.right > left)).toEqual([]);
        taken.push({ left, right });
      }
    }),
  );
});

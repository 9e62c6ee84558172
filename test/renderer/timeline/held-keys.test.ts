import { expect, test } from 'vitest';
import { heldAt } from '../../../renderer/timeline/held-keys.ts';

test('a short press moves nothing by the frame', () => {
  expect(heldAt(new Map([['w', 1000]]), 1100)).toEqual({ zoom: 0, pan: 0 });
});

test('a key that is held moves until it is let go, and keys of both kinds go together', () => {
  const since = new Map([
    ['w', 1000],
    ['a', 1000],
  ]);
  expect(heldAt(since, 1200)).toEqual({ zoom: 1, pan: -1 });
});

test('opposite keys hold each other', () => {
  const since = new Map([
    ['d', 1000],
    ['a', 1000],
  ]);
  expect(heldAt(since, 1200)).toEqual({ zoom: 0, pan: 0 });
});

/** Long work in steps: a preview is shown until there is more, and what is complete until its successor is. */
import { expect, test } from 'vitest';
import { Stepped, type Work } from '#core/tally/stepped.ts';

/** Counts to a number, a row a step. */
function counting(to: number, preview: boolean): Work<{ count: number }> {
  const value = { count: 0 };
  function* steps(): Generator<number> {
    while (value.count < to) yield ++value.count;
  }
  return { value, steps: steps(), of: to, preview, size: () => value.count };
}

test('a preview stands until the whole has more, and progress tells that it is not all', () => {
  const stepped = new Stepped((first) => counting(first ? 3 : 6, first));
  const seen = Array.from({ length: 12 }, () => {
    const { value, progress } = stepped.go(0);
    return [value.count, progress?.done];
  });
  expect(seen.slice(0, 3)).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expect(seen[3]).toEqual([3, 0]);
  expect(seen.at(-1)).toEqual([6, undefined]);
  const counts = seen.map(([count]) => count ?? 0);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
});

test('what was complete is shown while it is counted again', () => {
  let to = 2;
  const stepped = new Stepped(() => counting(to, false));
  while (stepped.go(0).progress);
  to = 4;
  stepped.forget();
  const again = stepped.go(0);
  expect([again.value.count, again.progress]).toEqual([2, { done: 1, of: 4 }]);
  while (stepped.go(0).progress);
  expect(stepped.go(0).value.count).toBe(4);
});

test('after a failure all begins anew', () => {
  let fails = true;
  const stepped = new Stepped(() => {
    if (fails) {
      const work = counting(1, false);
      return {
        ...work,
        steps: {
          next: () => {
            throw new Error('damaged');
          },
        },
      };
    }
    return counting(2, false);
  });
  expect(() => stepped.go(0)).toThrow('damaged');
  expect(() => stepped.go(0)).toThrow('damaged');
  fails = false;
  while (stepped.go(0).progress);
  expect(stepped.go(0).value.count).toBe(2);
});

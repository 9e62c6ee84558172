/** Long lists in the order of a column. */
import { expect, test } from 'vitest';
import { sortBy } from '#core/module/rows/order.ts';

/** As Array.prototype.sort has it, which keeps what is the same as it was. */
function expected(ids: readonly number[], keys: readonly (number | string)[]): number[] {
  return ids.toSorted((one, other) => {
    const [a, b] = [keys[one] ?? 0, keys[other] ?? 0];
    return a === b ? 0 : a < b ? -1 : 1;
  });
}

const NUMBERS = [5, -1, 2 ** 64, 0, 5, 2 ** 63, -(2 ** 63), 5, 0.5, 0];
const TEXTS = ['b', '', 'a', 'ä', 'b', 'B', 'aa', '\u{1f600}', 'b', '~'];

test.each([
  ['numbers', NUMBERS],
  ['texts', TEXTS],
])('rows stand in the order of %s, those with the same where they were', (_, keys) => {
  for (const ids of [[...keys.keys()], [...keys.keys()].toReversed(), [7, 4, 0], [3], []]) {
    const sorted = Uint32Array.from(ids);
    sortBy(sorted, (id) => keys[id] ?? 0);
    expect([...sorted]).toEqual(expected(ids, keys));
  }
});

/** Whether the end of a table stays in sight while rows arrive. */
import { expect, test } from 'vitest';
import { computed, effectScope, nextTick, ref } from 'vue';
import { useFollowing } from '../../../renderer/table/following.ts';
import type { RowsInSight } from '../../../renderer/table/in-sight.ts';

/** A table with so many rows of which ten are in sight. */
function table(rows: number) {
  const [top, height, total, grows] = [ref(0), ref(10), ref(rows), ref(true)];
  const last = (): number => Math.max(total.value - height.value, 0);
  const show = async (row: number): Promise<void> => {
    await nextTick();
    top.value = Math.min(Math.max(row + 1 - height.value, 0), last());
  };
  const sight = { top, height, atEnd: computed(() => top.value >= last()), show } as unknown as RowsInSight;
  const found = effectScope().run(() => useFollowing(sight, total, () => grows.value));
  if (!found) throw new Error('the scope has ended');
  return { top, height, total, grows, ...found };
}

/** Until nothing moves any more. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await nextTick();
}

test('rows that arrive are followed, until the user scrolls away and comes back', async () => {
  const { top, total, following } = table(5);
  total.value = 40;
  await settled();
  expect([top.value, following.value]).toEqual([30, true]);
  top.value = 12;
  await settled();
  expect(following.value).toBe(false);
  total.value = 60;
  await settled();
  expect(top.value).toBe(12);
  top.value = 50;
  await settled();
  total.value = 61;
  await settled();
  expect([top.value, following.value]).toEqual([51, true]);
});

test('room that was taken away is nothing that the user has scrolled', async () => {
  const { top, height, total, following } = table(5);
  total.value = 40;
  await settled();
  height.value = 8;
  await settled();
  expect([top.value, following.value]).toEqual([32, true]);
  // Also where it is not known yet that rows will arrive.
  const other = table(5);
  other.grows.value = false;
  other.total.value = 40;
  other.height.value = 8;
  await settled();
  other.grows.value = true;
  await settled();
  expect([other.top.value, other.follows.value]).toEqual([32, true]);
});

test('rows that come one after the other before anything is drawn leave the end in sight', async () => {
  const { top, total, following } = table(20);
  for (const rows of [25, 31, 44]) {
    total.value = rows;
    await Promise.resolve();
  }
  await settled();
  expect([top.value, following.value]).toEqual([34, true]);
});

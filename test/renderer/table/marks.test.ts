import { mounted } from '../page.ts';
import { expect, test } from 'vitest';
import { nextTick, ref, shallowRef } from 'vue';
import { useMarks, type Marks } from '../../../renderer/table/marks.ts';

function marked(): { marks: Marks; active: { value: number | undefined }; order: { value: object } } {
  const active = ref<number>();
  const order = shallowRef({});
  const { value: marks } = mounted(() =>
    useMarks(
      active,
      () => order.value,
      (row) => (active.value = row),
    ),
  );
  return { marks, active, order };
}

test('nothing is selected where no row is active, and the active row alone where nothing was added', () => {
  const { marks, active } = marked();
  expect(marks.ranges.value).toEqual([]);
  active.value = 3;
  expect(marks.ranges.value).toEqual([{ from: 3, to: 3 }]);
});

test('Shift extends from where the selection began, back and forth', () => {
  const { marks, active } = marked();
  marks.only(5);
  marks.extend(8);
  expect([active.value, marks.amount.value]).toEqual([8, 4]);
  marks.extend(3);
  expect(marks.ranges.value).toEqual([{ from: 3, to: 5 }]);
  marks.toggle(10);
  marks.extend(12, true);
  expect(marks.ranges.value).toEqual([
    { from: 3, to: 5 },
    { from: 10, to: 12 },
  ]);
  expect(active.value).toBe(12);
});

test('a row that is taken away makes the nearest one active; the last one stays', () => {
  const { marks, active } = marked();
  marks.only(5);
  marks.toggle(9);
  marks.toggle(9);
  expect([active.value, marks.ranges.value]).toEqual([5, [{ from: 5, to: 5 }]]);
  marks.toggle(5);
  expect([active.value, marks.amount.value]).toEqual([5, 1]);
});

test('all rows are selected without moving the active one', () => {
  const { marks, active } = marked();
  marks.all(0);
  expect(active.value).toBeUndefined();
  marks.only(7);
  marks.all(10_000_000);
  expect([active.value, marks.amount.value, marks.has(9_999_999)]).toEqual([7, 10_000_000, true]);
});

test('another order, or a row that something else makes active, leaves that row alone', async () => {
  const { marks, active, order } = marked();
  marks.only(1);
  marks.extend(4);
  await nextTick();
  expect(marks.amount.value).toBe(4);
  active.value = 20;
  await nextTick();
  expect(marks.ranges.value).toEqual([{ from: 20, to: 20 }]);
  marks.extend(25);
  await nextTick();
  order.value = {};
  await nextTick();
  expect(marks.ranges.value).toEqual([{ from: 25, to: 25 }]);
});

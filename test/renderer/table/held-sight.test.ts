/** What is drawn while what is in sight has not come. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { computed, effectScope, ref, shallowReactive } from 'vue';
import { HELD_MS, useHeldSight } from '../../../renderer/table/held-sight.ts';

const IN_SIGHT = 20;

function table(total: number) {
  const there = shallowReactive(new Set<number>());
  const come = (from: number): void => {
    for (let row = from; row <= from + IN_SIGHT; row++) there.add(row);
  };
  const top = ref(0);
  const rows = ref(total);
  const first = computed(() => Math.floor(top.value));
  const last = computed(() => Math.min(first.value + IN_SIGHT, rows.value - 1));
  const scope = effectScope();
  const drawn = scope.run(() => useHeldSight({ top, first, last }, (row) => there.has(row), rows));
  if (!drawn) throw new Error('the scope has ended');
  come(0);
  return { there, come, top, rows, drawn, scope };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('rows that are there are drawn at once', () => {
  const { top, come, drawn } = table(1000);
  come(500);
  top.value = 500.25;
  expect(drawn.value).toBe(500.25);
  // One row of those in sight will do.
  top.value = 500 + IN_SIGHT;
  expect(drawn.value).toBe(500 + IN_SIGHT);
});

test('what was drawn stays until the rows in sight are there', () => {
  const { top, come, drawn } = table(1000);
  top.value = 300;
  top.value = 700;
  expect(drawn.value).toBe(0);
  come(700);
  expect(drawn.value).toBe(700);
  vi.advanceTimersByTime(2 * HELD_MS);
  expect(drawn.value).toBe(700);
});

test('but not for long', () => {
  const { top, drawn } = table(1000);
  top.value = 300;
  vi.advanceTimersByTime(HELD_MS / 2);
  top.value = 700;
  expect(drawn.value).toBe(0);
  vi.advanceTimersByTime(HELD_MS / 2);
  expect(drawn.value).toBe(700);
});

test('rows that are gone are not drawn', () => {
  const { there, top, rows, drawn } = table(1000);
  there.clear();
  top.value = 300;
  expect(drawn.value).toBe(300);
  rows.value = 200;
  top.value = 180;
  expect(drawn.value).toBe(180);
});

test('nothing is waited for once the table is gone', () => {
  const { top, drawn, scope } = table(1000);
  top.value = 300;
  scope.stop();
  vi.advanceTimersByTime(2 * HELD_MS);
  expect(drawn.value).toBe(0);
});

import { bridge, core, holdBack, mounted, openSample, settled } from '../page.ts';
import type { Attempt } from '#contract/attempt.ts';
import { fail, ok } from '#contract/result.ts';
import { storeToRefs } from 'pinia';
import { expect, test, vi } from 'vitest';
import { ref, shallowRef } from 'vue';
import { useAttemptRows } from '../../../renderer/stores/attempt-rows.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useSelection } from '../../../renderer/stores/selection.ts';
import { useRowSelection } from '../../../renderer/table/row-selection.ts';

type Selected = ReturnType<typeof useRowSelection<Attempt>>;

/** The table of attempts as the component ties it to the selection. */
async function table(): Promise<{ selected: Selected; rows: ReturnType<typeof useAttemptRows> }> {
  await useCaptures().show(openSample());
  const rows = useAttemptRows();
  rows.reset();
  await settled();
  const selection = useSelection();
  const { callId } = storeToRefs(selection);
  const uses = { rows, id: callId, idOf: (row: Attempt) => row.callId, choose: selection.selectAttempt };
  const { value: selected } = mounted(() => useRowSelection<Attempt>(uses));
  return { selected, rows };
}

test('a row that is chosen selects its attempt, without a question for its place', async () => {
  const { selected, rows } = await table();
  const asked = vi.spyOn(bridge, 'attemptIndex');
  selected.select(12);
  expect(selected.index.value).toBe(12);
  await settled();
  expect(useSelection().attempt).toEqual(rows.row(12));
  expect(asked).not.toHaveBeenCalled();
});

test('what is selected elsewhere is found, in every order', async () => {
  const { selected, rows } = await table();
  const callId = rows.row(39)?.callId ?? -1;
  await useSelection().selectAttempt(callId);
  await settled();
  expect(selected.index.value).toBe(39);
  for (const column of ['verdict', 'module', 'module', 'returned'] as const) {
    rows.sortBy(column);
    await settled();
    expect(rows.row(selected.index.value ?? -1)?.callId).toBe(callId);
  }
  const other = rows.row(0);
  rows.restrict({ fromNs: other?.ns ?? 0, toNs: other?.ns ?? 0 });
  await settled();
  expect(selected.index.value).toBeUndefined();
  rows.restrict(undefined);
  await settled();
  expect(rows.row(selected.index.value ?? -1)?.callId).toBe(callId);
});

test('nothing selected is no row', async () => {
  const { selected } = await table();
  selected.select(3);
  await settled();
  useSelection().clear();
  await settled();
  expect(selected.index.value).toBeUndefined();
});

test('a row that has no place while rows are still looked for is found when all have one', async () => {
  const { selected, rows } = await table();
  const callId = rows.row(39)?.callId ?? -1;
  let isWhole = false;
  vi.spyOn(bridge, 'attempts').mockImplementation((capture, request) => {
    const answer = core.attempts(capture, request);
    return Promise.resolve(answer.ok && !isWhole ? ok({ ...answer.value, progress: { done: 1, of: 2 } }) : answer);
  });
  vi.spyOn(bridge, 'attemptIndex').mockImplementation((capture, id, order) =>
    Promise.resolve(isWhole ? core.attemptIndex(capture, id, order) : fail('no-such-row', 'not yet')),
  );
  rows.sortBy('module');
  await useSelection().selectAttempt(callId);
  await settled();
  expect(selected.index.value).toBeUndefined();
  isWhole = true;
  await vi.waitFor(() => expect(rows.row(selected.index.value ?? -1)?.callId).toBe(callId));
});

test('a late place of what is no longer selected is dropped', async () => {
  const { selected, rows } = await table();
  const release = holdBack('attemptIndex');
  await useSelection().selectAttempt(rows.row(39)?.callId ?? -1);
  await settled();
  selected.select(2);
  await settled();
  await release();
  expect(selected.index.value).toBe(2);
  expect(useSelection().callId).toBe(rows.row(2)?.callId);
});

/** Rows that come when the test says so. */
function slowRows(): {
  selected: ReturnType<typeof useRowSelection<{ id: number }>>;
  chosen: number[];
  wanted: number[];
  arrive(first: number, ids: readonly number[]): void;
  id: ReturnType<typeof ref<number | undefined>>;
  order: ReturnType<typeof shallowRef<object>>;
  places: Map<number, number>;
} {
  const here = shallowRef(new Map<number, { id: number }>());
  const [chosen, wanted]: [number[], number[]] = [[], []];
  const id = ref<number>();
  const order = shallowRef<object>({});
  const places = new Map<number, number>();
  const rows = {
    get order() {
      return order.value;
    },
    progress: undefined,
    row: (index: number) => here.value.get(index),
    indexOf: (wantedId: number) => Promise.resolve(places.get(wantedId)),
    want: (first: number) => void wanted.push(first),
  };
  const choose = (number: number): Promise<void> => {
    chosen.push(number);
    id.value = number;
    return Promise.resolve();
  };
  const { value: selected } = mounted(() =>
    useRowSelection<{ id: number }>({ rows, id, idOf: (row) => row.id, choose }),
  );
  const arrive = (first: number, ids: readonly number[]): void => {
    here.value = new Map([...here.value, ...ids.map((number, at) => [first + at, { id: number }] as const)]);
  };
  return { selected, chosen, wanted, arrive, id, order, places };
}

test('a row that is not there yet is asked for, and selected when it comes', async () => {
  const { selected, chosen, wanted, arrive } = slowRows();
  selected.select(5000);
  selected.select(5001);
  expect([wanted, chosen, selected.index.value]).toEqual([[5000, 5001], [], 5001]);
  arrive(5000, [71, 72]);
  await settled();
  expect(chosen).toEqual([72]);
});

test('a row that is waited for is let go by another selection, another order, another capture', async () => {
  const { selected, chosen, arrive, id, order, places } = slowRows();
  places.set(9, 3);
  selected.select(5000);
  id.value = 9;
  await settled();
  expect(selected.index.value).toBe(3);
  arrive(5000, [71]);
  selected.select(6000);
  order.value = {};
  await settled();
  arrive(6000, [72]);
  selected.select(7000);
  await useCaptures().show(openSample());
  await settled();
  arrive(7000, [73]);
  await settled();
  expect(chosen).toEqual([]);
  expect(selected.index.value).toBe(3);
});

test('rows that arrive above push the selected row on', async () => {
  const { selected, chosen, arrive, places } = slowRows();
  arrive(0, [12, 11, 10]);
  selected.select(1);
  await settled();
  places.set(11, 3);
  arrive(0, [14, 13, 12, 11, 10]);
  await settled();
  expect(selected.index.value).toBe(3);
  expect(chosen).toEqual([11]);
});

test('a selection whose row has not been recorded yet is found when it is', async () => {
  const { selected, id, places } = slowRows();
  const capture = openSample();
  await useCaptures().show(capture);
  id.value = 8;
  await settled();
  expect(selected.index.value).toBeUndefined();
  places.set(8, 0);
  useCaptures().grow({ capture: capture.id, info: capture.info, clock: capture.clock });
  await settled();
  expect(selected.index.value).toBe(0);
});

test('a row whose page fails is not waited for after something else was selected', async () => {
  const { selected, rows } = await table();
  const callId = rows.row(4)?.callId ?? -1;
  vi.spyOn(bridge, 'attempts').mockResolvedValue(fail('store-gone', 'the store process ended'));
  rows.reset();
  await settled();
  selected.select(20);
  await useSelection().selectAttempt(callId);
  await settled();
  expect(selected.index.value).toBe(4);
});

import { bridge, openSample, settled } from '../page.ts';
import { FIRST_RULES } from '#contract/row-colours.ts';
import { beforeEach, expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import { useAttemptRows } from '../../../renderer/stores/attempt-rows.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useRowColours } from '../../../renderer/stores/row-colours.ts';
import { useSettings } from '../../../renderer/stores/settings.ts';

beforeEach(async () => {
  await useCaptures().show(openSample());
  useAttemptRows().reset();
  await settled();
});

const rows = (): number[] => {
  const table = useAttemptRows();
  return Array.from({ length: table.total ?? 0 }, (_, index) => table.row(index)?.seq ?? -1);
};

async function colours(): Promise<(string | undefined)[]> {
  const { ruleOf } = useRowColours();
  rows().map((seq) => ruleOf('attempts', seq));
  await new Promise((resolve) => setTimeout(resolve, 60));
  await settled();
  return rows().map((seq) => ruleOf('attempts', seq)?.colour);
}

test('rows that are looked at are asked for together, once', async () => {
  const asked = vi.spyOn(bridge, 'firstMatches');
  const found = await colours();
  expect(new Set(found)).toEqual(new Set([undefined, 'purple', 'red', 'orange']));
  await colours();
  expect(asked).toHaveBeenCalledTimes(1);
});

test('other rules colour other rows, and rules that are off none', async () => {
  await colours();
  await useSettings().colour([{ name: 'x', filter: 'verdict == live', colour: 'green', on: true }]);
  await nextTick();
  const table = useAttemptRows();
  const live = rows().map((_seq, index) => (table.row(index)?.verdict === 'live' ? 'green' : undefined));
  expect(await colours()).toEqual(live);
  const asked = vi.spyOn(bridge, 'firstMatches');
  await useSettings().colour(FIRST_RULES.map((rule) => ({ ...rule, on: false })));
  await nextTick();
  expect(new Set(await colours())).toEqual(new Set([undefined]));
  expect(asked).not.toHaveBeenCalled();
});

/** What the filter bar says of how many rows a filter keeps. */
import { settled, tell } from '../page.ts';
import { beforeEach, expect, test } from 'vitest';
import type { OpenCapture } from '#contract/api.ts';
import { useFilters } from '../../../renderer/stores/filters.ts';
import AttemptTable from '../../../renderer/table/AttemptTable.vue';
import { sampleOpened } from '../opened.ts';
import { from, rendered, textOf } from '../rendered.ts';

let opened: OpenCapture;

beforeEach(async () => {
  opened = await sampleOpened();
});

async function words(): Promise<string> {
  await useFilters().set('attempts', 'verdict == refused');
  await settled();
  const part = from(await rendered(AttemptTable), 'data-filter-words');
  return textOf(part.slice(0, part.indexOf('</span>')));
}

test('so many of all', async () => {
  expect(await words()).toBe(`6 of ${String(opened.info.attempts)}`);
});

test('while a capture is being read nobody knows of how many', async () => {
  const { id, info, clock } = opened;
  tell('grown', { capture: id, info: { ...info, attempts: 3, progress: { done: 10, of: 170 } }, clock });
  expect(await words()).toBe('6');
});

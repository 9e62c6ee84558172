/** What the status line says of how many rows are shown of how many. */
import { settled, tell } from '../page.ts';
import { beforeEach, expect, test } from 'vitest';
import type { OpenCapture } from '#contract/api.ts';
import StatusLine from '../../../renderer/shell/StatusLine.vue';
import { useAttemptRows } from '../../../renderer/stores/attempt-rows.ts';
import { sampleOpened } from '../opened.ts';
import { rendered, textOf } from '../rendered.ts';

let opened: OpenCapture;

beforeEach(async () => {
  opened = await sampleOpened();
});

test('a filter keeps so many of all', async () => {
  useAttemptRows().narrow('verdict == refused');
  await settled();
  expect(textOf(await rendered(StatusLine))).toContain('6 of 65 attempts');
});

test('while a capture is being read nobody knows of how many', async () => {
  const { id, info, clock } = opened;
  const progress = { done: 10, of: 170 };
  tell('grown', { capture: id, info: { ...info, attempts: 3, progress }, clock });
  useAttemptRows().narrow('verdict == refused');
  await settled();
  const words = textOf(await rendered(StatusLine));
  expect(words).toContain('6 attempts');
  expect(words).not.toMatch(/ of \d+ attempts/);
});

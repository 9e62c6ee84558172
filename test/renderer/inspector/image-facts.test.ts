/** What the inspector says of a module's bytes, and when they can be saved. */
import '../page.ts';
import { expect, test } from 'vitest';
import type { ImageFact } from '#contract/event.ts';
import ImageFacts from '../../../renderer/inspector/ImageFacts.vue';
import { from, rendered, textOf } from '../rendered.ts';

const SHA256 = 'ab'.repeat(32);
const KEPT: ImageFact = { sha256: SHA256, size: 17_432, received: 17_432, complete: true, state: 'kept' };
const draw = (image: ImageFact): Promise<string> => rendered(ImageFacts, { image, name: 'dummy' });

test('whole bytes have a hash to copy and a way out', async () => {
  const html = await draw(KEPT);
  expect(textOf(html)).toContain(SHA256);
  expect(textOf(html)).toContain('kept whole in this capture');
  expect(html).toContain('data-copy-hash');
  expect(from(html, 'data-save-image')).not.toContain('aria-disabled');
});

test('of skipped bytes the hash is there, and the button says why it does nothing', async () => {
  const html = await draw({ ...KEPT, complete: false, state: 'skipped', reason: 'no-images' });
  expect(textOf(html)).toContain(SHA256);
  expect(textOf(html)).toContain('hash kept, bytes not kept: this recording kept no bytes of modules');
  expect(html).toMatch(/aria-disabled="true"[^>]*data-save-image/);
});

test('incomplete bytes have no hash and cannot be saved', async () => {
  const html = await draw({ size: 17_432, received: 4096, complete: false, state: 'incomplete' });
  expect(textOf(html)).toContain('incomplete: 4,096 of 17,432 bytes arrived, no hash');
  expect(html).not.toContain('data-sha256');
  expect(html).toMatch(/aria-disabled="true"[^>]*data-save-image/);
});

/** A module's bytes in words. */
import { expect, test } from 'vitest';
import type { ImageFact } from '#contract/event.ts';
import { imageStateWords, whyNotKept } from '../../../renderer/format/images.ts';

const WHOLE: ImageFact = { sha256: 'ab'.repeat(32), size: 17_432, received: 17_432, complete: true, state: 'kept' };

test.each([
  [WHOLE, 'kept whole in this capture'],
  [
    { ...WHOLE, complete: false, state: 'skipped', reason: 'no-images' },
    'hash kept, bytes not kept: this recording kept no bytes of modules',
  ],
  [
    { ...WHOLE, complete: false, state: 'skipped', reason: 'limit' },
    'hash kept, bytes not kept: it is longer than what the recording kept',
  ],
  [
    { ...WHOLE, complete: false, state: 'skipped', reason: 'a word of a later recorder' },
    'hash kept, bytes not kept: a word of a later recorder',
  ],
  [
    { size: 17_432, received: 4096, complete: false, state: 'incomplete' },
    'incomplete: 4,096 of 17,432 bytes arrived, no hash',
  ],
  [
    { size: 17_432, received: 0, complete: false, state: 'incomplete', reason: 'the buffer was full' },
    'incomplete: 0 of 17,432 bytes arrived, no hash (the buffer was full)',
  ],
  [
    { size: 17_432, received: 0, complete: false, state: 'not-copied', reason: 'decompressed' },
    'not copied: it is the unpacked form of bytes that this call holds already',
  ],
] as const)('%j', (image, words) => {
  expect(imageStateWords(image)).toBe(words);
});

test('there is a reason for whatever is not kept, and none for what is', () => {
  expect(whyNotKept(WHOLE)).toBeUndefined();
  for (const state of ['skipped', 'incomplete', 'not-copied'] as const) {
    expect(whyNotKept({ ...WHOLE, complete: false, state })).toMatch(/\w/);
  }
});

/** Images of the capture that is looked at: how often they were loaded, and what became of saving one. */
import { bridge, openFile, settled } from '../page.ts';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import type { OpenCapture } from '#contract/api.ts';
import type { SavedImage } from '#contract/image.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useImages } from '../../../renderer/stores/images.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { CaptureBuilder, removeFolders } from '../../core/builder.ts';

const built = new CaptureBuilder();
const BYTES = Buffer.from('the bytes of a module');
for (let i = 0; i < 3; i++) built.keptImage(built.call({ returned: 0 }), BYTES);
built.keptImage(built.call({ returned: 0 }), Buffer.alloc(600_000), [[0, 262_144]]);
const path = built.finish();
afterAll(removeFolders);

let capture: OpenCapture;
let sha256: string;

beforeEach(async () => {
  const opened = openFile(path);
  if (!opened.ok) throw new Error(opened.error.message);
  capture = opened.value;
  await useCaptures().show(capture);
  await useImages().load();
  sha256 = useImages().all?.find(({ complete }) => complete)?.sha256 ?? '';
});

test('an image is known by its hash, with how often it was loaded; one that is not whole has none', () => {
  const { all = [], total, progress } = useImages();
  expect(all.map(({ loads, complete, sha256 }) => [loads, complete, sha256 !== undefined])).toEqual([
    [3, true, true],
    [1, false, false],
  ]);
  expect([total, progress]).toEqual([2, undefined]);
});

test('of one that somebody wants to know about all calls are known', async () => {
  const images = useImages();
  expect(images.all?.[0]?.callIds).toHaveLength(1);
  await images.want(sha256);
  expect(images.rows.get(sha256)?.callIds).toHaveLength(3);
  await images.want('00'.repeat(32));
  expect(images.rows.size).toBe(1);
});

test('one question does not take the place of another about another image', async () => {
  const images = useImages();
  await Promise.all([images.want(sha256), images.want('00'.repeat(32)), images.load()]);
  expect([images.rows.has(sha256), images.all?.length]).toEqual([true, 2]);
});

test('another capture holds other images', async () => {
  const opened = openFile(path);
  const images = useImages();
  await images.want(sha256);
  images.saved.set(sha256, { name: 'x.ko', bytes: 1, sha256 });
  if (opened.ok) await useCaptures().show(opened.value);
  await settled();
  expect([images.rows.size, images.saved.size]).toEqual([0, 0]);
});

test('what was saved is remembered, a closed dialog is not, a failure is told', async () => {
  const images = useImages();
  const saved: SavedImage = { name: 'x.ko', bytes: BYTES.length, sha256 };
  const asked = vi.spyOn(bridge, 'saveImage');
  asked.mockResolvedValueOnce(ok(null));
  await images.save(sha256, 'x');
  expect(images.saved.size).toBe(0);
  asked.mockResolvedValueOnce(fail('not-writable', 'the disk is full'));
  await images.save(sha256, 'x');
  expect(useNotices().notices.map(({ failure }) => failure.message)).toEqual(['the disk is full']);
  asked.mockResolvedValueOnce(ok(saved));
  await images.save(sha256, 'x');
  expect(asked).toHaveBeenLastCalledWith(capture.id, sha256, 'x');
  expect(images.saved.get(sha256)).toEqual(saved);
});

test('one is saved at a time, and the answer for a capture that is gone is not shown', async () => {
  const images = useImages();
  let answer: (result: Result<SavedImage>) => void = () => undefined;
  const asked = vi.spyOn(bridge, 'saveImage').mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const first = images.save(sha256, 'x');
  expect(images.saving).toBe(sha256);
  await images.save(sha256, 'again');
  expect(asked).toHaveBeenCalledOnce();
  const opened = openFile(path);
  if (opened.ok) await useCaptures().show(opened.value);
  answer(ok({ name: 'x.ko', bytes: 1, sha256 }));
  await first;
  expect([images.saving, images.saved.size]).toEqual([undefined, 0]);
});

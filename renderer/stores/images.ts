/** The images of the capture that is looked at: how often each was loaded, and saving their bytes. */
import type { ImageRow, SavedImage } from '#contract/image.ts';
import { defineStore } from 'pinia';
import { ref, shallowReactive, shallowRef, watch } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';

export const useImages = defineStore('images', () => {
  const captures = useCaptures();
  const notices = useNotices();
  /** All distinct images in order of their first reading; undefined until they were asked for. */
  const all = shallowRef<readonly ImageRow[]>();
  const rows = shallowRef<ReadonlyMap<string, ImageRow>>(new Map());
  /** What was saved since the capture was opened, by SHA-256. */
  const saved = shallowReactive(new Map<string, SavedImage>());
  /** SHA-256 of what is being saved. */
  const saving = ref<string>();
  let asked = 0;

  /** Only the answer to the last question counts. */
  async function load(): Promise<void> {
    const question = ++asked;
    const capture = captures.currentId;
    if (capture === undefined) return;
    const answer = await bridge.images(capture);
    if (question !== asked) return;
    const found = notices.valueOf(answer) ?? [];
    all.value = found;
    rows.value = new Map(found.flatMap((row) => (row.sha256 === undefined ? [] : [[row.sha256, row]])));
  }

  watch(
    () => captures.currentId,
    () => {
      asked += 1;
      all.value = undefined;
      rows.value = new Map();
      saved.clear();
    },
  );

  /** @param name - of the module; it is proposed as the file's name. */
  async function save(sha256: string, name: string): Promise<void> {
    const capture = captures.currentId;
    if (capture === undefined || saving.value !== undefined) return;
    saving.value = sha256;
    const answer = notices.valueOf(await bridge.saveImage(capture, sha256, name));
    saving.value = undefined;
    if (answer && capture === captures.currentId) saved.set(sha256, answer);
  }

  const copyHash = async (sha256: string): Promise<void> => {
    notices.valueOf(await bridge.copyText(sha256));
  };

  return { all, rows, saved, saving, load, save, copyHash };
});

/** The images of the capture that is looked at: how often each was loaded, and saving their bytes. */
import type { ImageRow, SavedImage } from '#contract/image.ts';
import type { Progress } from '#contract/page.ts';
import type { Result } from '#contract/result.ts';
import { defineStore } from 'pinia';
import { ref, shallowReactive, shallowRef, watch } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';

/** Milliseconds between two questions, while the counting goes on with each. */
const REST = 20;

const LIST = 'list';

export const useImages = defineStore('images', () => {
  const captures = useCaptures();
  const notices = useNotices();
  /** Distinct images in order of their first reading, as many as are listed; undefined until they were asked for. */
  const all = shallowRef<readonly ImageRow[]>();
  /** How many there are, and readings of still others that are not told apart. */
  const total = ref(0);
  const beyond = ref(0);
  /** How far they are counted; undefined once they are. */
  const progress = shallowRef<Progress>();
  /** By SHA-256: those that somebody wanted to know about. */
  const rows = shallowReactive(new Map<string, ImageRow>());
  /** What was saved since the capture was opened, by SHA-256. */
  const saved = shallowReactive(new Map<string, SavedImage>());
  /** SHA-256 of what is being saved. */
  const saving = ref<string>();
  /** The last question about each: the list, or an image by its SHA-256. */
  const asked = new Map<string, symbol>();

  /** Asks until all is counted; only the answers to the last question count. */
  async function count<Answer extends { readonly progress?: Progress }>(
    about: string,
    ask: (capture: string) => Promise<Result<Answer>>,
    take: (answer: Answer) => void,
  ): Promise<void> {
    const question = Symbol(about);
    asked.set(about, question);
    const capture = captures.currentId;
    while (capture !== undefined && asked.get(about) === question) {
      const answer = await ask(capture);
      if (asked.get(about) !== question) return;
      const found = notices.valueOf(answer);
      if (found) take(found);
      if (!found?.progress) break;
      await new Promise((resolve) => setTimeout(resolve, REST));
    }
    if (asked.get(about) === question) asked.delete(about);
  }

  const load = (): Promise<void> =>
    count(LIST, bridge.images, (list) => {
      all.value = list.rows;
      total.value = list.total;
      beyond.value = list.beyond ?? 0;
      progress.value = list.progress;
    });

  /** Nobody looks at the list any more. */
  function leave(): void {
    asked.delete(LIST);
  }

  /** Finds out about one. */
  const want = (sha256: string): Promise<void> =>
    count(
      sha256,
      (capture) => bridge.imageUse(capture, sha256),
      ({ row, progress: done }) => {
        if (row && (!done || !rows.has(sha256))) rows.set(sha256, row);
      },
    );

  watch(
    () => captures.currentId,
    () => {
      asked.clear();
      all.value = undefined;
      progress.value = undefined;
      total.value = beyond.value = 0;
      rows.clear();
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

  return { all, total, beyond, progress, rows, saved, saving, load, leave, want, save, copyHash };
});

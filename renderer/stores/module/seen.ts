/** The attempts of the open capture that handed this very image to the kernel. */
import type { Attempt } from '#contract/attempt.ts';
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { bridge } from '../../bridge.ts';
import { useCaptures } from '../captures.ts';
import { useImages } from '../images.ts';
import { useModules } from './modules.ts';

/** Attempts that are fetched; the table of attempts has them all. */
export const MOST_SEEN = 500;

export const useModuleSeen = defineStore('module-seen', () => {
  const captures = useCaptures();
  const images = useImages();
  const modules = useModules();
  /** In order; undefined while they are not known, or where no capture is open that could hold them. */
  const attempts = shallowRef<readonly Attempt[]>();
  let asked = 0;

  const sha256 = computed(() => {
    const { from } = modules.current ?? {};
    return from && from.capture === captures.currentId ? from.sha256 : undefined;
  });
  const image = computed(() => (sha256.value === undefined ? undefined : images.rows.get(sha256.value)));

  watch(
    sha256,
    (hash) => {
      if (hash !== undefined) void images.want(hash);
    },
    { immediate: true },
  );

  /** Only the answers to the last question count. */
  watch(
    image,
    async (row) => {
      const question = ++asked;
      attempts.value = undefined;
      const capture = captures.currentId;
      if (!row || capture === undefined) return;
      const answers = await Promise.all(row.callIds.slice(0, MOST_SEEN).map((id) => bridge.attempt(capture, id)));
      if (question === asked) attempts.value = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
    },
    { immediate: true },
  );

  return { image, attempts };
});

/** The find box over the whole inspector: a text, and what it was found in. */
import type { FoundInModule } from '#contract/module.ts';
import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import { bridge } from '../../bridge.ts';
import { useNotices } from '../notices.ts';
import { useModules } from './modules.ts';

/** Milliseconds without a key after which it is looked for. */
const PAUSE = 120;

export const useModuleFind = defineStore('module-find', () => {
  const modules = useModules();
  const notices = useNotices();
  const text = ref('');
  /** Undefined while nothing is looked for, or the answer is under way. */
  const found = shallowRef<FoundInModule>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  /** Only the answer to the last question counts. */
  async function find(): Promise<void> {
    const question = ++asked;
    const module = modules.current;
    const wanted = text.value.trim();
    if (!module || wanted === '') return;
    const answer = await bridge.findInModule(module.id, wanted);
    if (question === asked) found.value = notices.valueOf(answer);
  }

  watch(text, () => {
    clearTimeout(timer);
    asked += 1;
    if (text.value.trim() === '') found.value = undefined;
    else timer = setTimeout(() => void find(), PAUSE);
  });
  watch(
    () => modules.current?.id,
    () => {
      text.value = '';
    },
  );

  return { text, found };
});

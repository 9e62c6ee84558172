/** The byte that is looked at, the bytes that are selected, and what the byte belongs to. */
import type { BytePlace } from '#contract/module.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { bridge } from '../../bridge.ts';
import { copyAs, MOST_COPIED, type CopyForm } from '../../module/hex/copy-as.ts';
import type { Range } from '../../module/hex/rows.ts';
import { count } from '../../format/numbers.ts';
import { useNotices } from '../notices.ts';
import { useModuleBytes } from './bytes.ts';
import { useModules } from './modules.ts';
import { useModuleParts } from './parts.ts';
import { useModulePlace } from './place.ts';

export const useModuleCursor = defineStore('module-cursor', () => {
  const modules = useModules();
  const bytes = useModuleBytes();
  const notices = useNotices();
  const parts = useModuleParts();
  const place = useModulePlace();
  const cursor = ref(0);
  /** Where the selection began; it goes up to the cursor. */
  const anchor = ref<number>();
  const belongs = shallowRef<BytePlace>();
  let asked = 0;

  const selection = computed<Range | undefined>(() => {
    if (anchor.value === undefined) return undefined;
    const offset = Math.min(anchor.value, cursor.value);
    return { offset, size: Math.abs(anchor.value - cursor.value) + 1 };
  });
  const lit = computed(() => place.place.lit);

  function move(offset: number, extend: boolean): void {
    anchor.value = extend ? (anchor.value ?? cursor.value) : undefined;
    cursor.value = offset;
  }

  watch(
    () => place.shown?.id,
    () => {
      cursor.value = lit.value?.offset ?? 0;
      anchor.value = undefined;
      belongs.value = undefined;
    },
  );
  // What is lit is looked at.
  watch(lit, (range) => {
    if (range) move(range.offset, false);
  });

  /** Of an image that was just opened the facts come first: they are what one waits for. */
  const busy = computed(() => place.shown === modules.current && parts.settled !== place.shown?.id);

  /** Only the answer to the last question counts. */
  watch(
    [cursor, () => place.shown?.id, busy],
    async ([offset, id, waits]) => {
      const question = ++asked;
      if (id === undefined || waits) return;
      const answer = await bridge.placeInModule(id, offset);
      if (question === asked) belongs.value = answer.ok ? answer.value : undefined;
    },
    { immediate: true },
  );

  /** What would be copied: the selection, else what is lit around the cursor, else the byte. */
  const copied = computed<Range>(() => {
    if (selection.value) return selection.value;
    const range = lit.value;
    const within = range && cursor.value >= range.offset && cursor.value < range.offset + range.size;
    return within ? range : { offset: cursor.value, size: 1 };
  });

  async function copy(form: CopyForm): Promise<void> {
    const { offset, size } = copied.value;
    if (size > MOST_COPIED) {
      notices.report({
        code: 'bad-request',
        message: `${count(size)} bytes are more than the clipboard is given at once; ${count(MOST_COPIED)} are the most.`,
      });
      return;
    }
    const found = await bytes.whole(offset, size);
    if (found) await modules.copy(copyAs(found, form));
  }

  return { cursor, selection, lit, belongs, copied, move, copy };
});

/** Looks for a text in one function's code. */
import type { FoundInCode } from '#contract/module-code.ts';
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { bridge } from '../../bridge.ts';
import { plural } from '../../format/numbers.ts';

/** Milliseconds without a key after which it is looked for. */
const PAUSE = 120;

export interface CodeSearch {
  readonly text: Ref<string>;
  readonly hits: ComputedRef<ReadonlySet<number>>;
  /** How many, in words. */
  readonly amount: ComputedRef<string>;
  /** The next one after an instruction, or the one before; from the end to the beginning again. */
  next(from: number, by: 1 | -1): FoundInCode['hits'][number] | undefined;
}

export function useCodeSearch(module: Readonly<Ref<string>>, at: Readonly<Ref<number | undefined>>): CodeSearch {
  const text = ref('');
  const found = shallowRef<FoundInCode>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  async function find(): Promise<void> {
    const question = ++asked;
    const wanted = text.value.trim();
    if (wanted === '' || at.value === undefined) {
      found.value = undefined;
      return;
    }
    const answer = await bridge.findInCode(module.value, at.value, wanted);
    if (question === asked) found.value = answer.ok ? answer.value : undefined;
  }
  watch(text, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void find(), PAUSE);
  });
  watch([module, at], find);

  const hits = computed(() => new Set(found.value?.hits.map(({ index }) => index)));
  const amount = computed(() => {
    if (!found.value) return '';
    return found.value.total === 0 ? 'not found' : plural(found.value.total, 'hit');
  });

  function next(from: number, by: 1 | -1): FoundInCode['hits'][number] | undefined {
    const all = found.value?.hits ?? [];
    if (by === 1) return all.find(({ index }) => index > from) ?? all[0];
    return all.findLast(({ index }) => index < from) ?? all.at(-1);
  }

  return { text, hits, amount, next };
}

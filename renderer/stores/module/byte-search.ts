/** The search through the image's bytes: what it has found so far, and which hit is looked at. */
import type { ByteSearch } from '#contract/module.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { bridge } from '../../bridge.ts';
import type { Range } from '../../module/hex/rows.ts';
import { useModulePlace } from './place.ts';

/** Hits that are kept; more of them are no answer but a question. */
export const MOST_FOUND = 10_000;

export const useByteSearch = defineStore('byte-search', () => {
  const place = useModulePlace();
  const kind = ref<ByteSearch['kind']>('text');
  const ignoreCase = ref(true);
  const hits = shallowRef<readonly Range[]>([]);
  const searching = ref(false);
  /** Whether there are more than are kept. */
  const cut = ref(false);
  /** Why the pattern is none. */
  const problem = ref<string>();
  /** Index of the hit that is looked at. */
  const at = ref(-1);
  let asked = 0;

  function clear(): void {
    asked += 1;
    hits.value = [];
    searching.value = cut.value = false;
    problem.value = undefined;
    at.value = -1;
  }
  watch(() => place.shown?.id, clear);

  /** Begins anew; only the last question counts. */
  async function search(pattern: string): Promise<void> {
    clear();
    const question = asked;
    const module = place.shown;
    if (!module || pattern === '') return;
    searching.value = true;
    for (let from: number | undefined = 0; from !== undefined;) {
      const answer = await bridge.searchModule(module.id, {
        ...{ kind: kind.value, pattern, ignoreCase: ignoreCase.value, from },
      });
      if (question !== asked) return;
      if (!answer.ok) {
        problem.value = answer.error.message;
        break;
      }
      hits.value = [...hits.value, ...answer.value.hits];
      from = answer.value.next;
      if (hits.value.length >= MOST_FOUND && from !== undefined) {
        cut.value = true;
        break;
      }
    }
    searching.value = false;
  }

  const hit = computed(() => hits.value[at.value]);

  /** To the next hit, or the one before; from the end to the beginning again. */
  function step(by: 1 | -1): void {
    const { length } = hits.value;
    if (length > 0) at.value = at.value < 0 ? (by === 1 ? 0 : length - 1) : (at.value + by + length) % length;
  }

  return { kind, ignoreCase, hits, hit, at, searching, cut, problem, search, step, clear };
});

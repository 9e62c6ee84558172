/** The list of completions below a filter: when it is shown, what is pointed at, what is taken. */
import type { FilterCompletion, FilterCompletions } from '#contract/filter.ts';
import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue';
import { latest } from './latest.ts';

export interface Completing {
  readonly items: ComputedRef<readonly FilterCompletion[]>;
  /** Index of the item that is pointed at; -1 where none is. */
  readonly at: Ref<number>;
  readonly isOpen: ComputedRef<boolean>;
  /** Asks for what can stand at the caret. */
  ask(caret: number): Promise<void>;
  close(): void;
  move(by: number): void;
  /** The text with an item in it, and where the caret goes; undefined where there is none. */
  taken(text: string, index: number): { readonly text: string; readonly caret: number } | undefined;
}

export function useCompleting(complete: (caret: number) => Promise<FilterCompletions | undefined>): Completing {
  const askLast = latest(complete);
  const found = shallowRef<FilterCompletions>();
  const at = ref(-1);
  let asked = 0;
  const items = computed(() => found.value?.items ?? []);

  function close(): void {
    asked += 1;
    found.value = undefined;
    at.value = -1;
  }

  return {
    items,
    at,
    isOpen: computed(() => items.value.length > 0),
    ask: async (caret) => {
      const question = ++asked;
      const answer = await askLast(caret);
      if (question !== asked) return;
      found.value = answer;
      at.value = -1;
    },
    close,
    move: (by) => {
      const { length } = items.value;
      if (length === 0) return;
      // From nothing forward to the first, backward to the last; beyond the ends to nothing.
      const places = length + 1;
      at.value = ((at.value + 1 + by + places) % places) - 1;
    },
    taken: (text, index) => {
      const list = found.value;
      const item = list?.items[index];
      if (!list || !item) return undefined;
      const rest = text.slice(list.to);
      // What is complete is followed by a blank, so that the next part can be typed at once.
      const written = /^\s/.test(rest) ? item.text : `${item.text} `;
      return { text: text.slice(0, list.from) + written + rest, caret: list.from + item.text.length + 1 };
    },
  };
}

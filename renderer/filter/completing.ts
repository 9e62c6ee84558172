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
  /** Whether an answer is under way; what is shown until then is of what was typed before. */
  isAsking(): boolean;
  /** While an answer is under way it is moved in the list that comes. */
  move(by: number): void;
  /** Whether something is pointed at, or will be once the answer is there. */
  isPointing(): boolean;
  /** Resolves when the list is of what is typed now. */
  answered(): Promise<void>;
  /** The text with an item in it, and where the caret goes; undefined where there is none. */
  taken(text: string, index: number): { readonly text: string; readonly caret: number } | undefined;
}

export function useCompleting(complete: (caret: number) => Promise<FilterCompletions | undefined>): Completing {
  const askLast = latest(complete);
  const found = shallowRef<FilterCompletions>();
  const at = ref(-1);
  let asked = 0;
  let underWay: Promise<void> | undefined;
  let moves = 0;
  const items = computed(() => found.value?.items ?? []);

  function close(): void {
    asked += 1;
    moves = 0;
    underWay = undefined;
    found.value = undefined;
    at.value = -1;
  }

  function move(by: number): void {
    const { length } = items.value;
    if (underWay) moves += by;
    else if (length > 0) {
      // From nothing forward to the first, backward to the last; beyond the ends to nothing.
      const places = length + 1;
      at.value = ((((at.value + 1 + by) % places) + places) % places) - 1;
    }
  }

  async function answer(caret: number): Promise<void> {
    const question = ++asked;
    at.value = -1;
    moves = 0;
    try {
      const answer = await askLast(caret);
      if (question === asked) found.value = answer;
    } finally {
      if (question === asked) {
        underWay = undefined;
        move(moves);
        moves = 0;
      }
    }
  }

  return {
    items,
    at,
    isOpen: computed(() => items.value.length > 0),
    ask: (caret) => (underWay = answer(caret)),
    close,
    isAsking: () => underWay !== undefined,
    move,
    isPointing: () => at.value >= 0 || moves !== 0,
    answered: async () => {
      while (underWay) await underWay;
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

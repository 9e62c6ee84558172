/** A word on what was just done, in the status line, until it is old. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** Milliseconds that it stays. */
const STAYS = 6000;

export interface Remark {
  readonly words: string;
  /** Something other than what was asked for has been done. */
  readonly warning: boolean;
}

export const useRemark = defineStore('remark', () => {
  const remark = shallowRef<Remark>();
  let end: ReturnType<typeof setTimeout> | undefined;

  function say(words: string, warning = false): void {
    clearTimeout(end);
    remark.value = { words, warning };
    // What warns stays until the next word.
    end = warning ? undefined : setTimeout(() => (remark.value = undefined), STAYS);
  }

  return { remark, say };
});

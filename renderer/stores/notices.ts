/** What could not be done, told until the user has seen it. */
import type { Failure, Result } from '#contract/result.ts';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { bridge } from '../bridge.ts';

export interface Notice {
  readonly id: number;
  readonly failure: Failure;
}

/** Notices that are shown at a time; older ones make room. */
const LIMIT = 4;

/** Time in which a page hears that a capture was closed, in milliseconds. */
const HEARD = 2000;

export const useNotices = defineStore('notices', () => {
  const notices = shallowRef<readonly Notice[]>([]);
  let last = 0;
  let isOpen: (capture: string) => boolean = () => true;

  /** @returns the notice's id */
  function report(failure: Failure): number {
    const others = notices.value.filter((notice) => notice.failure.message !== failure.message);
    notices.value = [...others, { id: ++last, failure }].slice(-LIMIT);
    return last;
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  }

  function dismissLast(): void {
    notices.value = notices.value.slice(0, -1);
  }

  /** The value, or undefined after having told why there is none. */
  function valueOf<T>(result: Result<T>): T | undefined {
    if (result.ok) return result.value;
    const { error } = result;
    const { closed } = error;
    if (closed === undefined) report(error);
    else {
      // It was closed while something was asked about it: that is told only where it is shown all the same.
      setTimeout(() => {
        if (isOpen(closed)) report(error);
      }, HEARD);
    }
    return undefined;
  }

  /** Whoever knows which captures are shown says so. */
  function askWhatIsOpen(known: (capture: string) => boolean): void {
    isOpen = known;
  }

  /** The sentence with its code and detail, for a report. */
  async function copy({ code, message, detail }: Failure): Promise<void> {
    valueOf(await bridge.copyText([`${code}: ${message}`, detail ?? ''].join('\n').trim()));
  }

  return { notices, report, dismiss, dismissLast, valueOf, askWhatIsOpen, copy };
});

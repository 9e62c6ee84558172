/** Recordings that an earlier run of the app left without having seen their end. */
import type { LeftRecording } from '#contract/recording.ts';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';

/** Time between two looks at a file that is still written to, in milliseconds. */
const LOOK_EVERY = 1000;

export const useLeft = defineStore('left', () => {
  const captures = useCaptures();
  const notices = useNotices();
  const list = shallowRef<readonly LeftRecording[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Looks again as long as a recorder is at work on one of them. */
  async function load(): Promise<void> {
    list.value = notices.valueOf(await bridge.leftRecordings()) ?? [];
    clearTimeout(timer);
    if (list.value.some(({ stands }) => stands === 'recording')) timer = setTimeout(() => void load(), LOOK_EVERY);
  }

  function drop(gone: LeftRecording): void {
    list.value = list.value.filter(({ id }) => id !== gone.id);
  }

  async function open(one: LeftRecording): Promise<void> {
    if (await captures.openLeft(one)) drop(one);
  }

  async function forget(one: LeftRecording): Promise<void> {
    drop(one);
    notices.valueOf(await bridge.forgetLeft(one.id));
  }

  return { list, load, open, forget };
});

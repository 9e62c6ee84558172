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

  async function open({ id, name }: LeftRecording): Promise<void> {
    captures.opening = name;
    const opened = notices.valueOf(await bridge.openLeft(id));
    captures.opening = undefined;
    if (!opened) return;
    list.value = list.value.filter((one) => one.id !== id);
    await captures.showOpened(opened);
  }

  async function forget({ id }: LeftRecording): Promise<void> {
    list.value = list.value.filter((one) => one.id !== id);
    notices.valueOf(await bridge.forgetLeft(id));
  }

  return { list, load, open, forget };
});

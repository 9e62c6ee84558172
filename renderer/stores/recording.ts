/** The live session: its state as main tells it, start and stop. */
import type { RecordingState } from '#contract/recording.ts';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';

export const useRecording = defineStore('recording', () => {
  const captures = useCaptures();
  const notices = useNotices();
  const state = shallowRef<RecordingState>({ state: 'idle' });
  const active = computed(() => ['starting', 'recording', 'stopping'].includes(state.value.state));

  function told(next: RecordingState): void {
    state.value = next;
    if (next.state === 'recording') captures.keptId = next.capture;
    else if (!active.value) captures.keptId = undefined;
    if (next.state === 'failed') notices.report(next.error);
  }

  /** @param images - keep the bytes of modules; otherwise only their hashes. */
  async function start(images = true): Promise<void> {
    const result = await bridge.startRecording({ images });
    const capture = notices.valueOf(result);
    if (capture) await captures.show(capture);
  }

  async function stop(): Promise<void> {
    notices.valueOf(await bridge.stopRecording());
  }

  return { state, active, told, start, stop };
});

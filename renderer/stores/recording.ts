/** The live session: its state as main tells it, start and stop. */
import type { OpenCapture } from '#contract/api.ts';
import type { RecordingOptions, RecordingState, StreamSource } from '#contract/recording.ts';
import type { Result } from '#contract/result.ts';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';

export const useRecording = defineStore('recording', () => {
  const captures = useCaptures();
  const notices = useNotices();
  const state = shallowRef<RecordingState>({ state: 'idle' });
  const stoppable = computed(() => {
    const now = state.value;
    if (now.state !== 'starting') return now.state === 'recording';
    return now.stream === true || now.asks === true || now.byHand !== undefined;
  });
  /** The dialog that asks what to record, or where a stream comes from. */
  const asking = shallowRef<'record' | 'attach'>();
  const active = computed(() => ['starting', 'recording', 'stopping'].includes(state.value.state));
  /** Whether there is something that a recorder has written; before, what lies under the name is another's. */
  const discardable = computed(() => ['recording', 'stopping'].includes(state.value.state));

  /** The notice of the recording that failed last. */
  let failed: number | undefined;

  function told(next: RecordingState): void {
    state.value = next;
    if (next.state === 'recording') captures.keptId = next.capture;
    else if (!active.value) captures.keptId = undefined;
    if (next.state === 'failed') failed = notices.report(next.error);
  }

  async function start(options: RecordingOptions = { images: true }): Promise<void> {
    await showBegun(await bridge.startRecording(options));
  }

  async function attach(source: StreamSource): Promise<void> {
    await showBegun(await bridge.attachStream(source));
  }

  async function showBegun(result: Result<OpenCapture | null>): Promise<void> {
    const capture = notices.valueOf(result);
    if (capture) await captures.show(capture);
  }

  /** Looks at what is recorded, also where another window began it. */
  async function show(): Promise<void> {
    const known = captures.list.find(({ id }) => id === captures.keptId);
    const capture = known ?? notices.valueOf(await bridge.watchRecording());
    if (capture) await captures.show(capture);
  }

  async function stop(): Promise<void> {
    notices.valueOf(await bridge.stopRecording());
  }

  async function discard(): Promise<void> {
    failed = undefined;
    const isDeleted = notices.valueOf(await bridge.discardRecording());
    // Its recorder has ended by itself during the question: what is said of its file holds no more.
    if (isDeleted && failed !== undefined) notices.dismiss(failed);
  }

  return { state, active, stoppable, discardable, asking, told, start, attach, show, stop, discard };
});

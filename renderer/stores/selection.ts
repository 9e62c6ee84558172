/** The one selection: table, timeline and inspector always show the same thing. */
import type { Attempt } from '#contract/attempt.ts';
import type { Event } from '#contract/event.ts';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';

export const useSelection = defineStore('selection', () => {
  const captures = useCaptures();
  const notices = useNotices();
  /** The attempt's call; also that of a selected event which belongs to a call. */
  const callId = ref<number>();
  const seq = ref<number>();
  const attempt = shallowRef<Attempt>();
  const event = shallowRef<Event>();
  let asked = 0;

  /** Only the answer to the last question counts. */
  async function load(fetch: (capture: string) => Promise<void>): Promise<void> {
    const capture = captures.currentId;
    if (capture !== undefined) await fetch(capture);
  }

  async function selectAttempt(id: number): Promise<void> {
    const question = ++asked;
    callId.value = id;
    await load(async (capture) => {
      const found = notices.valueOf(await bridge.attempt(capture, id));
      if (!found || question !== asked) return;
      attempt.value = found;
      seq.value = found.seq;
      const own = notices.valueOf(await bridge.event(capture, found.seq));
      if (own && question === asked) event.value = own;
    });
  }

  async function selectEvent(number: number): Promise<void> {
    const question = ++asked;
    seq.value = number;
    await load(async (capture) => {
      const found = notices.valueOf(await bridge.event(capture, number));
      if (!found || question !== asked) return;
      event.value = found;
      callId.value = found.callId;
      if (found.callId === undefined) attempt.value = undefined;
      else {
        // A stage whose call was lost has no attempt; that is no error.
        const answer = await bridge.attempt(capture, found.callId);
        if (question === asked) attempt.value = answer.ok ? answer.value : undefined;
      }
    });
  }

  function clear(): void {
    asked += 1;
    callId.value = seq.value = undefined;
    attempt.value = event.value = undefined;
  }

  /** The capture has grown: what is selected may have gone on. */
  async function refresh(): Promise<void> {
    if (callId.value === undefined || attempt.value === undefined) return;
    const question = asked;
    const id = callId.value;
    await load(async (capture) => {
      const answer = await bridge.attempt(capture, id);
      if (answer.ok && question === asked) attempt.value = answer.value;
    });
  }

  return { callId, seq, attempt, event, selectAttempt, selectEvent, clear, refresh };
});

/** The one selection: table, timeline and inspector always show the same thing. */
import type { Attempt } from '#contract/attempt.ts';
import type { Event } from '#contract/event.ts';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';

/** What is as it was stays the same object, and nothing is drawn anew for it. */
const renewed = <Thing>(before: Thing, now: Thing): Thing =>
  JSON.stringify(before) === JSON.stringify(now) ? before : now;

export const useSelection = defineStore('selection', () => {
  const captures = useCaptures();
  const notices = useNotices();
  /** The attempt's call; also that of a selected event which belongs to a call. */
  const callId = ref<number>();
  const seq = ref<number>();
  const attempt = shallowRef<Attempt>();
  const event = shallowRef<Event>();
  let asked = 0;

  /** Only the answer to the last question counts, also where it is that there is none. */
  async function selectAttempt(id: number): Promise<void> {
    const question = ++asked;
    callId.value = id;
    const capture = captures.currentId;
    if (capture === undefined) return;
    const answer = await bridge.attempt(capture, id);
    if (question !== asked) return;
    const found = notices.valueOf(answer);
    if (!found) {
      clear();
      return;
    }
    attempt.value = found;
    seq.value = found.seq;
    const own = await bridge.event(capture, found.seq);
    if (question === asked) event.value = notices.valueOf(own);
  }

  async function selectEvent(number: number): Promise<void> {
    const question = ++asked;
    seq.value = number;
    const capture = captures.currentId;
    if (capture === undefined) return;
    const answer = await bridge.event(capture, number);
    if (question !== asked) return;
    const found = notices.valueOf(answer);
    if (!found) {
      clear();
      return;
    }
    event.value = found;
    callId.value = found.callId;
    // A stage whose call was lost has no attempt; that is no error.
    const whole = found.callId === undefined ? undefined : await bridge.attempt(capture, found.callId);
    if (question === asked) attempt.value = whole?.ok ? whole.value : undefined;
  }

  function clear(): void {
    asked += 1;
    callId.value = seq.value = undefined;
    attempt.value = event.value = undefined;
  }

  /** The capture has grown: what is selected may have gone on. */
  async function refresh(): Promise<void> {
    const question = asked;
    const capture = captures.currentId;
    const id = callId.value;
    if (capture === undefined || id === undefined) return;
    const call = event.value?.pending ? event.value.seq : undefined;
    const [whole, own] = await Promise.all([
      bridge.attempt(capture, id),
      call === undefined ? undefined : bridge.event(capture, call),
    ]);
    if (question !== asked || callId.value !== id) return;
    if (whole.ok) attempt.value = renewed(attempt.value, whole.value);
    if (own?.ok) event.value = renewed(event.value, own.value);
  }

  /** The selected attempt as a paragraph, for a report. */
  async function copyStory(): Promise<void> {
    const capture = captures.currentId;
    if (capture === undefined || attempt.value === undefined) return;
    const text = notices.valueOf(await bridge.attemptStory(capture, attempt.value.callId));
    if (text !== undefined) notices.valueOf(await bridge.copyText(text));
  }

  return { callId, seq, attempt, event, selectAttempt, selectEvent, clear, refresh, copyStory };
});

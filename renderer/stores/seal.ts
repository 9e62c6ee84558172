/** Walking the seal of the capture that is looked at: how far it is, what it found. */
import type { Notices } from '#contract/api.ts';
import type { SealProgress, SealVerdict } from '#contract/seal.ts';
import { defineStore } from 'pinia';
import { computed, shallowReactive } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';

/** Before the first step is told. */
const BEGUN: SealProgress = { rows: 0, allRows: 0, seconds: 0 };

export const useSeal = defineStore('seal', () => {
  const captures = useCaptures();
  const notices = useNotices();
  /** By capture; what was found stays for as long as the capture is open. */
  const verdicts = shallowReactive(new Map<string, SealVerdict>());
  const walks = shallowReactive(new Map<string, SealProgress>());

  const summary = computed(() => captures.current?.info.seal);
  const verdict = computed(() => verdicts.get(captures.currentId ?? ''));
  const progress = computed(() => walks.get(captures.currentId ?? ''));

  async function verify(): Promise<void> {
    const id = captures.currentId;
    if (id === undefined || walks.has(id)) return;
    walks.set(id, BEGUN);
    const found = notices.valueOf(await bridge.verifySeal(id));
    walks.delete(id);
    // Called off or not possible: what was found before still holds.
    if (found) verdicts.set(id, found);
  }

  async function cancel(): Promise<void> {
    const id = captures.currentId;
    if (id !== undefined && walks.has(id)) notices.valueOf(await bridge.cancelVerify(id));
  }

  function told({ capture, progress: now }: Notices['verifying']): void {
    if (walks.has(capture)) walks.set(capture, now);
  }

  return { summary, verdict, progress, verify, cancel, told };
});

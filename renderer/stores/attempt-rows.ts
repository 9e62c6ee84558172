/** The table of attempts. */
import type { Attempt } from '#contract/attempt.ts';
import type { AttemptColumn } from '#contract/page.ts';
import { defineStore, storeToRefs } from 'pinia';
import { computed } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { pagedRows } from './paged-rows.ts';
import { isApart, useView } from './view.ts';

export const useAttemptRows = defineStore('attempt-rows', () => {
  const { currentId } = storeToRefs(useCaptures());
  const view = useView();
  return pagedRows<Attempt, AttemptColumn>({
    capture: currentId,
    firstSort: 'time',
    inTime: 'time',
    // What is said below all views of a capture is of attempts, but below the events.
    isShown: computed(() => !isApart(view.view) && view.view !== 'events'),
    tellsTotal: true,
    fetch: (capture, request) => bridge.attempts(capture, request),
    indexOf: (capture, callId, order) => bridge.attemptIndex(capture, callId, order),
  });
});

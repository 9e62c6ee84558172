/** The table of attempts. */
import type { Attempt } from '#contract/attempt.ts';
import type { AttemptColumn } from '#contract/page.ts';
import { defineStore, storeToRefs } from 'pinia';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { pagedRows } from './paged-rows.ts';

export const useAttemptRows = defineStore('attempt-rows', () => {
  const { currentId } = storeToRefs(useCaptures());
  return pagedRows<Attempt, AttemptColumn>({
    capture: currentId,
    firstSort: 'time',
    inTime: 'time',
    fetch: (capture, request) => bridge.attempts(capture, request),
    indexOf: (capture, callId, order) => bridge.attemptIndex(capture, callId, order),
  });
});

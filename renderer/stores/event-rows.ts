/** The table of events. */
import type { Event } from '#contract/event.ts';
import type { EventColumn } from '#contract/page.ts';
import { defineStore, storeToRefs } from 'pinia';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { pagedRows } from './paged-rows.ts';

export const useEventRows = defineStore('event-rows', () => {
  const { currentId } = storeToRefs(useCaptures());
  return pagedRows<Event, EventColumn>({
    capture: currentId,
    firstSort: 'seq',
    inTime: 'time',
    fetch: (capture, request) => bridge.events(capture, request),
    indexOf: (capture, seq, order) => bridge.eventIndex(capture, seq, order),
  });
});

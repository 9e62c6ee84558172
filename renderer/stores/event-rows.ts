/** The table of events. */
import type { Event } from '#contract/event.ts';
import type { EventColumn } from '#contract/page.ts';
import { defineStore, storeToRefs } from 'pinia';
import { computed } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { pagedRows } from './paged-rows.ts';
import { useView } from './view.ts';

export const useEventRows = defineStore('event-rows', () => {
  const { currentId } = storeToRefs(useCaptures());
  const view = useView();
  return pagedRows<Event, EventColumn>({
    capture: currentId,
    firstSort: 'seq',
    inTime: 'time',
    isShown: computed(() => view.view === 'events'),
    tellsTotal: true,
    fetch: (capture, request) => bridge.events(capture, request),
    indexOf: (capture, seq, order) => bridge.eventIndex(capture, seq, order),
  });
});

/** The parts of a place in a capture: view, timeline, filters and order of the tables, selection. */
import { FILTER_TABLES, MOST_FILTER } from '#contract/filter.ts';
import { ATTEMPT_COLUMNS, EVENT_COLUMNS } from '#contract/page.ts';
import { useAttemptRows } from '../stores/attempt-rows.ts';
import { useCaptures } from '../stores/captures.ts';
import { useEventRows } from '../stores/event-rows.ts';
import { useFilters } from '../stores/filters.ts';
import type { PlacePart } from '../stores/places.ts';
import { useSelection } from '../stores/selection.ts';
import { useTimeline } from '../stores/timeline.ts';
import { isApart, useView, VIEWS } from '../stores/view.ts';
import type { Span } from '../timeline/span.ts';

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

const whole = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

function spanOf(value: unknown): Span | undefined {
  const { from, to } = fieldsOf(value);
  const fits = typeof from === 'number' && typeof to === 'number' && Number.isFinite(to - from) && from < to;
  return fits ? { from, to } : undefined;
}

/** Sorts rows as a place says, or by the first column where it says nothing that fits. */
function order<Column extends string>(
  rows: { sort: Column; descending: boolean },
  columns: readonly Column[],
  first: Column,
  value: unknown,
): void {
  const { sort, descending } = fieldsOf(value);
  const known = columns.find((column) => column === sort);
  rows.sort = known ?? first;
  rows.descending = known !== undefined && descending === true;
}

export function placeParts(): PlacePart[] {
  const captures = useCaptures();
  const filters = useFilters();
  const selection = useSelection();
  const timeline = useTimeline();
  const view = useView();
  const tables = { attempts: useAttemptRows(), events: useEventRows() };

  const viewPart: PlacePart = {
    name: 'view',
    take: () => ({ view: view.own(), ...(view.own() === 'reference' ? { page: view.page } : {}) }),
    put: (value) => {
      const { view: name, page } = fieldsOf(value);
      if (typeof page === 'string' && page.length < 100) view.page = page;
      for (const own of VIEWS) if (own === name && !isApart(own)) return view.showOwn(own);
      return view.showOwn('attempts');
    },
    step: (value) => JSON.stringify(value),
  };

  const spanPart: PlacePart = {
    name: 'span',
    // Its exact form is no JSON; a place is near enough without it.
    take: () => (timeline.whole ? undefined : { from: timeline.span.from, to: timeline.span.to }),
    put: (value) => {
      const span = spanOf(value);
      if (span) timeline.show(span);
      else timeline.showAll();
    },
  };

  const intervalPart: PlacePart = {
    name: 'interval',
    take: () => timeline.interval && { from: timeline.interval.from, to: timeline.interval.to },
    put: (value) => {
      timeline.interval = spanOf(value);
    },
    step: (value) => JSON.stringify(value ?? null),
  };

  /** Before the orders, which fetch rows. */
  const filtersPart: PlacePart = {
    name: 'filters',
    take: () => {
      const applied = FILTER_TABLES.map((table) => [table, filters.applied(table)] as const);
      const some = applied.filter(([, text]) => text !== '');
      return some.length === 0 ? undefined : Object.fromEntries(some);
    },
    put: (value) => {
      for (const table of FILTER_TABLES) {
        const text = fieldsOf(value)[table];
        filters.restore(table, typeof text === 'string' && text.length <= MOST_FILTER ? text : '');
      }
    },
    step: (value) => JSON.stringify(value ?? null),
  };

  /** After the interval, which the rows are restricted to. */
  const ordersPart: PlacePart = {
    name: 'orders',
    take: () => {
      const orders = Object.entries(tables)
        .filter(([, rows]) => !rows.natural)
        .map(([name, { sort, descending }]) => [name, { sort, descending }] as const);
      return orders.length === 0 ? undefined : Object.fromEntries(orders);
    },
    put: (value) => {
      const orders = fieldsOf(value);
      const { interval } = timeline;
      const { clock } = captures;
      const within = interval && clock && { fromNs: clock.ns(interval.from), toNs: clock.ns(interval.to) };
      order(tables.attempts, ATTEMPT_COLUMNS, 'time', orders['attempts']);
      order(tables.events, EVENT_COLUMNS, 'seq', orders['events']);
      for (const rows of Object.values(tables)) rows.restrict(within);
    },
  };

  const selectionPart: PlacePart = {
    name: 'selection',
    take: () => {
      const { callId, seq } = selection;
      if (callId === undefined && seq === undefined) return undefined;
      return { ...(callId === undefined ? {} : { callId }), ...(seq === undefined ? {} : { seq }) };
    },
    put: (value) => {
      const callId = whole(fieldsOf(value)['callId']);
      const seq = whole(fieldsOf(value)['seq']);
      selection.clear();
      // An event brings its attempt along.
      if (seq !== undefined) return selection.selectEvent(seq);
      return callId === undefined ? undefined : selection.selectAttempt(callId);
    },
    // Both ids of one thing arrive one after the other: the one that was chosen counts.
    step: (value) => {
      const { callId, seq } = fieldsOf(value);
      return JSON.stringify((view.own() === 'events' ? (seq ?? callId) : (callId ?? seq)) ?? null);
    },
  };

  return [viewPart, spanPart, intervalPart, filtersPart, ordersPart, selectionPart];
}

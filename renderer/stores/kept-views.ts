/** Views under names: what is looked at now can be kept, and looked at again in any capture. */
import { MOST_VIEW_NAME, MOST_VIEWS, type ViewKept } from '#contract/kept-view.ts';
import type { FilterTable } from '#contract/filter.ts';
import { ATTEMPT_COLUMNS, EVENT_COLUMNS } from '#contract/page.ts';
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { useAttemptRows } from './attempt-rows.ts';
import { useCaptures } from './captures.ts';
import { useEventRows } from './event-rows.ts';
import { useFilters } from './filters.ts';
import { useRemark } from './remark.ts';
import { useSettings } from './settings.ts';
import { useTimeline } from './timeline.ts';
import { useUndo } from './undo.ts';
import { isApart, useView, VIEWS } from './view.ts';

const byName = (views: readonly ViewKept[]): ReadonlyMap<string, ViewKept> =>
  new Map(views.map((view) => [view.name, view]));

const isTable = (view: string): view is FilterTable => view === 'attempts' || view === 'events';

export const useKeptViews = defineStore('kept-views', () => {
  const captures = useCaptures();
  const filters = useFilters();
  const settings = useSettings();
  const timeline = useTimeline();
  const remark = useRemark();
  const undo = useUndo();
  const view = useView();
  const tables = { attempts: useAttemptRows(), events: useEventRows() };
  /** Whether the list of them is open. */
  const isOpen = ref(false);

  const all = computed(() => settings.views);

  function currentView(name: string): ViewKept {
    const own = view.own();
    const { clock } = captures;
    const { interval } = timeline;
    const layout = settings.layout(own);
    return {
      ...{ name: name.trim().slice(0, MOST_VIEW_NAME), view: own },
      ...(isTable(own)
        ? { filter: filters.applied(own), sort: tables[own].sort, descending: tables[own].descending }
        : {}),
      ...(layout ? { layout } : {}),
      ...(interval && clock ? { interval: { fromNs: clock.ns(interval.from), toNs: clock.ns(interval.to) } } : {}),
    };
  }

  /** Looks at a capture that way. What does not fit, as from a file, is passed over. */
  async function applyView(kept: ViewKept): Promise<void> {
    const to = VIEWS.find((name) => name === kept.view && !isApart(name));
    const { clock } = captures;
    if (to === undefined || !clock) return;
    const { interval } = kept;
    const span = interval && { from: clock.offset(interval.fromNs), to: clock.offset(interval.toNs) };
    // One of another recording may lie outside this one: it would leave no row.
    const { recorded } = timeline;
    const fits = span && span.from < span.to && span.from <= recorded.to && span.to >= recorded.from;
    timeline.interval = fits ? span : undefined;
    if (span && !fits) remark.say('The interval of this view lies outside this recording, and was left out.', true);
    if (isTable(to)) {
      // One that was kept with the first columns has none: then these come back.
      await settings.arrange(to, kept.layout);
      order(to, kept);
      filters.restore(to, kept.filter ?? '');
    }
    view.show(to);
  }

  function order(table: FilterTable, { sort, descending = false }: ViewKept): void {
    const columns: readonly string[] = table === 'attempts' ? ATTEMPT_COLUMNS : EVENT_COLUMNS;
    if (sort === undefined || !columns.includes(sort)) return;
    const rows: { sort: string; descending: boolean } = tables[table];
    rows.sort = sort;
    rows.descending = descending;
    tables[table].reset();
  }

  /** Makes of one list another, as far as they differ: another window may have kept a view meanwhile. */
  function turn(from: readonly ViewKept[], to: readonly ViewKept[]): void {
    const [old, fresh] = [byName(from), byName(to)];
    const isSame = ({ name }: ViewKept): boolean => old.get(name) === fresh.get(name);
    const now = byName(all.value.filter(isSame));
    const kept = to.flatMap((view) => (isSame(view) ? (now.get(view.name) ?? []) : view));
    const others = [...now.values()].filter(({ name }) => !fresh.has(name));
    void settings.change({ views: [...kept, ...others] });
  }

  function change(what: string, next: readonly ViewKept[]): void {
    const before = all.value;
    undo.make({
      what,
      redo: () => {
        turn(before, next);
      },
      undo: () => {
        turn(next, before);
      },
    });
  }

  /** Keeps what is looked at; one of the same name is replaced. @returns whether there was room, and a name */
  function keep(name: string): boolean {
    const kept = currentView(name);
    const others = all.value.filter((other) => other.name !== kept.name);
    if (kept.name === '' || others.length >= MOST_VIEWS) return false;
    change(`the view ${kept.name}`, [...others, kept]);
    return true;
  }

  function rename(from: string, to: string): boolean {
    const name = to.trim().slice(0, MOST_VIEW_NAME);
    if (name === '' || all.value.some((other) => other.name === name)) return false;
    const renamed = all.value.map((other) => (other.name === from ? { ...other, name } : other));
    change(`the name of the view ${from}`, renamed);
    return true;
  }

  function remove(name: string): void {
    const left = all.value.filter((other) => other.name !== name);
    change(`the removal of the view ${name}`, left);
  }

  /** Adds those of a case file whose names are new. @returns how many */
  function join(given: readonly ViewKept[]): number {
    const known = new Set(all.value.map(({ name }) => name));
    const room = MOST_VIEWS - known.size;
    const fresh = given.filter(({ name }) => !known.has(name) && known.add(name)).slice(0, room);
    if (fresh.length > 0) change('the import of views', [...all.value, ...fresh]);
    return fresh.length;
  }

  return { all, isOpen, currentView, applyView, keep, rename, remove, join };
});

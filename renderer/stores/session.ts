/** What is open, told to main so that it can be opened again; and what main has opened again, put back as it was. */
import { isModule } from '#contract/api.ts';
import { MODULE_TABS } from '#contract/module.ts';
import { MOST_PLACE, MOST_TABS, type Reopened, type SessionState } from '#contract/session.ts';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { useModules } from './module/modules.ts';
import { useModulePlace } from './module/place.ts';
import { useNotices } from './notices.ts';
import { usePlaces, type Place } from './places.ts';
import { useTabs, type Tab } from './tabs.ts';

/** Characters of a row's id in the inspector at most. */
const MOST_ROW = 500;

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** What was opened again, and why; for the bar that tells it. */
export interface Restored {
  readonly tabs: number;
  readonly crashed: boolean;
  /** One sentence for each that could not be opened. */
  readonly problems: readonly string[];
}

export const useSession = defineStore('session', () => {
  const captures = useCaptures();
  const modules = useModules();
  const modulePlace = useModulePlace();
  const notices = useNotices();
  const places = usePlaces();
  const tabs = useTabs();
  /** Names of what was open the last time and can be opened again. */
  const last = shallowRef<readonly string[]>([]);
  const restored = shallowRef<Restored>();

  function placeOf({ kind, id }: Tab): Place | undefined {
    if (kind === 'capture') return id === captures.currentId ? places.take() : places.kept.get(id);
    const place = modulePlace.placeOf(id);
    return place && { tab: place.tab, ...(place.row === undefined ? {} : { row: place.row }) };
  }

  function textOf(tab: Tab): string {
    const place = placeOf(tab);
    const text = place ? JSON.stringify(place) : '';
    return text.length <= MOST_PLACE ? text : '';
  }

  const state = computed<SessionState>(() => {
    const kept = tabs.tabs.filter(({ kind }) => kind !== 'together').slice(0, MOST_TABS);
    const shown = tabs.active === 'together' ? `capture:${captures.currentId ?? ''}` : tabs.active;
    return {
      tabs: kept.map((tab) => ({ id: tab.id, place: textOf(tab) })),
      active: kept.findIndex(({ key }) => key === shown),
      together: tabs.active === 'together' ? 'shown' : tabs.togetherOpen ? 'open' : 'closed',
    };
  });

  async function keep(): Promise<void> {
    await bridge.keepSession(state.value);
  }

  /** Opens another window; it shows what was told of this one. */
  async function another(): Promise<void> {
    await keep();
    notices.valueOf(await bridge.newWindow());
  }

  function putModule(id: string, place: Readonly<Record<string, unknown>> | undefined): void {
    const tab = MODULE_TABS.find((one) => one === place?.['tab']);
    const row = place?.['row'];
    if (tab) modulePlace.beginAt(id, tab, typeof row === 'string' && row.length <= MOST_ROW ? row : undefined);
  }

  /** Takes in what main has opened, each at its place, and looks at the one that was looked at. */
  function put({ tabs: opened, active, together }: Reopened): void {
    const keys = opened.map(({ opened: one, place }) => {
      if (isModule(one)) {
        putModule(one.id, parsed(place));
        modules.hold(one);
        return `module:${one.id}`;
      }
      const known = parsed(place);
      if (known && one.id !== captures.currentId) places.kept.set(one.id, known);
      captures.hold(one);
      return `capture:${one.id}`;
    });
    // What a module or all together stand before.
    const first = keys.find((key) => key.startsWith('capture:'));
    if (first !== undefined && captures.currentId === undefined) tabs.activate(first);
    const shown = keys[active] ?? keys.at(-1);
    if (shown !== undefined) tabs.activate(shown);
    if (together === 'shown' && captures.current) tabs.showTogether();
    else tabs.togetherOpen = together === 'open';
  }

  function tell(found: Reopened, crashed: boolean): void {
    const problems = found.problems.map(({ message }) => message);
    if (crashed || problems.length > 0) restored.value = { tabs: found.tabs.length, crashed, problems };
  }

  /** What is open already or again; everything else waits for it. */
  async function start(): Promise<void> {
    captures.opening = 'what was open';
    const found = notices.valueOf(await bridge.startSession());
    captures.opening = undefined;
    if (!found) return;
    last.value = found.last ?? [];
    if (!found.open) return;
    put(found.open);
    tell(found.open, found.crashed ?? false);
    await captures.loadRecent();
  }

  async function reopen(): Promise<void> {
    captures.opening = 'what was open';
    last.value = [];
    const found = notices.valueOf(await bridge.reopenSession());
    captures.opening = undefined;
    if (!found) return;
    put(found);
    tell(found, false);
    await captures.loadRecent();
  }

  return { last, restored, state, keep, another, start, reopen };
});

/**
 * The page without a window: `window.modtrail` answered by the real core, on the real sample. Import it before any module
 * of the page, because renderer/bridge.ts looks for `window.modtrail` when it is loaded.
 *
 * Arguments and answers are cloned as they are between processes, so a reactive object that is sent fails here, too.
 */
import type { AppFacts, Bridge, Notices, OpenCapture, Settings, Verb } from '#contract/api.ts';
import type { Annotation } from '#contract/notes.ts';
import { isPacked, pack } from '#contract/packed.ts';
import { fail, notOpen, ok, type Result } from '#contract/result.ts';
import { FIRST_SETTINGS } from '#contract/first-settings.ts';
import { createModuleStore } from '#core/store/modules.ts';
import { createStore, type Store } from '#core/store/store.ts';
import { basename, dirname, join } from 'node:path';
import { createPinia, disposePinia, setActivePinia, type Pinia } from 'pinia';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import { createRenderer, nextTick } from 'vue';
import { ROOT } from '../../scripts/places.ts';
import type {} from '../../renderer/env.d.ts';

export const SAMPLE = join(ROOT, 'samples/sample.modtrail');

const store = createStore();

/** Asks until all was read and found: no test is to depend on how fast the machine is. */
const whole =
  <Args extends unknown[], Value>(verb: (...args: Args) => Result<Value>) =>
  (...args: Args): Result<Value> => {
    for (;;) {
      const answer = verb(...args);
      if (!answer.ok || !(answer.value as { readonly progress?: unknown }).progress) return answer;
      store.work();
    }
  };

export const core: Store = {
  ...store,
  open: (path) => {
    const opened = store.open(path);
    while (store.work());
    const read = opened.ok ? store.refresh(opened.value.handle) : opened;
    return read.ok && read.value ? ok(read.value) : opened;
  },
  attempts: whole(store.attempts),
  events: whole(store.events),
  timeline: whole(store.timeline),
  roster: whole(store.roster),
  lineage: whole(store.lineage),
};
export const moduleCore = createModuleStore();

const listeners = new Map<keyof Notices, Set<(payload: never) => void>>();
const opened = new Map<string, OpenCapture>();

/** Opens a file as main does; every opening is a capture of its own. */
export function openFile(path: string): Result<OpenCapture> {
  const result = core.open(path);
  if (!result.ok) return result;
  const { handle, info, clock } = result.value;
  const capture = { id: handle, name: basename(path), folder: dirname(path), info, clock };
  opened.set(handle, capture);
  return ok(capture);
}

/** @throws Error where the sample does not open */
export function openSample(): OpenCapture {
  const result = openFile(SAMPLE);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

let pinia: Pinia = createPinia();
let settings: Settings = FIRST_SETTINGS;
let keptNotes: readonly Annotation[] = [];
const FACTS: AppFacts = { version: '0.0.0', unsandboxed: true, electron: '0.0.0' };

const answers: { readonly [V in Verb | 'openDropped']: (...args: never[]) => unknown } = {
  captureInfo: core.captureInfo,
  attempts: core.attempts,
  events: core.events,
  attempt: core.attempt,
  attemptStory: core.attemptStory,
  event: core.event,
  attemptIndex: core.attemptIndex,
  eventIndex: core.eventIndex,
  readFilter: core.readFilter,
  completeFilter: core.completeFilter,
  firstMatches: core.firstMatches,
  timeline: core.timeline,
  images: core.images,
  imageUse: core.imageUse,
  roster: core.roster,
  rosterIndex: core.rosterIndex,
  lineage: core.lineage,
  lineageIndex: core.lineageIndex,
  reference: core.reference,
  moduleBytes: moduleCore.moduleBytes,
  searchModule: moduleCore.searchModule,
  modulePart: moduleCore.modulePart,
  moduleRows: moduleCore.moduleRows,
  moduleRowIndex: moduleCore.moduleRowIndex,
  placeInModule: moduleCore.placeInModule,
  findInModule: moduleCore.findInModule,
  moduleCode: moduleCore.moduleCode,
  codeText: moduleCore.codeText,
  findInCode: moduleCore.findInCode,
  compareStep: moduleCore.compareStep,
  differences: moduleCore.differences,
  openModuleAtHand: () => fail('not-found', 'the capture names no file for this image'),
  certificates: () => ok({ sources: [], count: 0 }),
  chooseCertificates: () => ok(null),
  forgetCertificates: () => ok({ sources: [], count: 0 }),
  openModuleWithDialog: () => ok(null),
  openModuleImage: () => fail('no-such-row', 'no image'),
  closeModule: moduleCore.closeModule,
  cancelModules: () => ok(null),
  openWithDialog: () => ok(null),
  openSample: () => openFile(SAMPLE),
  openRecent: () => openFile(SAMPLE),
  recentCaptures: () => ok([]),
  closeCapture: (id: string) => {
    if (!opened.delete(id)) return notOpen(id);
    return core.close(id);
  },
  startRecording: () => openFile(SAMPLE),
  attachStream: () => openFile(SAMPLE),
  watchRecording: () => ok(null),
  stopRecording: () => ok(null),
  discardRecording: () => ok(false),
  leftRecordings: () => ok([]),
  openLeft: () => openFile(SAMPLE),
  forgetLeft: () => ok(null),
  verifySeal: () => ok(null),
  cancelVerify: () => ok(null),
  saveImage: () => ok(null),
  startSession: () => ok({}),
  reopenSession: () => ok({ tabs: [], problems: [], active: -1, together: 'closed' }),
  keepSession: () => ok(null),
  notes: () => ok({ annotations: keptNotes, author: 'analyst' }),
  keepNotes: (_capture: string, annotations: readonly Annotation[]) => {
    keptNotes = annotations;
    return ok(null);
  },
  exportCase: () => ok(null),
  importCase: () => ok(null),
  exportRows: () => ok(null),
  cancelExport: () => ok(null),
  newWindow: () => ok(null),
  settings: () => ok(settings),
  changeSettings: (change: Partial<Settings>) => ok((settings = { ...settings, ...change })),
  copyText: () => ok(null),
  appFacts: () => ok(FACTS),
  openDropped: () => fail('not-a-capture', 'a file that is none was dropped'),
};

const verbs = Object.fromEntries(
  Object.entries(answers).map(([verb, answer]) => [
    verb,
    async (...args: unknown[]) => {
      const sent = structuredClone(args) as never[];
      const asker = pinia;
      await Promise.resolve();
      const found = await answer(...sent);
      // A test that is over hears nothing any more: what its stores did with it would put them in the next test's place.
      if (asker !== pinia) await new Promise(() => undefined);
      return structuredClone(isPacked(verb) ? pack(found as Result<unknown>) : found);
    },
  ]),
) as unknown as Omit<Bridge<File>, 'on'>;

/** The page's way to main. Tests watch its verbs, or put other answers in their place, with `vi.spyOn`. */
export const bridge: Bridge<File> = {
  ...verbs,
  on: (notice, listener) => {
    const known = listeners.get(notice) ?? new Set();
    listeners.set(notice, known.add(listener));
    return () => known.delete(listener);
  },
};

Object.assign(globalThis, { window: { modtrail: bridge } });

/** What waits ends with its page, as in a window that is closed. */
const timers = new Set<ReturnType<typeof setTimeout>>();
const setTimer = globalThis.setTimeout;
globalThis.setTimeout = Object.assign((...args: Parameters<typeof setTimer>) => {
  const timer = setTimer(...args);
  timers.add(timer);
  return timer;
}, setTimer);

/** What main tells without being asked. */
export function tell<N extends keyof Notices>(notice: N, payload: Notices[N]): void {
  for (const listener of listeners.get(notice) ?? []) (listener as (payload: Notices[N]) => void)(payload);
}

/** Listeners of main's notices that are left. */
export const listening = (): number => [...listeners.values()].reduce((sum, { size }) => sum + size, 0);

/** Waits until watchers have run and every question that they asked has been answered. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 8; round++) {
    await nextTick();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Keeps the answers of a verb back; each call of the function that is returned lets the oldest one through. */
export function holdBack(verb: Verb): () => Promise<void> {
  const held: (() => void)[] = [];
  const whole = bridge[verb] as (...args: unknown[]) => Promise<unknown>;
  // One verb stands for all: the union of their types is more than the compiler follows.
  vi.spyOn(bridge, verb as 'images').mockImplementation((async (...args: unknown[]) => {
    const free = new Promise<void>((resolve) => held.push(resolve));
    const answer = await whole(...args);
    await free;
    return answer;
  }) as never);
  return async () => {
    const next = held.shift();
    if (!next) throw new Error(`nobody waits for an answer of ${verb}`);
    next();
    await settled();
  };
}

const ends: (() => void)[] = [];

/** Runs a composable inside a component that draws nothing; it is unmounted after the test, or by the function `end`. */
export function mounted<T>(setup: () => T): { readonly value: T; end(): void } {
  const nothing = (): object => ({});
  const renderer = createRenderer<object, object>({
    patchProp: nothing,
    insert: nothing,
    remove: nothing,
    createElement: nothing,
    createText: nothing,
    createComment: nothing,
    setText: nothing,
    setElementText: nothing,
    parentNode: () => null,
    nextSibling: () => null,
  });
  const found: T[] = [];
  const app = renderer.createApp({
    setup: () => {
      found.push(setup());
      return () => null;
    },
  });
  app.mount({});
  const [value] = found;
  if (value === undefined && found.length === 0) throw new Error('the component was not set up');
  let over = false;
  const end = (): void => {
    if (!over) app.unmount();
    over = true;
  };
  ends.push(end);
  return { value: value as T, end };
}

/** The stores of the test that runs. */
export const currentPinia = (): Pinia => pinia;

beforeEach(() => {
  pinia = createPinia();
  setActivePinia(pinia);
});

afterEach(() => {
  for (const end of ends.splice(0)) end();
  for (const timer of timers) clearTimeout(timer);
  timers.clear();
  disposePinia(pinia);
  vi.restoreAllMocks();
  listeners.clear();
  opened.clear();
  core.closeAll();
  settings = FIRST_SETTINGS;
  keptNotes = [];
});

afterAll(() => {
  core.closeAll();
});

/** Open captures, and the one that is looked at. */
import { isModule, type Notices, type OpenCapture, type Opened, type RecentCapture } from '#contract/api.ts';
import type { LeftRecording } from '#contract/recording.ts';
import type { Result } from '#contract/result.ts';
import type { Wide } from '#contract/wide.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { CaptureClock } from '../format/clock.ts';
import { useModules } from './module/modules.ts';
import { useNotices } from './notices.ts';
import { useView } from './view.ts';

interface Entry {
  readonly capture: OpenCapture;
  /** The first moment when it was opened; offsets count from it, also when the capture grows. */
  readonly origin: Wide;
}

export const useCaptures = defineStore('captures', () => {
  const notices = useNotices();
  const modules = useModules();
  const view = useView();
  const entries = shallowReactive(new Map<string, Entry>());
  const currentId = ref<string>();
  const recent = shallowRef<readonly RecentCapture[]>([]);
  /** What is being opened, for as long as it takes. */
  const opening = ref<string>();
  /** Counts what has arrived; whoever shows rows looks at it. */
  const revision = ref(0);
  /** The one that is being recorded. */
  const keptId = ref<string>();
  /** Told before another capture is looked at, while everything still shows the one before. */
  const leaving = new Set<(id: string) => void>();

  notices.askWhatIsOpen((id) => entries.has(id));

  const entry = computed(() => (currentId.value === undefined ? undefined : entries.get(currentId.value)));
  const current = computed(() => entry.value?.capture);
  const clock = computed(() => (currentId.value === undefined ? undefined : clockOf(currentId.value)));

  /** In the order in which they were opened. */
  const list = computed(() => [...entries.values()].map(({ capture }) => capture));

  function tellLeaving(id: string | undefined): void {
    if (id !== undefined) for (const listener of leaving) listener(id);
  }

  /** @param isTold - those who want to know before have been told */
  function turnTo(id: string | undefined, isTold = false): void {
    if (currentId.value === id) return;
    if (!isTold) tellLeaving(currentId.value);
    currentId.value = id;
  }

  function beforeLeaving(listener: (id: string) => void): () => void {
    leaving.add(listener);
    return () => leaving.delete(listener);
  }

  /** Lets go of a capture; its neighbour is looked at then. */
  async function close(id: string): Promise<void> {
    const isLeft = id === currentId.value;
    // What is being written on it is kept while main still knows it.
    if (isLeft) tellLeaving(id);
    const answer = await bridge.closeCapture(id);
    notices.valueOf(answer);
    // What is being recorded stays open.
    if (!answer.ok && answer.error.code === 'busy') return;
    await forget(id, isLeft);
  }

  /** Takes a capture away that main has let go of. */
  async function forget(id: string, isTold = false): Promise<void> {
    const ids = [...entries.keys()];
    const at = ids.indexOf(id);
    if (currentId.value === id) turnTo(ids[at + 1] ?? ids[at - 1], isTold);
    entries.delete(id);
    await loadRecent();
  }

  const closeCurrent = async (): Promise<void> => {
    if (currentId.value !== undefined) await close(currentId.value);
  };

  /** Takes a capture that main has opened in, without looking at it. */
  function hold(capture: OpenCapture): void {
    if (!entries.has(capture.id)) entries.set(capture.id, { capture, origin: capture.info.firstNs });
  }

  /** Shows a capture that main has opened; the others stay open. */
  async function show(capture: OpenCapture): Promise<void> {
    hold(capture);
    turnTo(capture.id);
    view.leaveModule();
    await loadRecent();
  }

  /** Shows what main has opened, whatever it is. */
  async function showOpened(opened: Opened): Promise<void> {
    if (!isModule(opened)) await show(opened);
    else {
      await modules.show(opened);
      await loadRecent();
    }
  }

  /** Whether something was opened. */
  async function showResult(what: string, result: Promise<Result<Opened | null>>): Promise<boolean> {
    opening.value = what;
    try {
      const found = notices.valueOf(await result);
      if (found) await showOpened(found);
      return Boolean(found);
    } finally {
      opening.value = undefined;
    }
  }

  async function loadRecent(): Promise<void> {
    recent.value = notices.valueOf(await bridge.recentCaptures()) ?? [];
  }

  function grow({ capture: id, info, clock: samples }: Notices['grown']): void {
    const known = entries.get(id);
    if (!known) return;
    entries.set(id, { ...known, capture: { ...known.capture, info, clock: samples } });
    if (id === currentId.value) revision.value += 1;
  }

  /** The clock of any open capture: offsets count from its own first moment. */
  function clockOf(id: string): CaptureClock | undefined {
    const known = entries.get(id);
    return known && new CaptureClock({ firstNs: known.origin }, known.capture.clock);
  }

  return {
    clockOf,
    current,
    currentId,
    clock,
    recent,
    opening,
    revision,
    keptId,
    list,
    beforeLeaving,
    close,
    closeCurrent,
    forget,
    hold,
    show,
    showOpened,
    grow,
    loadRecent,
    openWithDialog: () => showResult('a file', bridge.openWithDialog()),
    openSample: () => showResult('the sample', bridge.openSample()),
    openRecent: ({ id, name }: RecentCapture) => showResult(name, bridge.openRecent(id)),
    openLeft: ({ id, name }: LeftRecording) => showResult(name, bridge.openLeft(id)),
    openDropped: (file: File) => showResult(file.name, bridge.openDropped(file, 'show')),
    /** Back to a capture that is open already. */
    look: (id: string) => {
      if (entries.has(id)) turnTo(id);
    },
  };
});

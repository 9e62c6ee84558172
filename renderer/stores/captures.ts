/** Open captures, and the one that is looked at. */
import { isModule, type Notices, type OpenCapture, type Opened, type RecentCapture } from '#contract/api.ts';
import type { Result } from '#contract/result.ts';
import type { Wide } from '#contract/wide.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { CaptureClock } from '../format/clock.ts';
import { useModules } from './module/modules.ts';
import { useNotices } from './notices.ts';

interface Entry {
  readonly capture: OpenCapture;
  /** The first moment when it was opened; offsets count from it, also when the capture grows. */
  readonly origin: Wide;
}

export const useCaptures = defineStore('captures', () => {
  const notices = useNotices();
  const modules = useModules();
  const entries = shallowReactive(new Map<string, Entry>());
  const currentId = ref<string>();
  const recent = shallowRef<readonly RecentCapture[]>([]);
  /** What is being opened, for as long as it takes. */
  const opening = ref<string>();
  /** Counts what has arrived; whoever shows rows looks at it. */
  const revision = ref(0);
  /** Kept open while another capture is looked at: the one that is being recorded. */
  const keptId = ref<string>();

  const entry = computed(() => (currentId.value === undefined ? undefined : entries.get(currentId.value)));
  const current = computed(() => entry.value?.capture);
  const clock = computed(
    () => entry.value && new CaptureClock({ firstNs: entry.value.origin }, entry.value.capture.clock),
  );

  async function close(id: string): Promise<void> {
    const answer = await bridge.closeCapture(id);
    notices.valueOf(answer);
    // What is being recorded stays open.
    if (!answer.ok && answer.error.code === 'busy') return;
    entries.delete(id);
    if (currentId.value === id) currentId.value = undefined;
    await loadRecent();
  }

  const closeCurrent = async (): Promise<void> => {
    if (currentId.value !== undefined) await close(currentId.value);
  };

  /** The recording is over: its capture is closed like any other that nobody looks at. */
  async function release(): Promise<void> {
    const id = keptId.value;
    keptId.value = undefined;
    if (id !== undefined && id !== currentId.value && entries.has(id)) await close(id);
  }

  /** Shows a capture that main has opened; the one that was shown before is closed. */
  async function show(capture: OpenCapture): Promise<void> {
    const before = currentId.value;
    if (!entries.has(capture.id)) entries.set(capture.id, { capture, origin: capture.info.firstNs });
    currentId.value = capture.id;
    if (before !== undefined && before !== capture.id && before !== keptId.value) await close(before);
    else await loadRecent();
  }

  /** Shows what main has opened, whatever it is. */
  async function showOpened(opened: Opened): Promise<void> {
    if (!isModule(opened)) await show(opened);
    else {
      await modules.show(opened);
      await loadRecent();
    }
  }

  async function showResult(what: string, result: Promise<Result<Opened | null>>): Promise<void> {
    opening.value = what;
    try {
      const found = notices.valueOf(await result);
      if (found) await showOpened(found);
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

  return {
    current,
    currentId,
    clock,
    recent,
    opening,
    revision,
    keptId,
    release,
    close,
    closeCurrent,
    show,
    showOpened,
    grow,
    loadRecent,
    openWithDialog: () => showResult('a file', bridge.openWithDialog()),
    openSample: () => showResult('the sample', bridge.openSample()),
    openRecent: ({ id, name }: RecentCapture) => showResult(name, bridge.openRecent(id)),
    openDropped: (file: File) => showResult(file.name, bridge.openDropped(file, 'show')),
    /** Back to a capture that is open already. */
    look: (id: string) => {
      const known = entries.get(id);
      if (known) void show(known.capture);
    },
  };
});

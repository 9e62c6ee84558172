/** The mark that the keyboard is at, and the way from a mark to its attempt. */
import type { TimelineMark } from '#contract/timeline.ts';
import { shallowRef, watch, type ShallowRef } from 'vue';
import { useCaptures } from '../stores/captures.ts';
import { useSelection } from '../stores/selection.ts';
import { useTabs } from '../stores/tabs.ts';
import { useTogether } from '../stores/together.ts';
import { useView } from '../stores/view.ts';
import { lengthOf, reveal } from '../timeline/span.ts';

export interface Marked {
  readonly capture: string;
  readonly mark: TimelineMark;
}

export function useMarks(): {
  readonly marked: Readonly<ShallowRef<Marked | undefined>>;
  /** To the attempt in its capture's tab. */
  open(what: Marked): Promise<void>;
  /** Moves with the arrows, opens with Enter; false where the key means nothing here. */
  key(key: string): boolean;
} {
  const captures = useCaptures();
  const selection = useSelection();
  const tabs = useTabs();
  const together = useTogether();
  const view = useView();
  const marked = shallowRef<Marked>();

  async function open({ capture, mark }: Marked): Promise<void> {
    tabs.activate(`capture:${capture}`);
    view.show('attempts');
    await selection.selectAttempt(mark.callId);
  }

  const marksOf = (capture: string | undefined): readonly TimelineMark[] =>
    (capture === undefined ? undefined : together.strips.get(capture)?.marks) ?? [];

  function put(capture: string | undefined, mark: TimelineMark | undefined): void {
    if (capture === undefined || mark === undefined) return;
    marked.value = { capture, mark };
    const next = reveal(together.span, Number(mark.ns), together.limits);
    if (next !== together.span) together.show(next);
  }

  /** The mark closest in time to a moment. */
  function nearest(capture: string | undefined, ns: number): TimelineMark | undefined {
    const far = (mark: TimelineMark): number => Math.abs(Number(mark.ns) - ns);
    return marksOf(capture).reduce<TimelineMark | undefined>(
      (best, mark) => (best && far(best) <= far(mark) ? best : mark),
      undefined,
    );
  }

  function along(by: 1 | -1): void {
    const { capture, mark } = marked.value ?? {};
    const here = marksOf(capture);
    const index = here.findIndex(({ callId, ns }) => callId === mark?.callId && ns === mark.ns);
    put(capture, here[index + by]);
  }

  function across(by: 1 | -1): void {
    const ids = captures.list.map(({ id }) => id).filter((id) => marksOf(id).length > 0);
    const next = ids[ids.indexOf(marked.value?.capture ?? '') + by];
    put(next, nearest(next, Number(marked.value?.mark.ns ?? 0)));
  }

  function first(): void {
    const capture = captures.list.find(({ id }) => marksOf(id).length > 0)?.id;
    put(capture, nearest(capture, together.span.from + lengthOf(together.span) / 2));
  }

  function key(name: string): boolean {
    const moves: Readonly<Record<string, () => void>> = {
      ArrowRight: () => (marked.value ? along(1) : first()),
      ArrowLeft: () => (marked.value ? along(-1) : first()),
      ArrowDown: () => (marked.value ? across(1) : first()),
      ArrowUp: () => (marked.value ? across(-1) : first()),
    };
    if (name === 'Enter' && marked.value) void open(marked.value);
    else if (Object.hasOwn(moves, name)) moves[name]?.();
    else return false;
    return true;
  }

  // At another zoom the marks are others; the one of the same attempt goes on.
  watch(
    () => marksOf(marked.value?.capture),
    (marks) => {
      const before = marked.value;
      const same = marks.find(({ callId }) => callId === before?.mark.callId);
      if (before && same) marked.value = { ...before, mark: same };
    },
  );
  watch(
    () => captures.list,
    (list) => {
      if (!list.some(({ id }) => id === marked.value?.capture)) marked.value = undefined;
    },
  );

  return { marked, open, key };
}

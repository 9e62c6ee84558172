/** Keys that work wherever the focus is, apart from fields and dialogs. */
import { onBeforeUnmount, onMounted } from 'vue';
import { useCaptures } from '../stores/captures.ts';
import { useNotices } from '../stores/notices.ts';
import { useSelection } from '../stores/selection.ts';
import { useTimeline } from '../stores/timeline.ts';
import { useView } from '../stores/view.ts';

const ZOOM = 1.4;
const STEP = 0.15;

/** Around a single moment, in nanoseconds. */
const CLOSE = 1e6;

export function useKeys(backToTable: () => void): void {
  const captures = useCaptures();
  const notices = useNotices();
  const selection = useSelection();
  const timeline = useTimeline();
  const view = useView();

  /** The interval, or what is selected, as large as the timeline. */
  function fit(): void {
    const { attempt } = selection;
    if (timeline.interval) timeline.fit(timeline.interval);
    else if (attempt && captures.clock) {
      const from = captures.clock.offset(attempt.ns);
      timeline.fit({ from, to: from + Math.max(Number(attempt.durationNs ?? 0), CLOSE) });
    } else timeline.showAll();
  }

  /** One thing less at a time. */
  function escape(): void {
    if (notices.notices.length > 0) notices.dismissLast();
    else if (timeline.interval) timeline.interval = undefined;
    else selection.clear();
  }

  const ACTIONS: Readonly<Record<string, () => void>> = {
    w: () => {
      timeline.zoomMiddle(1 / ZOOM);
    },
    s: () => {
      timeline.zoomMiddle(ZOOM);
    },
    a: () => {
      timeline.panBy(-STEP);
    },
    d: () => {
      timeline.panBy(STEP);
    },
    f: fit,
    '0': timeline.showAll,
    '?': () => {
      view.keysOpen = true;
    },
    Escape: escape,
    Backspace: backToTable,
  };

  function pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    // The inspector of a module has keys of its own.
    if (view.view === 'module' && event.key !== '?') return;
    const target = event.target as HTMLElement;
    if (target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]')) return;
    const action = ACTIONS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || (!captures.current && event.key !== '?' && event.key !== 'Escape')) return;
    event.preventDefault();
    action();
  }

  onMounted(() => {
    window.addEventListener('keydown', pressed);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', pressed);
  });
}

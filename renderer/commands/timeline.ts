/** Movements on the timeline, and the way out of what is selected. */
import { useCaptures } from '../stores/captures.ts';
import { useNotices } from '../stores/notices.ts';
import { useSelection } from '../stores/selection.ts';
import { useTimeline } from '../stores/timeline.ts';
import { isApart, useView } from '../stores/view.ts';
import type { Command } from './registry.ts';

const ZOOM = 1.4;
const STEP = 0.15;

/** Around a single moment, in nanoseconds. */
const CLOSE = 1e6;

export function timelineCommands(): Command[] {
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

  // What is a tab of its own has keys of its own.
  const inCapture = (): boolean => !isApart(view.view);
  const when = (): boolean => captures.current !== undefined && inCapture();
  const base = { group: 'Timeline', when } as const;
  const quiet = { ...base, quiet: true } as const;
  return [
    { ...quiet, id: 'timeline-in', title: 'Zoom in', keys: ['W'], run: () => timeline.zoomMiddle(1 / ZOOM) },
    { ...quiet, id: 'timeline-out', title: 'Zoom out', keys: ['S'], run: () => timeline.zoomMiddle(ZOOM) },
    { ...quiet, id: 'timeline-left', title: 'Move left', keys: ['A'], run: () => timeline.panBy(-STEP) },
    { ...quiet, id: 'timeline-right', title: 'Move right', keys: ['D'], run: () => timeline.panBy(STEP) },
    { ...base, id: 'timeline-fit', title: 'Fit the interval, or the selected attempt', keys: ['F'], run: fit },
    { ...base, id: 'timeline-all', title: 'Show all', keys: ['0'], run: timeline.showAll },
    {
      ...quiet,
      when: inCapture,
      id: 'escape',
      title: 'Clear the interval, then the selection',
      keys: ['Escape'],
      run: escape,
    },
  ];
}

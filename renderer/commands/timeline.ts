/** Movements on the timeline, and the way out of what is selected. */
import { useCaptures } from '../stores/captures.ts';
import { useClipboard } from '../stores/clipboard.ts';
import { useFilters } from '../stores/filters.ts';
import { useLanes } from '../stores/lanes.ts';
import { useMarkWalk } from '../stores/mark-walk.ts';
import { useMeasure } from '../stores/measure.ts';
import { useNotices } from '../stores/notices.ts';
import { useSelection } from '../stores/selection.ts';
import { useSettings } from '../stores/settings.ts';
import { useTimeline } from '../stores/timeline.ts';
import { isApart, useView } from '../stores/view.ts';
import { intervalTerm } from '../timeline/measured.ts';
import { middleOf, type Span } from '../timeline/span.ts';
import type { Command } from './registry.ts';

const ZOOM = 1.4;
const STEP = 0.15;

/** Around a single moment, in nanoseconds. */
const CLOSE = 1e6;

export function timelineCommands(): Command[] {
  const captures = useCaptures();
  const clipboard = useClipboard();
  const filters = useFilters();
  const lanes = useLanes();
  const marks = useMarkWalk();
  const measure = useMeasure();
  const notices = useNotices();
  const selection = useSelection();
  const settings = useSettings();
  const timeline = useTimeline();
  const view = useView();

  /** Around the pointer where it is on the timeline, otherwise around the middle. */
  const zoom = (factor: number): void => {
    timeline.zoomAt(measure.pointer ?? middleOf(timeline.span), factor);
  };

  /** The interval, or what is selected, as large as the timeline; everything where it is so already. */
  function fit(): void {
    const { from, to } = timeline.span;
    fitPart();
    if (timeline.span.from === from && timeline.span.to === to) timeline.showAll();
  }

  function fitPart(): void {
    const part = timeline.interval ?? selectedPart();
    if (part) timeline.fit(part);
    else timeline.showAll();
  }

  /** From the selected attempt's call to its return, or a little around it. */
  function selectedPart(): Span | undefined {
    const { attempt } = selection;
    if (!attempt || !captures.clock) return undefined;
    const from = captures.clock.offset(attempt.ns);
    return { from, to: from + Math.max(Number(attempt.durationNs ?? 0), CLOSE) };
  }

  /** One thing less at a time. */
  function escape(): void {
    if (notices.notices.length > 0) notices.dismissLast();
    else if (timeline.interval) timeline.interval = undefined;
    else selection.clear();
  }

  /** At the pointer, at what is selected, or in the middle. */
  function mark(): void {
    const moment = selection.attempt?.ns ?? selection.event?.ns;
    const selected = moment === undefined ? undefined : captures.clock?.offset(moment);
    measure.mark(measure.pointer ?? selected ?? middleOf(timeline.span));
  }

  /** The interval becomes a part of the filter of the table in sight. */
  async function intervalAsFilter(): Promise<void> {
    const { interval } = timeline;
    const { clock, current } = captures;
    if (!interval || !clock || !current) return;
    const table = view.view === 'events' ? 'events' : 'attempts';
    const term = intervalTerm(interval, clock, current.info.startedNs);
    if (await filters.add(table, 'and', term)) timeline.interval = undefined;
  }

  // What is a tab of its own has keys of its own.
  const inCapture = (): boolean => !isApart(view.view);
  const when = (): boolean => captures.current !== undefined && inCapture();
  const base = { group: 'Timeline', when } as const;
  const quiet = { ...base, quiet: true } as const;
  return [
    { ...quiet, id: 'timeline-in', title: 'Zoom in', keys: ['W'], run: () => zoom(1 / ZOOM) },
    { ...quiet, id: 'timeline-out', title: 'Zoom out', keys: ['S'], run: () => zoom(ZOOM) },
    { ...quiet, id: 'timeline-left', title: 'Move left', keys: ['A'], run: () => timeline.panBy(-STEP) },
    { ...quiet, id: 'timeline-right', title: 'Move right', keys: ['D'], run: () => timeline.panBy(STEP) },
    {
      ...base,
      id: 'timeline-fit',
      title: 'Fit the interval, or the selected attempt; twice: everything',
      keys: ['F'],
      run: fit,
    },
    { ...quiet, id: 'timeline-next', title: 'Go to the next mark', keys: ['.'], run: () => marks.go('next') },
    { ...quiet, id: 'timeline-before', title: 'Go to the mark before', keys: [','], run: () => marks.go('before') },
    {
      ...base,
      when: () => when() && selection.attempt !== undefined,
      id: 'timeline-interval',
      title: 'Take the time of the selected attempt as the interval',
      keys: ['R'],
      run: () => (timeline.interval = selectedPart()),
    },
    {
      ...base,
      id: 'timeline-lanes',
      title: 'Arrange the lanes: go to their names',
      run: () => document.querySelector<HTMLElement>('[data-lanes]')?.focus(),
    },
    {
      ...base,
      when: () => when() && settings.lanes.hidden.length > 0,
      id: 'timeline-hidden-lanes',
      title: 'Show the hidden lanes',
      run: () => void lanes.showHidden(),
    },
    { ...base, id: 'timeline-all', title: 'Show all', keys: ['0'], run: timeline.showAll },
    { ...base, id: 'timeline-mark', title: 'Set a marker; two measure', keys: ['M'], run: mark },
    {
      ...base,
      when: () => when() && measure.markers.length > 0,
      id: 'timeline-unmark',
      title: 'Clear the markers',
      keys: ['Shift+M'],
      run: measure.clear,
    },
    {
      ...base,
      when: () => when() && measure.exact !== undefined,
      id: 'timeline-copy-measured',
      title: 'Copy the time between the markers',
      run: () => void (measure.exact && clipboard.copy(measure.exact)),
    },
    {
      ...base,
      when: () => when() && timeline.interval !== undefined,
      id: 'timeline-interval-filter',
      title: 'The interval as a filter',
      run: () => void intervalAsFilter(),
    },
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

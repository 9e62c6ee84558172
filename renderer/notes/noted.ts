/** What notes are about: what is selected, in words, and the way back to it. */
import type { Annotation, NoteTarget } from '#contract/notes.ts';
import { duration } from '../format/numbers.ts';
import { VERDICT_LOOKS } from '../format/verdicts.ts';
import { useCaptures } from '../stores/captures.ts';
import type { Noted } from '../stores/notes.ts';
import { useNotes } from '../stores/notes.ts';
import { useRoster } from '../stores/roster.ts';
import { useSelection } from '../stores/selection.ts';
import { useTimeline } from '../stores/timeline.ts';
import { isApart, useView } from '../stores/view.ts';

/** The interval that is selected on the timeline. */
export function notedInterval(): Noted | undefined {
  const { clock } = useCaptures();
  const { interval } = useTimeline();
  if (!interval || !clock) return undefined;
  const fromNs = clock.ns(interval.from);
  const target: NoteTarget = { kind: 'interval', fromNs, toNs: clock.ns(interval.to) };
  return { target, about: `an interval of ${duration(interval.to - interval.from)}`, ns: fromNs };
}

/** What is selected in the view that is looked at, or else the interval. */
export function notedNow(): Noted | undefined {
  const view = useView();
  const { attempt, event } = useSelection();
  if (isApart(view.view)) return undefined;
  if (view.view === 'attempts' && attempt) {
    const { callId, module, verdict, process, ns } = attempt;
    const words = [module?.name ?? 'a module', VERDICT_LOOKS[verdict].word, ...(process ? [`by ${process.comm}`] : [])];
    return { target: { kind: 'attempt', callId }, about: `attempt ${String(callId)}: ${words.join(', ')}`, ns };
  }
  if (view.view === 'events' && event)
    return {
      target: { kind: 'event', seq: event.seq },
      about: `event ${String(event.seq)}: ${event.kind}`,
      ns: event.ns,
    };
  if ((view.view === 'images' || view.view === 'modules') && useNotes().pointed) return useNotes().pointed;
  return notedInterval();
}

/** Goes to what a note is about. */
export function goToNoted({ target }: Annotation): void {
  const view = useView();
  const selection = useSelection();
  if (target.kind === 'attempt') {
    view.show('attempts');
    void selection.selectAttempt(target.callId);
  } else if (target.kind === 'event') {
    view.show('events');
    void selection.selectEvent(target.seq);
  } else if (target.kind === 'interval') {
    const { clock } = useCaptures();
    const timeline = useTimeline();
    if (!clock) return;
    const span = { from: clock.offset(target.fromNs), to: clock.offset(target.toNs) };
    timeline.interval = span;
    timeline.fit(span);
    view.show('attempts');
  } else {
    view.show('modules');
    void useRoster().find(target.kind === 'image' ? { sha256: target.sha256 } : { name: target.name });
  }
}

/** Going from mark to mark on the timeline with the keys, and what is told of the one that was reached. */
import type { TimelineMark } from '#contract/timeline.ts';
import type { Wide } from '#contract/wide.ts';
import { defineStore } from 'pinia';
import { ref } from 'vue';
import { markWords, walk, type Way } from '../timeline/mark-walk.ts';
import { momentFacts, momentWords, type MomentFact } from '../timeline/moment-facts.ts';
import { useCaptures } from './captures.ts';
import { useSelection } from './selection.ts';
import { useSettings } from './settings.ts';
import { useTimeline } from './timeline.ts';

export const useMarkWalk = defineStore('mark-walk', () => {
  const captures = useCaptures();
  const selection = useSelection();
  const settings = useSettings();
  const timeline = useTimeline();

  /** For a screen reader. */
  const told = ref('');

  let reached: TimelineMark | undefined;

  /** A moment in all forms of time; none without a capture. */
  function factsOf(ns: Wide, seq?: number): MomentFact[] {
    const { clock, current } = captures;
    return clock && current ? momentFacts(ns, clock, current.info.startedNs, settings.zone, seq) : [];
  }

  /** Selects the mark that is reached; where none is in sight that way, the timeline moves. */
  function go(way: Way): void {
    const { clock } = captures;
    if (!clock) return;
    // The attempt of the mark that was reached last may still be on its way.
    const moment = reached && selection.callId === reached.callId ? reached.ns : selection.attempt?.ns;
    const from = moment === undefined ? undefined : { callId: selection.callId, at: clock.offset(moment) };
    const found = walk(timeline.near?.timeline.marks ?? [], clock, from, way);
    if (!found) {
      // Further marks may lie beyond the edge.
      timeline.panBy(way === 'next' || way === 'last' ? 0.5 : -0.5);
      return;
    }
    told.value = `${markWords(found)}, ${momentWords(factsOf(found.ns, found.seq))}`;
    reached = found;
    void selection.selectAttempt(found.callId);
  }

  return { told, factsOf, go };
});

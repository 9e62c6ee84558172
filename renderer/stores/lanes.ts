/** The timeline's lanes as they are arranged now; the arrangement is kept in the settings. */
import type { LaneLayout } from '#contract/lane-layout.ts';
import { defineStore } from 'pinia';
import { computed } from 'vue';
import {
  arrange,
  hide,
  moveBy,
  moveTo,
  showHidden,
  toggleCollapsed,
  togglePinned,
  type Lane,
} from '../timeline/lanes.ts';
import { useCaptures } from './captures.ts';
import { useSettings } from './settings.ts';
import { useTimeline } from './timeline.ts';

export const useLanes = defineStore('lanes', () => {
  const captures = useCaptures();
  const settings = useSettings();
  const timeline = useTimeline();

  const contradictory = computed(() => {
    const info = captures.current?.info;
    if (info && (info.contradictions.length > 0 || info.hiddenModules.length > 0)) return true;
    const marks = [timeline.far, timeline.near].flatMap((loaded) => loaded?.timeline.marks ?? []);
    return marks.some(({ verdict }) => verdict === 'contradiction');
  });

  const arranged = computed(() => {
    const [far, near] = [timeline.far?.timeline, timeline.near?.timeline];
    return arrange({ far, near, contradictory: contradictory.value }, settings.lanes);
  });

  const keep = (lanes: LaneLayout): Promise<void> => settings.change({ lanes });

  return {
    arranged,
    pin: ({ key }: Lane) => keep(togglePinned(settings.lanes, key)),
    collapse: ({ key }: Lane) => keep(toggleCollapsed(settings.lanes, key)),
    hide: ({ key }: Lane) => keep(hide(settings.lanes, key)),
    showHidden: () => keep(showHidden(settings.lanes)),
    moveBy: (lane: Lane, by: 1 | -1) => keep(moveBy(settings.lanes, arranged.value, lane, by)),
    moveTo: (lane: Lane, target: string) => keep(moveTo(settings.lanes, arranged.value, lane, target)),
  };
});

import { describe, expect, test } from 'vitest';
import { MOST_LANE_KEY, MOST_LANE_KEYS, type LaneLayout } from '#contract/lane-layout.ts';
import type { Timeline, TimelineProcess } from '#contract/timeline.ts';
import {
  arrange,
  hide,
  moveBy,
  moveTo,
  showHidden,
  toggleCollapsed,
  togglePinned,
  type Arranged,
  type Lane,
} from '../../../renderer/timeline/lanes.ts';

/** Nothing is arranged. */
const OPEN: LaneLayout = { collapsed: [], hidden: [], order: [], pinned: [] };

const caller = (comm: string): TimelineProcess => ({ comm, count: 1, stretches: [] });

function timeline(modules: readonly string[], callers?: readonly string[]): Timeline {
  return {
    ...{ marks: [], repeats: [], losses: [], clockSteps: [], silences: [] },
    lifetimes: modules.map((module) => ({ module, fromNs: 0, verdict: 'live' })),
    ...(callers && { processes: { lanes: callers.map(caller), others: 0, otherCalls: 0 } }),
  };
}

const far = timeline(['b', 'a'], ['modprobe', 'insmod']);

const lay = (layout: LaneLayout, near = far, contradictory = false): Arranged =>
  arrange({ far, near, contradictory }, layout);

const keys = (lanes: readonly Lane[]): string[] => lanes.map(({ key }) => key);

function laneOf(layout: LaneLayout, key: string): Lane {
  const { pinned, lanes } = lay(layout);
  const found = [...pinned, ...lanes].find((lane) => lane.key === key);
  if (!found) throw new Error(`no lane ${key}`);
  return found;
}

const FIRST = ['processes', 'process:modprobe', 'process:insmod', 'modules', 'module:b', 'module:a'];

describe('lanes', () => {
  test('are those of callers and of modules, and of contradictions where there are any', () => {
    expect(keys(lay(OPEN).lanes)).toEqual(FIRST);
    expect(keys(lay(OPEN, far, true).lanes)).toEqual(['contradictions', ...FIRST]);
  });

  test('of callers keep their places while one moves: those of the whole, then others by name', () => {
    const near = timeline([], ['zz', 'insmod', 'aa']);
    expect(keys(lay(OPEN, near).lanes).slice(1, 5)).toEqual([
      'process:modprobe',
      'process:insmod',
      'process:aa',
      'process:zz',
    ]);
  });

  test('say where the span holds too many attempts to tell their callers', () => {
    const heading = lay(OPEN, timeline([])).lanes[0];
    expect(heading?.note).toMatch(/^too many calls/);
    expect(lay(OPEN).lanes[0]?.note).toBeUndefined();
  });

  test('of a collapsed group are one', () => {
    const layout = toggleCollapsed(OPEN, 'modules');
    expect(keys(lay(layout).lanes)).toEqual(FIRST.slice(0, 4));
    expect(lay(layout).lanes[3]?.expanded).toBe(false);
    expect(toggleCollapsed(layout, 'modules')).toEqual(OPEN);
  });

  test('that are hidden are counted, a hidden group with all of its lanes as one, and come back together', () => {
    const layout = hide(hide(OPEN, 'processes'), 'module:a');
    const { lanes } = lay(layout);
    expect(keys(lanes)).toEqual(['modules', 'module:b', 'hidden']);
    expect(lanes.at(-1)?.name).toBe('2 hidden: show');
    expect(showHidden(layout)).toEqual(OPEN);
  });

  test('that are pinned leave their group, also a collapsed one, and keep the order of pinning', () => {
    const layout = togglePinned(togglePinned(toggleCollapsed(OPEN, 'modules'), 'module:a'), 'process:insmod');
    expect(keys(lay(layout).pinned)).toEqual(['module:a', 'process:insmod']);
    expect(keys(lay(layout).lanes)).toEqual(['processes', 'process:modprobe', 'modules']);
  });
});

describe('moving', () => {
  test('changes places within the group only', () => {
    const layout = moveBy(OPEN, lay(OPEN), laneOf(OPEN, 'module:a'), -1);
    expect(keys(lay(layout).lanes).slice(3)).toEqual(['modules', 'module:a', 'module:b']);
    expect(moveBy(layout, lay(layout), laneOf(layout, 'module:a'), -1)).toBe(layout);
    expect(moveTo(layout, lay(layout), laneOf(layout, 'module:a'), 'process:insmod')).toBe(layout);
  });

  test('moves a group with all of its lanes', () => {
    const layout = moveBy(OPEN, lay(OPEN), laneOf(OPEN, 'modules'), -1);
    expect(keys(lay(layout).lanes)).toEqual([...FIRST.slice(3), ...FIRST.slice(0, 3)]);
  });

  test('reorders pinned lanes among themselves', () => {
    const pinned = togglePinned(togglePinned(OPEN, 'module:a'), 'module:b');
    const layout = moveBy(pinned, lay(pinned), laneOf(pinned, 'module:b'), -1);
    expect(keys(lay(layout).pinned)).toEqual(['module:b', 'module:a']);
  });
});

test('what is kept stays small, whatever a capture’s names are', () => {
  expect(togglePinned(OPEN, `module:${'x'.repeat(MOST_LANE_KEY)}`).pinned).toEqual([]);
  let layout = OPEN;
  for (let n = 0; n < MOST_LANE_KEYS + 5; n++) layout = hide(layout, `module:${String(n)}`);
  expect(layout.hidden).toHaveLength(MOST_LANE_KEYS);
  expect(layout.hidden.at(-1)).toBe(`module:${String(MOST_LANE_KEYS + 4)}`);
});

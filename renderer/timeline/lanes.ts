/** Which lanes the timeline has below the attempts, in which order, and what the keys do to the arrangement. */
import { MOST_LANE_KEY, MOST_LANE_KEYS, type LaneLayout } from '#contract/lane-layout.ts';
import type { Timeline } from '#contract/timeline.ts';
import { count, plural } from '../format/numbers.ts';
import { laneNames } from './layout.ts';

export type LaneGroup = 'contradictions' | 'processes' | 'modules';

/** The lane that brings the hidden ones back. */
export const HIDDEN = 'hidden';

export interface Lane {
  readonly key: string;
  readonly name: string;
  readonly group: LaneGroup | typeof HIDDEN;
  /** Of a group: whether its lanes are shown. Absent for lanes without any below them. */
  readonly expanded?: boolean;
  /** Below a heading. */
  readonly below?: true;
  readonly pinned?: true;
  /** In the lane, where nothing else is drawn. */
  readonly note?: string;
}

export interface Arranged {
  readonly pinned: readonly Lane[];
  readonly lanes: readonly Lane[];
}

export interface LaneFacts {
  /** Of the whole capture, and of the span. */
  readonly far: Timeline | undefined;
  readonly near: Timeline | undefined;
  /** Something contradicts something else. */
  readonly contradictory: boolean;
}

const GROUPS: readonly LaneGroup[] = ['contradictions', 'processes', 'modules'];

/** Lanes are named the same in every capture. */
export const moduleKey = (name: string): string => `module:${name}`;
export const processKey = (name: string): string => `process:${name}`;

/**
 * The busiest callers of the whole first, then those that only the span shows, by name: an order that does not change
 * while one moves.
 */
function callers({ far, near }: LaneFacts): string[] {
  const whole = far?.processes?.lanes.map(({ comm }) => comm) ?? [];
  const here = near?.processes?.lanes.map(({ comm }) => comm) ?? [];
  return [...new Set([...whole, ...here.sort()])];
}

/** Why there are no lanes of callers, or that there are more. */
function processNote(near: Timeline | undefined): string | undefined {
  if (!near) return undefined;
  if (!near.processes) return 'too many calls in sight to tell who made each: zoom in';
  const { others, otherCalls, lanes } = near.processes;
  if (others > 0) return `and ${plural(others, 'other name')} with ${plural(otherCalls, 'call')}`;
  return lanes.length === 0 ? 'no calls in sight' : undefined;
}

/** That there are more modules than lanes. */
const moduleNote = (near: Timeline | undefined): string | undefined =>
  near?.moreLifetimes ? 'more modules than lanes in sight: zoom in' : undefined;

/** Those of `order` first, in its order; the others stay as they are. */
function inOrder<T extends { readonly key: string }>(lanes: readonly T[], order: readonly string[]): T[] {
  const places = new Map(order.map((key, place) => [key, place]));
  const placeOf = ({ key }: T): number => places.get(key) ?? order.length;
  return [...lanes].sort((a, b) => placeOf(a) - placeOf(b));
}

function lanesOf(group: LaneGroup, facts: LaneFacts): Lane[] {
  if (group === 'processes') {
    return callers(facts).map((name) => ({ key: processKey(name), name, group, below: true }));
  }
  const names = laneNames(facts.far?.lifetimes ?? [], facts.near?.lifetimes ?? []);
  return names.map((name) => ({ key: moduleKey(name), name, group, below: true }));
}

/** Pinned lanes are not among the others. */
export function arrange(facts: LaneFacts, layout: LaneLayout): Arranged {
  const hidden = new Set(layout.hidden);
  const pinnedKeys = new Set(layout.pinned);
  const collapsed = new Set(layout.collapsed);
  const pinned = new Map<string, Lane>();
  let away = 0;
  const shown = (lane: Lane): boolean => {
    if (hidden.has(lane.key)) away++;
    else if (pinnedKeys.has(lane.key)) pinned.set(lane.key, { ...lane, pinned: true });
    else return true;
    return false;
  };
  const groups = inOrder(
    GROUPS.map((key) => ({ key })),
    layout.order,
  );
  const lanes = groups.flatMap(({ key: group }): Lane[] => {
    if (group === 'contradictions') {
      const lane = { key: group, name: group, group };
      return facts.contradictory && shown(lane) ? [lane] : [];
    }
    const own = inOrder(lanesOf(group, facts), layout.order);
    const expanded = !collapsed.has(group);
    const note = group === 'processes' ? processNote(facts.near) : moduleNote(facts.near);
    const heading: Lane = { key: group, name: headingWords(group, own.length), group, expanded, ...(note && { note }) };
    // With a hidden group all of its lanes are, but for those that were pinned.
    if (hidden.has(group)) {
      own.filter(({ key }) => pinnedKeys.has(key)).forEach(shown);
      shown(heading);
      return [];
    }
    const below = own.filter(shown);
    return [...(shown(heading) ? [heading] : []), ...(expanded ? below : [])];
  });
  return {
    pinned: inOrder([...pinned.values()], layout.pinned),
    lanes: away === 0 ? lanes : [...lanes, { key: HIDDEN, name: `${count(away)} hidden: show`, group: HIDDEN }],
  };
}

const headingWords = (group: LaneGroup, lanes: number): string => (lanes === 0 ? group : `${group} (${count(lanes)})`);

/** Keys of any length may come from a capture; those that are too long are not kept, and of too many the oldest go. */
const kept = (keys: readonly string[]): string[] =>
  keys.filter((key) => key.length <= MOST_LANE_KEY).slice(-MOST_LANE_KEYS);

const toggled = (keys: readonly string[], key: string): string[] =>
  keys.includes(key) ? keys.filter((other) => other !== key) : kept([...keys, key]);

export const togglePinned = (layout: LaneLayout, key: string): LaneLayout => ({
  ...layout,
  pinned: toggled(layout.pinned, key),
});

export const toggleCollapsed = (layout: LaneLayout, key: string): LaneLayout => ({
  ...layout,
  collapsed: toggled(layout.collapsed, key),
});

export const hide = (layout: LaneLayout, key: string): LaneLayout => ({
  ...layout,
  hidden: kept([...layout.hidden.filter((other) => other !== key), key]),
});

export const showHidden = (layout: LaneLayout): LaneLayout => ({ ...layout, hidden: [] });

/** Lanes that a lane can change places with: other pinned ones, other groups, or others of its group. */
function peers({ pinned, lanes }: Arranged, lane: Lane): Lane[] {
  if (lane.pinned) return [...pinned];
  return lanes.filter(
    (other) => other.group !== HIDDEN && other.below === lane.below && (!lane.below || other.group === lane.group),
  );
}

/** To another one's place; the same where they are no peers. */
export function moveTo(layout: LaneLayout, arranged: Arranged, lane: Lane, target: string): LaneLayout {
  const all = peers(arranged, lane).map(({ key }) => key);
  const [from, to] = [all.indexOf(lane.key), all.indexOf(target)];
  if (from < 0 || to < 0 || from === to) return layout;
  all.splice(from, 1);
  all.splice(to, 0, lane.key);
  if (lane.pinned) {
    return { ...layout, pinned: kept([...layout.pinned.filter((key) => !all.includes(key)), ...all]) };
  }
  // Those behind both places keep the order that they have by themselves.
  const placed = all.slice(0, Math.max(from, to, lastPlaced(all, layout.order)) + 1);
  return { ...layout, order: kept([...layout.order.filter((key) => !placed.includes(key)), ...placed]) };
}

const lastPlaced = (keys: readonly string[], order: readonly string[]): number => {
  const known = new Set(order);
  return keys.findLastIndex((key) => known.has(key));
};

/** One place up or down among its peers. */
export function moveBy(layout: LaneLayout, arranged: Arranged, lane: Lane, by: 1 | -1): LaneLayout {
  const all = peers(arranged, lane);
  const target = all[all.findIndex(({ key }) => key === lane.key) + by];
  return target ? moveTo(layout, arranged, lane, target.key) : layout;
}

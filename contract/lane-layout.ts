/** How the timeline's lanes were arranged. A lane's key is its group ("modules"), or group and name ("module:nf_tables"). */

export interface LaneLayout {
  /** Groups that show one lane for all of theirs. */
  readonly collapsed: readonly string[];
  readonly hidden: readonly string[];
  /** Lanes that come before the others of their group, in this order. */
  readonly order: readonly string[];
  /** Lanes that stay on top while others scroll. */
  readonly pinned: readonly string[];
}

/** Callers sum up in one lane, so that modules are in sight in a low window, too. */
export const FIRST_LANES: LaneLayout = { collapsed: ['processes'], hidden: [], order: [], pinned: [] };

/** Keys in each list. */
export const MOST_LANE_KEYS = 500;

/** A key's length. */
export const MOST_LANE_KEY = 128;

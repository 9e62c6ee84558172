/** Where the keys lead from a row of a list, before the list's ends are held to. */
export type Move = (from: number, page: number, total: number) => number;

const MOVES: Readonly<Record<string, Move>> = {
  ArrowDown: (from) => from + 1,
  ArrowUp: (from) => from - 1,
  PageDown: (from, page) => from + page,
  PageUp: (from, page) => from - page,
  Home: () => 0,
  End: (_from, _page, total) => total - 1,
};

/** @param key - `KeyboardEvent.key`; undefined where it does not move */
export const moveOf = (key: string): Move | undefined => (Object.hasOwn(MOVES, key) ? MOVES[key] : undefined);

/** Walks through the filters of before, as a shell does: what was being typed stands at the end. */
export interface Past {
  /** The one before, or after; undefined where there is none. */
  step(by: 1 | -1, typed: string): string | undefined;
  /** What is typed is what it begins from. */
  leave(): void;
}

/** @param all - the newest first */
export function pastOf(all: () => readonly string[]): Past {
  let at = -1;
  let draft = '';
  return {
    step: (by, typed) => {
      if (at < 0) draft = typed;
      const others = all().filter((text) => text !== draft);
      const next = at + by;
      if (next < -1 || next >= others.length) return undefined;
      at = next;
      return at < 0 ? draft : others[at];
    },
    leave: () => {
      at = -1;
    },
  };
}

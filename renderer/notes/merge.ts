/** How notes of a case file join those that are there. */
import { MOST_ANNOTATIONS, MOST_NOTE, MOST_TAGS, targetKey, type Annotation } from '#contract/notes.ts';

export interface Merged {
  /** Only what is new or changed. */
  readonly changed: readonly Annotation[];
  readonly added: number;
  readonly joined: number;
  readonly same: number;
  /** What had no room: too many, or too long. */
  readonly left: number;
}

/**
 * Nothing that is there is lost: tags are united, a bookmark stays, and a text that differs is put below the one that is
 * there, with its author.
 */
export function mergeNotes(own: readonly Annotation[], given: readonly Annotation[]): Merged {
  const known = new Map(own.map((one) => [targetKey(one.target), one]));
  const changed = new Map<string, Annotation>();
  let [added, joined, same, left] = [0, 0, 0, 0];
  for (const other of given) {
    const key = targetKey(other.target);
    const here = known.get(key);
    const next = here ? joinedNote(here, other) : other;
    if (!next || (!here && known.size >= MOST_ANNOTATIONS)) left += 1;
    else if (next === here) same += 1;
    else {
      known.set(key, next);
      changed.set(key, next);
      if (here) joined += 1;
      else added += 1;
    }
  }
  return { changed: [...changed.values()], added, joined, same, left };
}

/** Undefined where both do not fit into one. */
function joinedNote(here: Annotation, other: Annotation): Annotation | undefined {
  const tags = [...new Set([...here.tags, ...other.tags])];
  const bookmarked = here.bookmarked || other.bookmarked;
  const inside = other.text === '' || here.text.includes(other.text);
  const text = inside
    ? here.text
    : here.text === ''
      ? other.text
      : `${here.text}\n\n${other.author}, ${other.changed}:\n${other.text}`;
  if (tags.length > MOST_TAGS || text.length > MOST_NOTE) return undefined;
  if (inside && tags.length === here.tags.length && bookmarked === here.bookmarked) return here;
  return { ...here, tags, bookmarked, text, ...(here.changed < other.changed ? { changed: other.changed } : {}) };
}

/** "3 notes added, 1 joined with what was there, 2 were there already" */
export function mergeWords({ added, joined, same, left }: Merged): string {
  const words = [
    `${String(added)} added`,
    ...(joined > 0 ? [`${String(joined)} joined with what was there`] : []),
    ...(same > 0 ? [`${String(same)} there already`] : []),
    ...(left > 0 ? [`${String(left)} left out: no room`] : []),
  ];
  return words.join(', ');
}

/** Notes, tags and bookmarks on the captures that are open. Main keeps them beside the evidence. */
import {
  MOST_ANNOTATIONS,
  MOST_ABOUT,
  MOST_NOTE,
  MOST_TAG,
  MOST_TAGS,
  targetKey,
  type Annotation,
  type NoteTarget,
} from '#contract/notes.ts';
import type { Notices } from '#contract/api.ts';
import type { Wide } from '#contract/wide.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { count } from '../format/numbers.ts';
import { mergeNotes, type Merged } from '../notes/merge.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';
import { useUndo } from './undo.ts';

/** Something that can be noted, with what is known of it where it is shown. */
export interface Noted {
  readonly target: NoteTarget;
  readonly about: string;
  readonly ns?: Wide;
}

type Written = Partial<Pick<Annotation, 'bookmarked' | 'tags' | 'text'>>;

const EMPTY: ReadonlyMap<string, Annotation> = new Map();

/** As they are kept: each once, without blanks around them. */
export const tagsOf = (text: string): string[] =>
  [...new Set(text.split(/[,\s]+/).map((tag) => tag.replace(/^#/, '').slice(0, MOST_TAG)))]
    .filter((tag) => tag !== '')
    .slice(0, MOST_TAGS);

export const useNotes = defineStore('notes', () => {
  const captures = useCaptures();
  const notices = useNotices();
  const undo = useUndo();
  /** By the capture's uuid, so that a copy that is open beside it shows the same; then by target. */
  const all = shallowReactive(new Map<string, ReadonlyMap<string, Annotation>>());
  const author = ref('');
  /** What is being written on, and the field that comes first. */
  const editing = shallowRef<{ readonly noted: Noted; readonly first: 'text' | 'tags' }>();
  /** What is selected in a view whose selection is its own. */
  const pointed = shallowRef<Noted>();

  const uuid = computed(() => captures.current?.info.uuid);
  const own = computed(() => (uuid.value === undefined ? EMPTY : (all.get(uuid.value) ?? EMPTY)));
  /** In time where it is known, the others after them. */
  const list = computed(() => [...own.value.values()].sort(inTime));
  const tags = computed(() => [...new Set(list.value.flatMap((one) => one.tags))].sort());

  /** @param which - the uuid of the capture, where it may not be the one that is looked at by now */
  const of = (target: NoteTarget | undefined, which = uuid.value): Annotation | undefined =>
    target && which !== undefined ? all.get(which)?.get(targetKey(target)) : undefined;

  const take = (which: string, annotations: readonly Annotation[]): void =>
    void all.set(which, new Map(annotations.map((one) => [targetKey(one.target), one])));

  /** Another window has written some; what was not read yet is read when it is looked at. */
  function told({ uuid: which, annotations }: Notices['noted']): void {
    if (all.has(which)) take(which, annotations);
  }

  /** Reads what is kept of the capture that is looked at. */
  async function load(): Promise<void> {
    const id = captures.currentId;
    const which = uuid.value;
    undo.scope = which;
    if (id === undefined || which === undefined || all.has(which)) return;
    const found = notices.valueOf(await bridge.notes(id));
    if (!found || all.has(which)) return;
    author.value = found.author;
    take(which, found.annotations);
    if (found.keptAside !== undefined) {
      notices.report({
        code: 'damaged',
        message: `The notes on this capture could not be read. They were kept as ${found.keptAside}.`,
      });
    }
  }

  function put(which: string, values: ReadonlyMap<string, Annotation | undefined>): void {
    const next = new Map(all.get(which));
    for (const [key, value] of values) {
      if (value) next.set(key, value);
      else next.delete(key);
    }
    all.set(which, next);
    const id = captures.list.find(({ info }) => info.uuid === which)?.id;
    if (id !== undefined) void bridge.keepNotes(id, [...next.values()]).then(notices.valueOf);
  }

  /** Why nothing can be written on something; undefined where it can. */
  function whyNot(target: NoteTarget, which = uuid.value): string | undefined {
    const known = which === undefined ? undefined : all.get(which);
    if (!known) return 'the notes on this capture could not be read';
    if (!known.has(targetKey(target)) && known.size >= MOST_ANNOTATIONS)
      return `there are ${count(MOST_ANNOTATIONS)} notes on this capture, and no room for more`;
    return undefined;
  }

  /** @returns whether it was changed: what could not be read is not written over */
  function change(
    what: string,
    values: ReadonlyMap<string, Annotation | undefined>,
    which: string | undefined = uuid.value,
  ): boolean {
    const before = which === undefined ? undefined : all.get(which);
    if (which === undefined || !before) return false;
    const old = new Map([...values.keys()].map((key) => [key, before.get(key)]));
    undo.make({
      ...{ what, scope: which },
      redo: () => {
        put(which, values);
      },
      undo: () => {
        put(which, old);
      },
    });
    return true;
  }

  /**
   * Writes on something; what holds nothing any more is removed.
   * @param which - the uuid of the capture in which writing began
   */
  function write({ target, about, ns }: Noted, written: Written, what: string, which = uuid.value): boolean {
    const here = of(target, which);
    const next: Annotation = {
      ...{ target, about: about.slice(0, MOST_ABOUT), bookmarked: false, tags: [], text: '' },
      ...(ns === undefined ? {} : { ns }),
      ...here,
      ...written,
      ...{ author: author.value, changed: new Date().toISOString() },
    };
    const holds = next.bookmarked || next.tags.length > 0 || next.text.trim() !== '';
    if (whyNot(target, which) !== undefined || (!here && !holds)) return false;
    const kept = holds ? { ...next, text: next.text.slice(0, MOST_NOTE) } : undefined;
    return change(what, new Map([[targetKey(target), kept]]), which);
  }

  const toggleBookmark = (noted: Noted): boolean =>
    write(noted, { bookmarked: of(noted.target)?.bookmarked !== true }, `the bookmark on ${noted.about}`);

  const remove = (one: Annotation): boolean =>
    change(`the removal of the note on ${one.about}`, new Map([[targetKey(one.target), undefined]]));

  /** Joins the notes of a case file with those that are there, as one change. */
  function merge(given: readonly Annotation[]): Merged {
    const merged = mergeNotes([...own.value.values()], given);
    if (merged.changed.length === 0) return merged;
    const made = change('the import of a case', new Map(merged.changed.map((one) => [targetKey(one.target), one])));
    // Where the notes that are there could not be read, none of these has a place.
    return made ? merged : { ...{ changed: [], added: 0, joined: 0, same: 0 }, left: given.length };
  }

  return {
    uuid,
    own,
    list,
    tags,
    author,
    editing,
    pointed,
    of,
    whyNot,
    load,
    told,
    write,
    toggleBookmark,
    remove,
    merge,
  };
});

function inTime(one: Annotation, other: Annotation): number {
  if (one.ns === undefined || other.ns === undefined)
    return Number(one.ns === undefined) - Number(other.ns === undefined) || one.about.localeCompare(other.about);
  const [a, b] = [BigInt(one.ns), BigInt(other.ns)];
  return a < b ? -1 : a > b ? 1 : 0;
}

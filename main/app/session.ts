/** What was open the last time: files and places, in a small file that is renewed with every change, so that it survives a crash. */
import { basename, isAbsolute } from 'node:path';
import type { OpenCapture, Opened } from '#contract/api.ts';
import type { OpenModule } from '#contract/module.ts';
import type { Failure, Result } from '#contract/result.ts';
import {
  MOST_PLACE,
  MOST_TABS,
  TOGETHER_STATES,
  type Reopened,
  type SessionPolicy,
  type SessionStart,
  type SessionState,
} from '#contract/session.ts';
import { z } from 'zod';
import { JsonFile } from './json-file.ts';

/** Bytes of the file at most: places are escaped in it. */
const MOST_BYTES = 4 * MOST_TABS * MOST_PLACE;

/** A session that ends the app again and again is opened by itself so many times, and then only offered. */
const MOST_TRIES = 2;

/** The app has survived what it opened, in milliseconds. */
const SURVIVED = 10_000;

const place = z.string().max(MOST_PLACE);
const path = z.string().max(4096).refine(isAbsolute);
const tab = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('capture'), path, place }),
  /** Where it lies changes with the package. */
  z.object({ kind: z.literal('sample'), place }),
  z.object({ kind: z.literal('module'), path, place }),
  /** An image of the capture that lies there. */
  z.object({
    ...{ kind: z.literal('image'), path, place },
    ...{ sha256: z.string().regex(/^[0-9a-f]{64}$/), name: z.string().max(4096) },
  }),
]);
type Tab = z.infer<typeof tab>;

const stored = z
  .object({
    /** Whether the app came to its end. */
    ended: z.boolean(),
    /** How often it was opened again after a crash since it last held. */
    tries: z.int().min(0).max(1000),
    tabs: z.array(tab.nullable().catch(null)).max(MOST_TABS),
    active: z.int().min(-1).max(MOST_TABS),
    together: z.enum(TOGETHER_STATES).catch('closed'),
  })
  .transform(({ tabs, active, ...others }) => {
    const fit = tabs.filter((one) => one !== null);
    const shown = tabs[active];
    return { ...others, tabs: fit, active: shown ? fit.indexOf(shown) : -1 };
  });
type Stored = z.infer<typeof stored>;

/** What opens files, and knows those that are open. */
export interface SessionParts<Who extends object> {
  readonly sample: string;
  policy(): SessionPolicy;
  /** Names a window after what is looked at. */
  title(who: Who, name: string | undefined): void;
  captures(): readonly OpenCapture[];
  modules(): readonly OpenModule[];
  pathOf(capture: string): string | undefined;
  /** Where an open module came from, as far as it is a file. */
  moduleFile(module: string): string | undefined;
  openCapture(path: string): Promise<Result<OpenCapture>>;
  openModule(path: string): Promise<Result<OpenModule>>;
  openImage(source: { path: string; sha256: string; capture: string }, name: string): Promise<Result<OpenModule>>;
}

/** What a window shows, and its tabs as they are written down. */
interface Watched {
  readonly state: SessionState;
  readonly tabs: readonly { readonly id: string; readonly tab: Tab }[];
}

/** Windows are told apart by an object of each, `who`. What is written down is what all of them show, each thing once. */
export class Session<Who extends object> {
  readonly #file: JsonFile<Stored>;
  readonly #parts: SessionParts<Who>;
  /** As the last run left it; undefined where there is nothing to open. */
  #last: Stored | undefined;
  /** Of this run; the window that told something last comes last. */
  readonly #now = new Map<Who, Watched>();
  /** Windows whose page has started. */
  readonly #pages = new WeakSet();
  #isFirst = true;
  #tries = 0;
  #started = 0;

  constructor(file: string, parts: SessionParts<Who>) {
    this.#file = new JsonFile<Stored>(file, stored, MOST_BYTES);
    this.#parts = parts;
    const last = this.#file.read();
    this.#last = last && last.tabs.length > 0 ? last : undefined;
  }

  /** A page has started: the first one of this run, one of another window, or one that takes the place of another. */
  async start(who: Who): Promise<SessionStart> {
    const again = this.#pages.has(who);
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    this.#pages.add(who);
    this.#started = performance.now();
    if (again) return { open: this.#open(who), crashed: true };
    const last = this.#last;
    const policy = this.#parts.policy();
    if (!isFirst || policy === 'never' || !last) return this.#others(who);
    const crashed = !last.ended;
    const wanted = policy === 'always' || (policy === 'after-crash' && crashed);
    if (!wanted || (crashed && last.tries >= MOST_TRIES)) return { ...this.#others(who), ...this.#offer() };
    if (crashed) {
      this.#tries = last.tries + 1;
      this.#file.write({ ...last, tries: this.#tries });
    }
    return { open: await this.reopen(), ...(crashed ? { crashed: true } : {}) };
  }

  /** Opens what was open the last time. */
  async reopen(): Promise<Reopened> {
    const last = this.#last;
    this.#last = undefined;
    const tabs: Reopened['tabs'][number][] = [];
    const problems: Failure[] = [];
    let active = -1;
    for (const [index, one] of (last?.tabs ?? []).entries()) {
      const opened = await this.#openTab(one);
      if (!opened.ok) problems.push(opened.error);
      else if (!tabs.some((known) => known.opened.id === opened.value.id)) {
        if (index === last?.active) active = tabs.length;
        tabs.push({ opened: opened.value, place: one.place });
      }
    }
    // What was opened first has been read on meanwhile, and nobody was there to be told.
    const now = new Map(this.#parts.captures().map((one) => [one.id, one]));
    const fresh = tabs.map(({ opened, place: where }) => ({ opened: now.get(opened.id) ?? opened, place: where }));
    return { tabs: fresh, problems, active, together: last?.together ?? 'closed' };
  }

  /** A page tells what is open now, and where one is in it. */
  keep(who: Who, state: SessionState): void {
    this.#parts.title(who, this.#shownName(state));
    if (state.tabs.length === 0 && this.#now.size === 0) return;
    const known = state.tabs.map(({ id, place: where }) => ({ id, tab: this.#tabOf(id, where) }));
    this.#now.delete(who);
    this.#now.set(who, { state, tabs: known.flatMap(({ id, tab: one }) => (one ? [{ id, tab: one }] : [])) });
    if (performance.now() - this.#started > SURVIVED) this.#tries = 0;
    this.#write(false);
  }

  /** A window is about to show what another one shows. */
  copy(from: Who, who: Who): void {
    const shown = this.#now.get(from);
    if (shown) this.#now.set(who, shown);
  }

  /** A window was closed, and others are there. */
  leave(who: Who): void {
    if (this.#now.delete(who)) this.#write(false);
  }

  /** The app comes to its end. */
  end(): void {
    if (this.#now.size > 0 || this.#parts.policy() === 'never') this.#write(true);
    else if (this.#last && !this.#last.ended) this.#file.write({ ...this.#last, ended: true });
  }

  #shownName({ tabs, active, together }: SessionState): string | undefined {
    if (together === 'shown') return 'Together';
    const id = tabs[active]?.id;
    return [...this.#parts.captures(), ...this.#parts.modules()].find((one) => one.id === id)?.name;
  }

  #write(ended: boolean): void {
    const kept = this.#parts.policy() === 'never' ? [] : [...this.#now.values()];
    const tabs = new Map(kept.flatMap(({ tabs: shown }) => shown.map((one) => [one.id, one.tab] as const)));
    const { active = -1, together = 'closed', tabs: shown = [] } = [...this.#now.values()].at(-1)?.state ?? {};
    const most = [...tabs].slice(0, MOST_TABS);
    const at = most.findIndex(([id]) => id === shown[active]?.id);
    this.#file.write({ ended, tries: this.#tries, tabs: most.map(([, one]) => one), active: at, together });
  }

  #offer(): Pick<SessionStart, 'last'> {
    const names = (this.#last?.tabs ?? []).map((one) =>
      one.kind === 'sample' ? 'the sample' : one.kind === 'image' ? one.name : basename(one.path),
    );
    return names.length > 0 ? { last: names } : {};
  }

  /** What was opened from outside before the page asked, or is shown because another window shows it. */
  #others(who: Who): SessionStart {
    const open = this.#open(who);
    return open.tabs.length > 0 ? { open } : {};
  }

  /** What a window shows, with the places that were told last, and what no window shows. */
  #open(who: Who): Reopened {
    const { tabs = [], active = -1, together = 'closed' } = this.#now.get(who)?.state ?? {};
    const all: readonly Opened[] = [...this.#parts.captures(), ...this.#parts.modules()];
    const known = tabs.flatMap(({ id, place: where }) => {
      const opened = all.find((one) => one.id === id);
      return opened ? [{ opened, place: where }] : [];
    });
    const shownIds = new Set([...this.#now.values()].flatMap(({ state }) => state.tabs.map(({ id }) => id)));
    const held = all.filter((one) => 'info' in one && !shownIds.has(one.id));
    const found = [...known, ...held.map((opened) => ({ opened, place: '' }))];
    const shown = found.findIndex(({ opened }) => opened.id === tabs[active]?.id);
    return { tabs: found, problems: [], active: held.length > 0 ? found.length - 1 : shown, together };
  }

  #tabOf(id: string, where: string): Tab | undefined {
    const capture = this.#parts.pathOf(id);
    if (capture !== undefined) {
      return capture === this.#parts.sample
        ? { kind: 'sample', place: where }
        : { kind: 'capture', path: capture, place: where };
    }
    const file = this.#parts.moduleFile(id);
    const module = this.#parts.modules().find((one) => one.id === id);
    if (file === undefined || !module) return undefined;
    const { from, name } = module;
    return from
      ? { kind: 'image', path: file, sha256: from.sha256, name, place: where }
      : { kind: 'module', path: file, place: where };
  }

  #openTab(one: Tab): Promise<Result<Opened>> {
    const parts = this.#parts;
    if (one.kind === 'sample') return parts.openCapture(parts.sample);
    if (one.kind === 'capture') return parts.openCapture(one.path);
    if (one.kind === 'module') return parts.openModule(one.path);
    const capture = parts.captures().find(({ id }) => parts.pathOf(id) === one.path)?.id;
    const { path: file, sha256, name } = one;
    // Without its capture the image is a module like any other.
    return parts.openImage({ path: file, sha256, capture: capture ?? '' }, name);
  }
}

/**
 * What a desktop notification tells of a recording: contradictions, hidden modules, and loads that match a saved view.
 * However many there are, they are few notifications: what comes soon after one waits, and is counted together.
 */
import type { Attempt } from '#contract/attempt.ts';
import type { AttemptColumn, Page, PageRequest } from '#contract/page.ts';
import type { CaptureInfo } from '#contract/capture-info.ts';
import type { Revealed } from '#contract/api.ts';
import type { ViewKept } from '#contract/kept-view.ts';
import type { Result } from '#contract/result.ts';

/** Time between two looks for matches, and between two notifications, in milliseconds. */
const LOOK_EVERY = 1000;
const TELL_EVERY = 5000;

/** Characters of a notification at most. */
const MOST_TEXT = 200;

/** Views that are watched at most: each is a question every second. */
const MOST_WATCHED = 20;

const CONTRADICTIONS = 'has contradiction';

/** What alarms need of the app. */
export interface AlarmParts {
  /** Whether the user wants them. */
  wanted(): boolean;
  views(): readonly ViewKept[];
  attempts(capture: string, page: PageRequest<AttemptColumn>): Promise<Result<Page<Attempt>>>;
  /** Shows a notification; a click on it reveals what it is about. */
  show(title: string, body: string, about: Revealed): void;
  /** In place of the usual times; tests take less. */
  readonly pace?: { readonly look: number; readonly tell: number };
}

interface Alarm {
  readonly words: string;
  readonly count: number;
  readonly about: Revealed;
}

export class Alarms {
  readonly #parts: AlarmParts;
  #capture = '';
  #info: CaptureInfo | undefined;
  /** Rows that a filter kept at the last look. */
  #matches = new Map<string, number>();
  #isFirst = true;
  /** Contradictions and hidden modules that were told. */
  #told = new Set<string>();
  #looking = false;
  /** There is more than the look under way has seen. */
  #again = false;
  #isOver = false;
  #lookTimer: NodeJS.Timeout | undefined;
  #waiting: Alarm[] = [];
  #tellTimer: NodeJS.Timeout | undefined;

  constructor(parts: AlarmParts) {
    this.#parts = parts;
  }

  /** A capture that is being recorded has grown. */
  grew(capture: string, info: CaptureInfo): void {
    if (capture !== this.#capture) {
      this.#capture = capture;
      this.#matches = new Map();
      this.#told = new Set();
      this.#isFirst = true;
    }
    this.#info = info;
    if (!this.#parts.wanted()) return;
    if (this.#looking) this.#again = true;
    else this.#plan();
  }

  #plan(): void {
    this.#lookTimer ??= setTimeout(() => void this.#look(), this.#parts.pace?.look ?? LOOK_EVERY);
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#lookTimer);
    clearTimeout(this.#tellTimer);
  }

  async #look(): Promise<void> {
    this.#lookTimer = undefined;
    this.#looking = true;
    this.#again = false;
    const capture = this.#capture;
    if (this.#info) this.#readInfo(capture, this.#info);
    const watched = this.#parts
      .views()
      .filter(({ view, filter }) => view === 'attempts' && filter !== undefined && filter !== '')
      .slice(0, MOST_WATCHED)
      .map(({ name, filter = '' }) => ({ filter: `(${filter}) and operation == load`, words: `matches “${name}”` }));
    for (const one of [{ filter: CONTRADICTIONS, words: 'contradiction' }, ...watched])
      await this.#count(capture, one.filter, one.words);
    this.#isFirst = false;
    this.#looking = false;
    if (this.#again && !this.#isOver) this.#plan();
  }

  /** What is known of the whole capture. */
  #readInfo(capture: string, { hiddenModules, contradictions }: CaptureInfo): void {
    for (const { name, address, callId, evidence } of hiddenModules) {
      const about = { capture, ...(callId === undefined ? seqOf(evidence) : { callId }) };
      this.#once(`hidden ${name ?? ''} ${address ?? ''}`, `hidden module: ${name ?? address ?? 'unnamed'}`, about);
    }
    for (const { code, module, evidence } of contradictions)
      this.#once(`${code} ${evidence.join(' ')}`, `contradiction: ${module}`, { capture, ...seqOf(evidence) });
  }

  #once(key: string, words: string, about: Revealed): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#raise({ words, count: 1, about });
  }

  /** How many rows a filter keeps; more than before are told with the newest of them. */
  async #count(capture: string, filter: string, words: string): Promise<void> {
    const page = { sort: 'time', descending: true, filter, start: 0, limit: 1 } as const;
    const found = await this.#parts.attempts(capture, page);
    // A filter that does not fit is told where it is shown; rows that are still looked for are counted the next time.
    if (found.ok && found.value.progress) this.#again = true;
    if (!found.ok || found.value.progress || capture !== this.#capture) return;
    const { total, rows } = found.value;
    // What was recorded before a view was saved is no news.
    const before = this.#matches.get(filter) ?? (this.#isFirst ? 0 : total);
    this.#matches.set(filter, total);
    const [newest] = rows;
    if (total <= before || !newest) return;
    const what = `${words}: ${newest.operation} of ${newest.module?.name ?? newest.file?.path ?? 'a module without a name'}`;
    this.#raise({ words: what, count: total - before, about: { capture, callId: newest.callId } });
  }

  #raise(alarm: Alarm): void {
    this.#waiting.push(alarm);
    if (this.#tellTimer === undefined) this.#tell();
  }

  #tell(): void {
    this.#tellTimer = undefined;
    const [first] = this.#waiting;
    if (!first) return;
    const others = this.#waiting.reduce((sum, { count }) => sum + count, 0) - 1;
    this.#waiting = [];
    const more = others > 0 ? `, and ${String(others)} more` : '';
    this.#parts.show('Modtrail', plain(first.words, MOST_TEXT - more.length) + more, first.about);
    this.#tellTimer = setTimeout(() => {
      this.#tell();
    }, this.#parts.pace?.tell ?? TELL_EVERY);
  }
}

const seqOf = ([seq]: readonly number[]): { readonly seq?: number } => (seq === undefined ? {} : { seq });

/** Characters that a desktop may take for markup, and what is shown for them. */
const MARKUP: Readonly<Record<string, string>> = { '<': '‹', '>': '›', '&': '＆' };

/** A short text without anything that a desktop could act on: no controls, no turned direction, no markup. */
export function plain(text: string, most: number): string {
  const seen = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd').replaceAll(/[<>&]/g, (one) => MARKUP[one] ?? one);
  const characters = [...seen];
  return characters.length <= most ? seen : `${characters.slice(0, most - 1).join('')}…`;
}

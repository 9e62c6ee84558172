/** What main tells the page. A notice waits until the page listens to its kind, so that none is lost while it loads. */
import type { Notices } from '#contract/api.ts';

/** Notices of one kind that wait at most; older ones give way. */
const MOST_WAITING = 100;

type Name = keyof Notices;
type Send = (name: Name, payload: unknown) => void;

export const NOTICE_NAMES = [
  'opened',
  'problem',
  'recording',
  'grown',
  'closed',
  'settings',
  'noted',
  'verifying',
  'revealed',
  'exporting',
  'command',
] as const satisfies readonly Name[];

export class NoticeBoard {
  readonly #send: Send;
  readonly #listening = new Set<Name>();
  readonly #waiting = new Map<Name, unknown[]>();

  constructor(send: Send) {
    this.#send = send;
  }

  tell<N extends Name>(name: N, payload: Notices[N]): void {
    if (this.#listening.has(name)) {
      this.#send(name, payload);
      return;
    }
    const waiting = [...(this.#waiting.get(name) ?? []), payload];
    this.#waiting.set(name, waiting.slice(-MOST_WAITING));
  }

  /** The page listens to this kind from now on. */
  listen(name: Name): void {
    this.#listening.add(name);
    const waiting = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    for (const payload of waiting) this.#send(name, payload);
  }

  /** The page is gone. The next one says anew what it listens to; of what waits only problems still concern it. */
  forget(): void {
    this.#listening.clear();
    for (const name of this.#waiting.keys()) if (name !== 'problem') this.#waiting.delete(name);
  }
}

/** The app's windows. Each has a page, a title and notices of its own; what is open and what is recorded is one for all. */
import { NOTICE_CHANNEL } from '#contract/channels.ts';
import type { Notices, Opened } from '#contract/api.ts';
import type { BrowserWindow, WebContents } from 'electron';
import { NoticeBoard } from './notices.ts';
import { WindowTitle } from './title.ts';

export interface AppWindow {
  readonly window: BrowserWindow;
  readonly notices: NoticeBoard;
  readonly title: WindowTitle;
  /** Captures and modules that it shows, by their ids. */
  readonly shows: Set<string>;
}

/** What was opened is looked at in a window. */
export function showIn({ shows, title }: AppWindow, { id, name }: Opened): void {
  shows.add(id);
  title.show(name);
}

export class Windows {
  /** The one that was looked at last comes last. */
  #all: readonly AppWindow[] = [];

  /** Takes a window in until it is closed. */
  add(window: BrowserWindow, closed: (one: AppWindow) => void): AppWindow {
    const notices = new NoticeBoard((name, payload) => {
      if (!window.isDestroyed()) window.webContents.send(NOTICE_CHANNEL, name, payload);
    });
    const one: AppWindow = { window, notices, title: new WindowTitle(window), shows: new Set() };
    this.#all = [...this.#all, one];
    window.on('focus', () => {
      this.#all = [...this.#all.filter((other) => other !== one), one];
    });
    window.once('closed', () => {
      this.#all = this.#all.filter((other) => other !== one);
      closed(one);
    });
    return one;
  }

  get count(): number {
    return this.#all.length;
  }

  /** The one that is looked at, or was last; undefined when all are closed. */
  get front(): AppWindow | undefined {
    return this.#all.at(-1);
  }

  /** The one whose page this is. */
  of(contents: Pick<WebContents, 'id'>): AppWindow | undefined {
    return this.#all.find(({ window }) => !window.isDestroyed() && window.webContents.id === contents.id);
  }

  /** Whether a window other than this one shows a capture or a module. */
  isShown(id: string, but?: AppWindow): boolean {
    return this.#all.some((one) => one !== but && one.shows.has(id));
  }

  /** The one in which something is to be looked at: in front, where that shows its capture. */
  showing(id: string): AppWindow | undefined {
    return this.#all.findLast(({ shows }) => shows.has(id)) ?? this.front;
  }

  each(work: (one: AppWindow) => void): void {
    for (const one of this.#all) work(one);
  }

  tell<N extends keyof Notices>(name: N, payload: Notices[N], but?: AppWindow): void {
    this.each((one) => {
      if (one !== but) one.notices.tell(name, payload);
    });
  }
}

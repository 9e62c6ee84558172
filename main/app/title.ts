/** A window's title: what it shows, and the mark of a recording. */
import type { BrowserWindow } from 'electron';

export class WindowTitle {
  readonly #window: Pick<BrowserWindow, 'isDestroyed' | 'setTitle'>;
  #name: string | undefined;
  #recording = false;

  constructor(window: Pick<BrowserWindow, 'isDestroyed' | 'setTitle'>) {
    this.#window = window;
  }

  /** Names the window after what it shows. */
  show(name: string | undefined): void {
    this.#name = name;
    this.#set();
  }

  /** Puts the mark of a recording into the title, or takes it away; it is there whatever else the title says. */
  mark(recording: boolean): void {
    if (recording === this.#recording) return;
    this.#recording = recording;
    this.#set();
  }

  #set(): void {
    if (!this.#window.isDestroyed()) this.#window.setTitle(titleFor(this.#name, this.#recording));
  }
}

/** One line, without characters that turn its direction. */
export function titleFor(name: string | undefined, recording: boolean): string {
  const plain = name?.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '\ufffd');
  const title = plain === undefined ? 'Modtrail' : `${plain} – Modtrail`;
  return recording ? `● Recording – ${title}` : title;
}

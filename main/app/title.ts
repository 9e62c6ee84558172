/** A window's title: what it shows, and the mark of a recording. */
import { withSigns } from '#contract/printable.ts';
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
  const title = name === undefined ? 'Modtrail' : `${withSigns(name)} – Modtrail`;
  return recording ? `● Recording – ${title}` : title;
}

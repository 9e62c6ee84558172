/** What was recorded while no window showed it is closed when its recording is over; its file stays. */
import type { RecordingState } from '#contract/recording.ts';

export interface UnwatchedParts {
  /** Whether a window shows a capture. */
  isShown(capture: string): boolean;
  close(capture: string): void;
}

export class Unwatched {
  readonly #parts: UnwatchedParts;
  #recorded: string | undefined;

  constructor(parts: UnwatchedParts) {
    this.#parts = parts;
  }

  told(state: RecordingState): void {
    if (state.state === 'recording') this.#recorded = state.capture;
    if (state.state !== 'idle' && state.state !== 'failed') return;
    const capture = this.#recorded;
    this.#recorded = undefined;
    if (capture !== undefined && !this.#parts.isShown(capture)) this.#parts.close(capture);
  }
}

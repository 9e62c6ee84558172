/** A live session as the app sees it. */
import type { Failure } from './result.ts';
import type { Wide } from './wide.ts';

export type RecordingState =
  | { readonly state: 'idle' }
  | { readonly state: 'starting'; readonly file: string }
  | {
      readonly state: 'recording';
      readonly file: string;
      /** The handle under which the growing capture is open. */
      readonly capture: string;
      readonly events: Wide;
      readonly calls: Wide;
      readonly bytes: Wide;
      readonly lost: Wide;
      /** Seconds since the start. */
      readonly seconds: number;
    }
  | { readonly state: 'stopping'; readonly file: string }
  | { readonly state: 'failed'; readonly error: Failure };

/** A live session as the app sees it. */
import type { Failure } from './result.ts';
import type { Wide } from './wide.ts';

/** What a person chooses before a recording begins. */
export interface RecordingOptions {
  /** Keep the bytes of modules; otherwise only their hashes. */
  readonly images: boolean;
}

export type RecordingState =
  | { readonly state: 'idle' }
  | { readonly state: 'starting'; readonly file: string }
  | {
      readonly state: 'recording';
      readonly file: string;
      /** The handle under which the growing capture is open. */
      readonly capture: string;
      readonly events: Wide;
      /** Calls to load or remove a module, those that were counted together included. */
      readonly calls: Wide;
      readonly bytes: Wide;
      readonly lost: Wide;
      /** Of them failing ones that were counted together with one like them. */
      readonly coalesced?: Wide;
      /** Distinct images that were kept. */
      readonly images?: Wide;
      /** Events a second, of late. */
      readonly rate?: Wide;
      /** Seconds since the start. */
      readonly seconds: number;
    }
  | { readonly state: 'stopping'; readonly file: string }
  | { readonly state: 'failed'; readonly error: Failure };

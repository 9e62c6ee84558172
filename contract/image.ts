/** The bytes of modules: one row for each distinct image of a capture. Printed by `images --json`. */
import type { ImageFact } from './event.ts';
import type { Progress } from './page.ts';

export interface ImageRow extends ImageFact {
  /** image_read events that gave these bytes, in order. */
  readonly seqs: readonly number[];
  /** Calls that the bytes were read for; one that was coalesced counts once. */
  readonly callIds: readonly number[];
  /** How often a call had the kernel read it, those that were coalesced included. */
  readonly loads: number;
  /** RFC 3339: when it was read first and last. */
  readonly firstTime: string;
  readonly lastTime: string;
  /** Names of the modules that it became, and the paths that it was read from. */
  readonly names: readonly string[];
  readonly paths: readonly string[];
  /** A call handed the bytes over itself (init_module): they came from no file. */
  readonly fromMemory?: boolean;
}

/** Images of a capture as far as they were counted. Of each the first event and call, of names and paths a few. */
export interface ImageList {
  /** In order of their first reading, so many of them. */
  readonly rows: readonly ImageRow[];
  readonly total: number;
  /** Readings of still other images, which are not told apart; absent where there are none. */
  readonly beyond?: number;
  /** Absent once all were counted. */
  readonly progress?: Progress;
}

/** One image: events, calls, names and paths are the first ones of many. */
export interface ImageUse {
  /** Absent where no reading of it was found, or none yet. */
  readonly row?: ImageRow;
  readonly progress?: Progress;
}

/** What was written when an image was saved. */
export interface SavedImage {
  /** The file's name, for the message. */
  readonly name: string;
  readonly bytes: number;
  /** Absent of an image that did not arrive whole. */
  readonly sha256?: string;
  /** Of such an image: what did not arrive, and is zeros in the file. */
  readonly holes?: readonly Hole[];
}

/** Which image: by its SHA-256 or at least 8 digits of its beginning, or by an event that speaks of it. */
export type ImageName = { readonly sha256: string } | { readonly seq: number };

/** A stretch of an incomplete image that did not arrive: from `from` up to, and without, `to`. */
export interface Hole {
  readonly from: number;
  readonly to: number;
}

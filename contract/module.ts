/**
 * One module image that is open in the inspector, and what is asked about it a piece at a time: an image may be large, and
 * no answer is. What the pieces mean is in inspect.ts.
 */

/** An open image. `id` is a handle that only main understands. */
export interface OpenModule {
  readonly id: string;
  /** The file's name; of an image out of a capture, what the capture calls the module. */
  readonly name: string;
  /** The file's folder, to be shown; never sent back. */
  readonly folder?: string;
  /** Where it is out of a capture: that one's id, and the image's hash in it. */
  readonly from?: { readonly capture: string; readonly sha256: string };
  readonly facts: ModuleFacts;
}

/** What is known as soon as the bytes are there. */
export interface ModuleFacts {
  /** Bytes as they are stored, and after decompression. Offsets count in the latter. */
  readonly storedSize: number;
  readonly size: number;
  readonly compression?: 'gzip' | 'xz' | 'zstd';
}

/** Bytes that one answer holds at most. */
export const MOST_BYTES = 65_536;

/** A piece of the image. */
export interface ModuleBytes {
  readonly offset: number;
  /** Base64; shorter than what was asked for at the end of the image. */
  readonly bytes: string;
}

/** What to look for in the bytes. */
export interface ByteSearch {
  /** text: as UTF-8 and as UTF-16, of either order · bytes: pairs of hexadecimal digits, `??` for any byte. */
  readonly kind: 'text' | 'bytes';
  readonly pattern: string;
  /** Text only: a and A are the same; other alphabets' letters are not. */
  readonly ignoreCase: boolean;
  /** Where to begin. */
  readonly from: number;
}

export interface ByteHits {
  /** In order of their offsets, each with the bytes that it covers. */
  readonly hits: readonly { readonly offset: number; readonly size: number }[];
  /** Where to go on; absent where the end was reached. */
  readonly next?: number;
}

/** Tabs of the inspector; what is found, and what a byte belongs to, is shown in one of them. */
export const MODULE_TABS = [
  'overview',
  'signature',
  'parameters',
  'symbols',
  'sections',
  'relocations',
  'functions',
  'code',
  'strings',
  'types',
  'hex',
  'compare',
  'seen',
] as const;
export type ModuleTab = (typeof MODULE_TABS)[number];

/** Something in the image that has a place in the inspector, and mostly bytes. */
export interface ModuleThing {
  readonly tab: ModuleTab;
  /** Its row in that tab. */
  readonly row?: string;
  /** What it is: "section", "symbol", "string". */
  readonly kind: string;
  readonly words: string;
  /** Its bytes in the image. */
  readonly offset?: number;
  readonly size?: number;
}

/** What a byte belongs to, from the outermost to the innermost. */
export interface BytePlace {
  readonly offset: number;
  readonly things: readonly ModuleThing[];
}

/** What a text was found in, over the whole inspector. */
export interface FoundInModule {
  readonly things: readonly ModuleThing[];
  /** How often in each tab, those that are not among `things` included. */
  readonly totals: Readonly<Partial<Record<ModuleTab, number>>>;
}

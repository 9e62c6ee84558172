/** The roster: one row a distinct image, or a module's name, with what came of all attempts that were about it. */
import type { Interval, Page, PageRequest } from './page.ts';
import type { Wide } from './wide.ts';

/** image: by SHA-256 of the bytes that the kernel was given · name: by the module's name. */
export const ROSTER_GROUPINGS = ['image', 'name'] as const;
export type RosterGrouping = (typeof ROSTER_GROUPINGS)[number];

export const ROSTER_COLUMNS = [
  'name',
  'attempts',
  'first',
  'last',
  'live',
  'signer',
  'taints',
  'by',
  'from',
  'sha256',
] as const;
export type RosterColumn = (typeof ROSTER_COLUMNS)[number];

export interface RosterOrder extends Pick<PageRequest<RosterColumn>, 'sort' | 'descending'> {
  readonly grouping: RosterGrouping;
  /** Only rows in which this text occurs, in a name, path, program, signer or hash; all rows where absent. */
  readonly text?: string;
  /** Only attempts of that stretch of boot time are counted, and rows without any left out; all where absent. */
  readonly within?: Interval;
}

export interface RosterRequest extends RosterOrder {
  readonly start: number;
  /** 1 to 1000. */
  readonly limit: number;
}

/** Distinct texts, of which the first ones are listed. */
export interface Several {
  readonly first: readonly string[];
  /** How many there are. */
  readonly count: number;
  /** True where there may be more: so many are not told apart. */
  readonly atLeast?: boolean;
}

/** Who signed an image, as far as its bytes say; whether that holds, the inspector tells. */
export type ImageSigner =
  | { readonly state: 'signed'; readonly by: string }
  | { readonly state: 'unsigned' }
  /** The bytes could not be read as a module, or the signature not as one. */
  | { readonly state: 'unreadable'; readonly why: string };

export interface RosterRow {
  /** Of the row, in its grouping, for as long as the capture is open. */
  readonly id: number;
  /** The image; of a name, that of its only image. */
  readonly sha256?: string;
  /** Bytes of that image. */
  readonly size?: Wide;
  /** Whether all bytes of that image are in the capture. */
  readonly kept: boolean;
  /** Distinct images with a hash. */
  readonly images: number;
  /** True of the row for all that the others have no place for. */
  readonly rest?: boolean;
  /** What the modules are called; empty where nothing names them. */
  readonly names: Several;
  /** Paths that were loaded from. */
  readonly paths: Several;
  /** Programs that called. */
  readonly programs: Several;
  readonly attempts: number;
  /** Calls that the attempts stand for: identical failing ones are one attempt. */
  readonly calls: number;
  /** Attempts by verdict, in the order of VERDICTS. */
  readonly verdicts: readonly number[];
  /** RFC 3339 and boot time; absent of a module that no attempt was about. */
  readonly firstTime?: string;
  readonly lastTime?: string;
  readonly firstNs?: Wide;
  readonly lastNs?: Wide;
  /** Names of all taints that the kernel gave it; absent where it never said. */
  readonly taints?: readonly string[];
  /** Distinct signers of its images; empty where no image's bytes are there to tell. */
  readonly signers: readonly ImageSigner[];
  /** True while images of it are still to be read. */
  readonly signersDue?: boolean;
  /** How many of it were in the kernel at the capture's last moment. */
  readonly live: number;
  /** True where one view of what is loaded shows it and another one lacks it. */
  readonly hidden: boolean;
}

export interface RosterPage extends Page<RosterRow> {
  /** Present where there were more images or names than so many: all others have the last of these rows together. */
  readonly most?: number;
  /** How many images' signers are read; absent once all are. Whoever shows the page asks again until then. */
  readonly signers?: { readonly done: number; readonly of: number };
}

/** A live session as the app sees it. */
import type { Failure } from './result.ts';
import type { Wide } from './wide.ts';

/** What a person chooses before a recording begins. What is absent is the recorder's default. */
export interface RecordingOptions {
  /** Keep the bytes of modules; otherwise only their hashes. */
  readonly images: boolean;
  /** Bytes; longer modules are only hashed. */
  readonly imageLimit?: number;
  /** Seconds between two looks at the loaded modules; 0: only at start and stop. */
  readonly scanInterval?: number;
  /** Bytes of the file at which the recording stops. */
  readonly maxSize?: number;
  /** Goes on when the app ends, in whichever way; the next run of the app finds it. Otherwise the file is finished then. */
  readonly keep?: boolean;
}

/** What may be chosen: whole numbers from the first to the second. */
export const RECORDING_LIMITS = {
  imageLimit: [0, 2 ** 40],
  scanInterval: [0, 86_400],
  maxSize: [2 ** 20, 2 ** 44],
} as const satisfies Readonly<Record<Exclude<keyof RecordingOptions, 'images' | 'keep'>, readonly [number, number]>>;

/**
 * Where a recorder's stream comes from (docs/stream.md). ssh: a recorder is started there, by ssh of this machine, with
 * the keys and the settings that the user's ssh has. file: main asks for a socket, fifo, serial line or saved stream.
 */
export type StreamSource =
  | {
      readonly from: 'ssh';
      readonly host: string;
      readonly user?: string;
      readonly port?: number;
      /** The recorder's program there; "modtrail-collector" where it is on the path. */
      readonly program: string;
    }
  | { readonly from: 'file' };

/**
 * What the parts of an ssh address may be. The other machine's shell reads the program's name, and ssh itself what
 * begins with a dash: neither finds anything there.
 */
export const SSH_PARTS = {
  host: /^[A-Za-z0-9]([A-Za-z0-9.:_-]{0,253}[A-Za-z0-9])?$/,
  user: /^[A-Za-z_][A-Za-z0-9._-]{0,63}$/,
  program: /^[A-Za-z0-9._/][A-Za-z0-9._/-]{0,1023}$/,
} as const;

export type RecordingState =
  | { readonly state: 'idle' }
  | {
      readonly state: 'starting';
      readonly file: string;
      /** A stream that has not begun: the wait can be called off by `stopRecording`. */
      readonly stream?: true;
      /** A dialog may ask for root's rights: the wait can be called off by `stopRecording`. */
      readonly asks?: true;
      /**
       * Nothing on the desktop can ask for root's rights: a person starts the recorder with this line in a terminal, and
       * the app attaches to it. The wait can be called off by `stopRecording`.
       */
      readonly byHand?: { readonly command: string; readonly reason: string };
    }
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
      /** Bytes that are free where the file lies. */
      readonly free?: number;
      /** It goes on when the app ends. */
      readonly keeps?: boolean;
      /** A stream only: milliseconds since something was heard of the recorder. */
      readonly silent?: number;
    }
  | { readonly state: 'stopping'; readonly file: string }
  | { readonly state: 'failed'; readonly error: Failure };

/** A recording that an earlier run of the app began and did not see the end of: the app, or the machine, was stopped. */
export interface LeftRecording {
  /** A handle for main. */
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  /** What was recorded, as it was called when it began. */
  readonly host: string;
  /** RFC 3339: when it was begun. */
  readonly started: string;
  /**
   * How its file stands now. finished: its recorder has finished it since · recording: a recorder still writes to it ·
   * unfinished: it has no end, and nobody writes to it · unreadable: it cannot be opened.
   */
  readonly stands: 'finished' | 'recording' | 'unfinished' | 'unreadable';
  /** Why it cannot be opened. */
  readonly reason?: string;
}

/** What is known of one live session, and what is told of it. */
import { basename } from 'node:path';
import { hostname } from 'node:os';
import type { RecordingOptions, RecordingState } from '#contract/recording.ts';
import type { Failure } from '#contract/result.ts';
import type { ControlLine } from './control-line.ts';
import type { Begun } from './journal.ts';
import type { CollectorLine } from './line.ts';
import type { Receiving, StreamOrigin } from './receiver.ts';
import type { FileIdentity } from './remove-capture.ts';

/** The reason where a stream ended that was not over. */
export const BROKE_OFF = 'stream-ended';

/** Reasons to stop that nobody asked for; the file is whole all the same. */
const UNWANTED_ENDS: Readonly<Record<string, string>> = {
  'disk-full': 'the disk is full',
  'file-limit': 'the file may not grow any more',
  'file-gone': 'the file or its folder is gone',
  'folder-read-only': 'the folder cannot be written to any more',
  error: 'the recorder failed',
  [BROKE_OFF]: 'the stream broke off',
};

export type Counts = Extract<ControlLine, { word: 'status' }>;
export type Stopped = Extract<ControlLine, { word: 'stopped' }>;

/** What is recorded: this machine, or a stream. */
export type Source = { readonly options: RecordingOptions } | { readonly stream: StreamOrigin };

export interface LiveSession {
  readonly file: string;
  readonly source: Source;
  /** Its recorder goes on when the app ends. */
  keeps: boolean;
  line?: CollectorLine;
  /** Settled when the collector has closed the line. */
  hungUp?: Promise<null>;
  /** Of an earlier run of the app, as that wrote it down. */
  begun?: Begun;
  /** Says that its end was seen. */
  ended?: (() => void) | undefined;
  /** A stream only. */
  receiving?: Receiving;
  /** Calls off the wait for rights, or for a recorder that a person starts. */
  callOff?: (() => void) | undefined;
  capture?: string;
  /** The file that the recorder made, once it has said that it records. */
  made?: FileIdentity | undefined;
  /** performance.now() of the first row; before it is there, how much earlier it was. */
  began: number;
  /** Bytes that are free where the file lies, at the last look. */
  free?: number | undefined;
  /** What the collector itself said of its failure. */
  said?: Failure;
  /** The stream broke off: its other side may say why. */
  brokeOff?: boolean;
  /** What it has recorded is about to be deleted. */
  unwanted?: boolean;
  /** The app ends, and its recorder goes on. */
  left?: boolean;
  /** The collector said that the file is finished. */
  finished: boolean;
  /** Work on the file that has to be done in the order of the collector's messages. */
  work: Promise<void>;
}

export function sessionFor(file: string, source: Source): LiveSession {
  return { file, source, keeps: outlives(source), began: 0, finished: false, work: Promise.resolve() };
}

/** Whether its recorder does not end because it is hung up. */
export function outlives(source: Source): boolean {
  return 'options' in source && source.options.keep === true;
}

/** What is recorded, in a word. */
export function hostOf(source: Source): string {
  if ('options' in source) return hostname();
  return source.stream.from === 'ssh' ? source.stream.host : 'a stream';
}

/** The counts of a session whose capture is open under that id, as the window is told them. */
export function countState({ file, began, free, keeps }: LiveSession, capture: string, counts: Counts): RecordingState {
  const { events, calls, bytes, lost, coalesced, images, rate, silent } = counts;
  return {
    ...{ state: 'recording', file: basename(file), capture, seconds: (performance.now() - began) / 1000 },
    ...{ events, calls, bytes, lost },
    ...(coalesced === undefined ? {} : { coalesced }),
    ...(images === undefined ? {} : { images }),
    ...(rate === undefined ? {} : { rate }),
    ...(free === undefined ? {} : { free }),
    ...(keeps ? { keeps } : {}),
    ...(silent === undefined ? {} : { silent: Number(silent) }),
  };
}

/** Why a recording ended that nobody wanted to end; undefined where somebody did. */
export function unwantedEnd({ reason, detail }: Stopped): Failure | undefined {
  const words = UNWANTED_ENDS[reason];
  if (words === undefined) return undefined;
  const why = detail?.startsWith(words) ? [detail] : [words, detail];
  const message = `the recording ended by itself: ${why.filter(Boolean).join(': ')}`;
  return { code: 'collector-failed', message };
}

/** What is made up before it has its place in the file: events, processes, files. */
import type { Cell } from './sealed-file.ts';

export interface MadeFile {
  /** Row in `file`, once it is written. */
  id: number;
  readonly path: string | null;
  readonly device: readonly [major: number, minor: number];
  readonly inode: number;
  readonly size: number;
  readonly links: number;
  readonly mode: number;
  readonly uid: number;
  /** Before the recording's start, in nanoseconds. */
  readonly age: number;
  readonly filesystem: Filesystem;
  readonly openFlags: number | null;
}

export type Filesystem = 'ext4' | 'tmpfs' | 'overlay' | 'pipefs';

/** Who somebody is, and in which surroundings: shared by many processes. */
export interface Surroundings {
  readonly uid: number;
  readonly euid: number;
  readonly loginUid: number | null;
  readonly sessionId: number | null;
  /** Effective and permitted. */
  readonly capabilities: number;
  readonly bounding: number;
  readonly mountSpace: number;
  readonly pidSpace: number;
  readonly netSpace: number;
  readonly userSpace: number;
  /** Whether its processes are numbered in a namespace of their own. */
  readonly ownPids: boolean;
  readonly cgroupId: number;
  readonly cgroup: string;
}

export interface MadeProcess {
  /** Rows in `process`, once they are written: as a caller, and as somebody's parent. */
  callerId: number;
  ancestorId: number;
  readonly parent: MadeProcess | undefined;
  readonly pid: number;
  readonly pidInside: number;
  readonly start: number;
  readonly comm: string;
  readonly who: Surroundings;
  readonly exe: MadeFile | undefined;
  /** Each argument ended by NUL. */
  readonly argv: Buffer | null;
}

export interface MadeText {
  readonly argument: 0 | 1 | 2;
  readonly phase: 'entry' | 'kernel' | 'return';
  readonly state: 'whole' | 'cut' | 'unreadable' | 'null';
  readonly bytes: string | Buffer | null;
}

/** A row of one of the tables of facts; its first cell, the seq, is put in front. */
export interface MadeFact {
  readonly table: 'module_fact' | 'request_fact' | 'image_fact' | 'loss_fact' | 'clock_fact' | 'snapshot_fact';
  readonly cells: readonly Cell[];
}

export class MadeEvent {
  /** Once it is written. */
  seq = 0;
  callId: number | null = null;
  process: MadeProcess | undefined = undefined;
  tid: number | null = null;
  file: MadeFile | undefined = undefined;
  arg0: number | null = null;
  arg1: number | null = null;
  arg2: number | null = null;
  compat: number | null = null;
  returned: number | null = null;
  took: number | null = null;
  repeat = 1;
  lastNs: number | null = null;
  like: MadeEvent | undefined = undefined;
  texts: readonly MadeText[] | undefined = undefined;
  fact: MadeFact | undefined = undefined;
  readonly kind: string;
  /** Boot time. */
  readonly ns: number;

  constructor(kind: string, ns: number) {
    this.kind = kind;
    this.ns = ns;
  }
}

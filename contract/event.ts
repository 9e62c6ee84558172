/** What happened, as recorded: one record for one fact. The command line prints these with `events --json`. */
import type { ModuleView } from './hidden-module.ts';
import type { Wide } from './wide.ts';

export const CALL_KINDS = ['finit_module', 'init_module', 'delete_module'] as const;
export type CallKind = (typeof CALL_KINDS)[number];

export const EVENT_KINDS = [
  ...CALL_KINDS,
  'module_load',
  'module_free',
  'module_request',
  'image_read',
  'capture_start',
  'capture_stop',
  'loss',
  'clock',
  'snapshot',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** How a text argument came through. `null`: the caller passed a null pointer. */
export type TextState = 'whole' | 'cut' | 'unreadable' | 'null';

/** A text as read from user memory. */
export interface ReadText {
  readonly state: TextState;
  /** Absent when unreadable or null. Bytes that are not UTF-8 appear as \xNN. */
  readonly text?: string;
  /** The exact bytes in hexadecimal, present only where `text` could not hold them. */
  readonly hex?: string;
}

/** One argument of a call, in the reference's terms. */
export interface Argument {
  readonly name: string;
  readonly type: string;
  /** K: from kernel space (a register); U: read from user memory. */
  readonly origin: 'K' | 'U';
  /** May change between check and use. */
  readonly toctou: boolean;
  /** May be absent (null). */
  readonly optional: boolean;
  /** Integers by their C type; texts as read; null for a null pointer; absent where not readable. */
  readonly value?: Wide | null;
  /** The value in words: decoded flags, the text, a path, an address. Absent where there is nothing to say. */
  readonly text?: string;
  /** Pointers only: the address as passed, "0x…". */
  readonly pointer?: string;
  /** Text arguments only. */
  readonly state?: TextState;
  readonly hex?: string;
  /** Text arguments only: when the text in `value` was read. */
  readonly readAt?: 'entry' | 'kernel' | 'return';
  /** Text arguments only: what the kernel itself was handed, before it split it; absent where that is in `value`. */
  readonly atKernel?: ReadText;
  /** Text arguments only: the reading at return, present where it differs from the one at entry. */
  readonly atReturn?: ReadText;
}

/** A process in a chain of parents. */
export interface Ancestor {
  readonly pid: number;
  readonly comm: string;
  readonly uid?: number;
  /** Nanoseconds of boot time at which it started; with pid it names one process. */
  readonly startNs: Wide;
}

export interface Process {
  readonly pid: number;
  readonly ppid?: number;
  readonly startNs: Wide;
  readonly comm: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly euid?: number;
  readonly egid?: number;
  /** Login uid; absent where never set (the kernel's 4294967295) or not recorded. */
  readonly auid?: number;
  /** Audit session; absent like `auid`. */
  readonly session?: number;
  /** The program's path. */
  readonly exe?: string;
  readonly argv?: readonly string[];
  readonly argvState?: Exclude<TextState, 'null'>;
  /** Hexadecimal sets, "0x000001ffffffffff". */
  readonly capabilities?: { readonly effective: string; readonly permitted: string; readonly bounding: string };
  readonly namespaces?: {
    readonly mnt?: number;
    readonly pid?: number;
    readonly net?: number;
    readonly user?: number;
    readonly pidInside?: number;
  };
  readonly cgroup?: string;
  /** From the parent up to pid 1. */
  readonly ancestors: readonly Ancestor[];
  /** True where the chain is longer than what the recorder keeps. */
  readonly ancestorsCut?: boolean;
}

export interface FileFact {
  /** As the kernel sees it from the file descriptor. Pipes, sockets and the like as "pipe:[inode]". */
  readonly path?: string;
  readonly pathState: 'whole' | 'cut' | 'unreadable';
  /** "major:minor". */
  readonly device?: string;
  readonly inode?: Wide;
  readonly size?: Wide;
  readonly links?: number;
  /** True where the link count was 0. */
  readonly deleted?: boolean;
  /** Octal with type, "0100644". */
  readonly mode?: string;
  readonly type?: 'regular' | 'directory' | 'pipe' | 'socket' | 'block' | 'character' | 'link' | 'other';
  readonly uid?: number;
  readonly gid?: number;
  /** RFC 3339 with nanoseconds. */
  readonly modified?: string;
  readonly fs?: string;
  readonly fsMagic?: string;
  readonly openFlags?: number;
}

/**
 * What became of a module's bytes. kept: all are in the capture · skipped: only their hash is · incomplete: not all
 * arrived, what did may be there · not-copied: neither bytes nor hash.
 */
export const IMAGE_STATES = ['kept', 'skipped', 'incomplete', 'not-copied'] as const;
export type ImageState = (typeof IMAGE_STATES)[number];

/** A module's bytes as the kernel read them. */
export interface ImageFact {
  /** Of all bytes, in hexadecimal; absent where not all arrived. */
  readonly sha256?: string;
  /** Bytes that the kernel announced. */
  readonly size: Wide;
  /** Bytes that arrived at the recorder. */
  readonly received: Wide;
  /** Whether all bytes are in the capture. */
  readonly complete: boolean;
  readonly state: ImageState;
  /** Why it is not kept: 'no-images', 'not-under', 'limit', 'decompressed' and the like. */
  readonly reason?: string;
}

/** What the kernel, or failing that the call itself, says of the module. */
export interface ModuleFact {
  readonly name: string;
  /** Where the name is from: the kernel's module structure, the call's argument, or the name of the file. */
  readonly nameFrom: 'kernel' | 'argument' | 'file';
  /** Taint letters' names as in the reference; absent where the kernel did not say. */
  readonly taints?: readonly string[];
  readonly version?: string;
  readonly srcversion?: string;
  readonly signatureOk?: boolean;
  readonly address?: string;
  readonly base?: string;
  readonly size?: Wide;
  readonly initSize?: Wide;
  readonly parameterCount?: number;
}

/** One look at the loaded modules, in one view. */
export interface SnapshotView {
  readonly view: ModuleView;
  /** 1 for the first look, 2 for the second one of the same snapshot. */
  readonly pass: number;
  readonly state: 'whole' | 'cut' | 'torn' | 'unavailable';
  readonly reason?: string;
  /** How many modules it showed. */
  readonly modules?: number;
}

export interface Event {
  readonly seq: number;
  /** RFC 3339 in UTC with nanoseconds. */
  readonly time: string;
  /** Boot time; for a call, of its entry. */
  readonly ns: Wide;
  readonly kind: EventKind;
  readonly callId?: number;
  readonly pid?: number;
  readonly tid?: number;
  readonly process?: Process;
  readonly args?: readonly Argument[];
  /** Calls only; absent while the call has not returned. */
  readonly returnValue?: Wide;
  /** Its name, "EPERM"; absent where the call did not fail. */
  readonly errno?: string;
  readonly durationNs?: Wide;
  /** Calls only: true where no return is recorded. */
  readonly pending?: boolean;
  /** Calls only: true for a 32-bit caller. */
  readonly compat?: boolean;
  readonly file?: FileFact;
  readonly image?: ImageFact;
  readonly module?: ModuleFact;
  readonly request?: { readonly name: string; readonly wait?: boolean; readonly caller?: string };
  /** Loss only. */
  readonly lost?: number;
  readonly fromTime?: string;
  readonly toTime?: string;
  readonly lossSource?: string;
  /** Clock only. */
  readonly clock?: { readonly wall: string; readonly uncertaintyNs: Wide };
  /** Snapshot only. */
  readonly snapshot?: { readonly reason: string; readonly views: readonly SnapshotView[] };
  /** Capture start and stop only. */
  readonly detail?: string;
  /** How many identical failing calls of one thread the row stands for. */
  readonly repeat: number;
  /** RFC 3339 and boot time of the first and the last of them, where there are several. */
  readonly firstTime?: string;
  readonly lastTime?: string;
  readonly firstNs?: Wide;
  readonly lastNs?: Wide;
  /** seq of the single call that they are identical to: its text, file and image are theirs too. */
  readonly likeSeq?: number;
}

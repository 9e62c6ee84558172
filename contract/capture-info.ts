/** What `modtrail info --json` prints and the app's capture page shows. */
import type { Verdict } from './attempt.ts';
import type { EventKind } from './event.ts';
import type { HiddenModule } from './hidden-module.ts';
import type { Progress } from './page.ts';
import type { SealSummary } from './seal.ts';
import type { Wide } from './wide.ts';

export interface HookFact {
  readonly purpose: string;
  readonly mechanism: string;
  readonly target: string;
  readonly state: 'attached' | 'unavailable' | 'not-needed';
  readonly reason?: string;
}

/** Facts that contradict each other, outside of any attempt. */
export interface CaptureContradiction {
  readonly code:
    /** A module was loaded, and no call is recorded that did it. */
    | 'load-without-call'
    /** A module was freed by nothing that frees modules: no delete_module, no load that failed. */
    | 'free-without-delete';
  readonly text: string;
  readonly module: string;
  readonly time: string;
  readonly ns: Wide;
  /** seq of the events that prove it. */
  readonly evidence: readonly number[];
}

export interface CaptureInfo {
  readonly uuid: string;
  readonly formatVersion: number;
  readonly collectorVersion: string;
  readonly host?: string;
  readonly kernel: {
    readonly release?: string;
    readonly version?: string;
    readonly architecture?: string;
    readonly commandLine?: string;
    readonly bootId?: string;
  };
  readonly state: {
    readonly taint?: Wide;
    readonly taints?: readonly string[];
    readonly lockdown?: string;
    readonly modulesDisabled?: boolean;
    readonly signatureEnforced?: boolean;
  };
  readonly started: string;
  readonly startedNs: Wide;
  /** Absent where the recorder did not finish the file. */
  readonly stopped?: string;
  readonly stoppedNs?: Wide;
  /** A word of the format: 'signal', 'duration', 'disk-full' … */
  readonly stopReason?: string;
  /** The same as a clause: "the disk was full". */
  readonly stopText?: string;
  readonly stopDetail?: string;
  /** finished: closed by the recorder · unfinished: killed or cut off · recording: a recorder holds it now. */
  readonly completeness: 'finished' | 'unfinished' | 'recording';
  /** First and last moment that any fact speaks of. */
  readonly firstNs: Wide;
  readonly lastNs: Wide;
  /**
   * How far the events were read; absent once all were. Until then everything that is counted, and every verdict, is of
   * what was read.
   */
  readonly progress?: Progress;
  readonly events: number;
  readonly eventsByKind: Partial<Record<EventKind, number>>;
  readonly attempts: number;
  readonly attemptsByVerdict: Partial<Record<Verdict, number>>;
  readonly losses: {
    readonly intervals: number;
    /** Records of all kinds. */
    readonly lost: Wide;
    /** Of them whole calls, and parts of images. */
    readonly calls: Wide;
    readonly images: Wide;
    readonly bySource: Readonly<Record<string, Wide>>;
  };
  /** made = recorded + coalesced + lost, and up to `unsure` more. */
  readonly calls: {
    /** Rows. */
    readonly recorded: number;
    /** Calls that rows stand for beyond one each. */
    readonly coalesced: Wide;
    readonly lost: Wide;
    readonly made: Wide;
    /** Lost records of which each may have been a call of its own: nobody could tell, or its row found no room. */
    readonly unsure: Wide;
  };
  readonly images: {
    /** Distinct images whose bytes are in the capture, and their bytes together. */
    readonly kept: number;
    readonly bytes: Wide;
    /** Distinct images of which only the hash is. */
    readonly skipped: number;
    /** Readings that did not arrive whole. */
    readonly incomplete: number;
    /** kept: all · hashed: only hashes · under: those of files under a path. */
    readonly policy: 'kept' | 'hashed' | 'under';
    readonly under?: string;
    /** Longer ones are only hashed. */
    readonly limit: Wide;
  };
  /** Modules that one view of what is loaded shows and another one lacks. */
  readonly hiddenModules: readonly HiddenModule[];
  /** What contradicts itself without being part of an attempt. */
  readonly contradictions: readonly CaptureContradiction[];
  /** A recording that was rotated has several parts, counted from 1. */
  readonly part: number;
  readonly previousUuid?: string;
  readonly hooks: readonly HookFact[];
  /** Modules in the list at the start, by /proc/modules; absent where it could not be read. */
  readonly baselineModules?: number;
  readonly limits: {
    readonly paramValues: number;
    readonly path: number;
    readonly argv: number;
    readonly ancestors: number;
    readonly ringBytes: number;
    readonly imageRingBytes: number;
    /** Absent where modules were looked at only at start and stop. */
    readonly scanSeconds?: number;
  };
  readonly seal: SealSummary;
}

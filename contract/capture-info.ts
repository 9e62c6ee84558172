/** What `modtrail info --json` prints and the app's capture page shows. */
import type { Verdict } from './attempt.ts';
import type { EventKind } from './event.ts';
import type { Wide } from './wide.ts';

export interface HookFact {
  readonly purpose: string;
  readonly mechanism: string;
  readonly target: string;
  readonly state: 'attached' | 'unavailable' | 'not-needed';
  readonly reason?: string;
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
  readonly stopReason?: string;
  readonly stopDetail?: string;
  /** finished: closed by the recorder · unfinished: killed or cut off · recording: a recorder holds it now. */
  readonly completeness: 'finished' | 'unfinished' | 'recording';
  /** First and last moment that any fact speaks of. */
  readonly firstNs: Wide;
  readonly lastNs: Wide;
  readonly events: number;
  readonly eventsByKind: Partial<Record<EventKind, number>>;
  readonly attempts: number;
  readonly attemptsByVerdict: Partial<Record<Verdict, number>>;
  readonly losses: { readonly intervals: number; readonly lost: Wide };
  readonly hooks: readonly HookFact[];
  /** Modules in the list at the start, by /proc/modules; absent where it could not be read. */
  readonly baselineModules?: number;
  readonly limits: {
    readonly paramValues: number;
    readonly path: number;
    readonly argv: number;
    readonly ancestors: number;
    readonly ringBytes: number;
  };
  /** none: this capture carries no seal. */
  readonly seal: { readonly state: 'none' };
}

/** Modules that one view of what is loaded shows and another one lacks. In `info --json` as `hiddenModules`. */
import type { Wide } from './wide.ts';

/** The views that a snapshot reads, by the names that the capture file has for them. */
export const MODULE_VIEWS = ['proc_modules', 'sysfs', 'kallsyms', 'kernel_list', 'kernel_kset', 'kernel_tree'] as const;
export type ModuleView = (typeof MODULE_VIEWS)[number];

/** recording: the recorder saw it load, and never saw it freed. */
export type ModuleWitness = ModuleView | 'recording';

export interface HiddenModule {
  /** Absent where no view names it: then there is an address. */
  readonly name?: string;
  /** Of the kernel's struct module, "0x…". */
  readonly address?: string;
  /** Where its code lies, "0x…". */
  readonly base?: string;
  /** Who knows it. */
  readonly seenIn: readonly ModuleWitness[];
  /** Which views, read whole at the same time, lack it. */
  readonly missingFrom: readonly ModuleView[];
  /** seq of the first and the last snapshot in which it was so. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** RFC 3339, of the first and the last of these snapshots. */
  readonly firstTime: string;
  readonly lastTime: string;
  readonly firstNs: Wide;
  readonly lastNs: Wide;
  /** The call that loaded it, where it is recorded. */
  readonly callId?: number;
  /** seq of the events that prove it: the snapshots, and the load where it is recorded. */
  readonly evidence: readonly number[];
  /** One sentence: what is hidden from whom, and what gave it away. */
  readonly text: string;
}

/** Turns of phrase that stages and summaries share, and what they are made from. */
import { errnoName } from '../reference/errno.ts';
import { FINIT_FLAGS, unknownBits } from '../reference/flags.ts';
import { errnoMeaning } from '../reference/reference.ts';
import type { ClockMap } from '../capture/clock-map.ts';
import type { Call } from './calls.ts';
import type { Facts } from './facts.ts';
import type { Joined } from './join.ts';

/** Everything that words may need to know beyond the joined facts. */
export interface Context {
  readonly facts: Facts;
  readonly clock: ClockMap;
  /** The process that made the kernel ask for the module. */
  readonly requester: string | undefined;
  /** Number of the call that removed the module. */
  readonly removedBy: number | undefined;
  /** Whether the reading of the bytes would have been recorded. */
  readonly imagesWatched: boolean;
  readonly modulesDisabled: boolean;
  /** Names of the module's taints. */
  readonly taints: readonly string[];
  /** Whether a recorder still writes to this capture. */
  readonly recording: boolean;
}

const CAP_SYS_MODULE = 1n << 16n; // include/uapi/linux/capability.h

/** "1.204 s", "18.3 ms", "412 µs": as precise as it helps. */
export function duration(ns: bigint): string {
  const value = Number(ns);
  if (value >= 1e9) return `${(value / 1e9).toFixed(3)} s`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} ms`;
  return value >= 1e3 ? `${String(Math.round(value / 1e3))} µs` : `${String(value)} ns`;
}

/** "12,345 bytes" */
export function bytes(size: bigint): string {
  return size === 1n ? '1 byte' : `${size.toLocaleString('en')} bytes`;
}

/** "insmod (437)" */
export function caller({ process, call }: Joined): string {
  return process ? `${process.comm} (${String(process.pid)})` : `thread ${String(call.tid ?? '?')}`;
}

/** The module, or what stands for it where nothing names it. */
export function subject({ moduleName, call }: Joined): string {
  if (moduleName) return moduleName;
  if (call.kind === 'delete_module') return 'a module whose name could not be read';
  return call.kind === 'init_module' ? 'an image from memory' : (call.filePath ?? 'an image without a readable file');
}

export function capitalised(text: string): string {
  return text.replace(/^./u, (first) => first.toUpperCase());
}

/** Why nothing says how the call ended. */
export function unreturned({ returnLoss }: Joined, context: Context): string {
  if (returnLoss) return 'no return is recorded, and records were lost while the call ran';
  return context.recording ? 'the call is still running' : 'the call had not returned when the recording ended';
}

/** When the call returned. */
export function returnNs({ call }: Joined): bigint | undefined {
  return call.took === undefined ? undefined : call.ns + call.took;
}

/** The error that the call returned; undefined where it returned none, or nothing. */
export function errorOf({ returned }: Call): string | undefined {
  if (returned === undefined || returned >= 0n) return undefined;
  return errnoName(returned) ?? returned.toString();
}

function capabilitiesOf({ process }: Joined): bigint | undefined {
  return process?.capabilities === undefined ? undefined : BigInt(process.capabilities.effective);
}

/** The error with its reason for this very call, as far as the facts tell it. */
export function reason(joined: Joined, context: Context): string {
  const { call } = joined;
  const name = errorOf(call) ?? '';
  if (name === 'EPERM') {
    const capabilities = capabilitiesOf(joined);
    if (capabilities !== undefined && (capabilities & CAP_SYS_MODULE) === 0n) {
      return 'EPERM: the caller lacks CAP_SYS_MODULE';
    }
    if (context.modulesDisabled) return 'EPERM: loading and unloading of modules was disabled';
  }
  if (name === 'EINVAL' && call.kind === 'finit_module' && call.flags !== undefined) {
    const unknown = unknownBits(Number(BigInt.asIntN(32, call.flags)), FINIT_FLAGS);
    if (unknown !== 0) return `EINVAL: the kernel does not know the flag 0x${unknown.toString(16)}`;
    if (call.fileIsRegular === false) return 'EINVAL: the file is not a regular one';
  }
  if (name === 'EEXIST') return `EEXIST: a module named ${joined.moduleName ?? 'like this one'} is already loaded`;
  // Once the file was read, it and the flags were fine: what is left is what a load from memory can be refused for.
  const kind = name === 'EINVAL' && joined.image ? 'init_module' : call.kind;
  const meaning = errnoMeaning(kind, name)?.meaning;
  return meaning ? `${name}: ${meaning.replace(/\.$/, '').replace(/^./, (first) => first.toLowerCase())}` : name;
}

/** What everything that happens is made of: single calls, loads, unloads, requests, each with its facts and its moments. */
import type { MadeImage } from './images.ts';
import type { Kernel, Loaded } from './kernel.ts';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';
import { MadeEvent, type MadeFile, type MadeProcess, type MadeText } from './records.ts';

/** The recorder writes the row of a call that has not returned for so long. */
const PENDING_NS = 50_000_000;

/** Errors by name, as calls return them. */
export const ERROR = {
  ...{ EPERM: -1, ENOENT: -2, ENOEXEC: -8, EBADF: -9, EAGAIN: -11, ENOMEM: -12, EFAULT: -14, EBUSY: -16, EEXIST: -17 },
  ...{ ENODEV: -19, EINVAL: -22, ETXTBSY: -26, EBADMSG: -74, EKEYREJECTED: -129, ENOKEY: -126 },
} as const;

export const O_NONBLOCK = 0o4000;

/** MODULE_STATE_COMING and _GOING (include/linux/module.h). */
const COMING = 1;
const GOING = 2;

const READING_MODULE = 2;

export interface CallFacts {
  readonly returned: number | null;
  readonly took?: number;
  readonly file?: MadeFile | undefined;
  readonly args?: readonly [number, number, number | null];
  readonly texts?: readonly MadeText[];
  readonly tid?: number;
}

/** A text that both the caller and the kernel saw as it is. */
export function text(argument: 0 | 1 | 2, bytes: string, seenByKernel = false): MadeText[] {
  const entry = { argument, phase: 'entry', state: 'whole', bytes } as const;
  return seenByKernel ? [entry, { ...entry, phase: 'kernel' }] : [entry];
}

export class Scene {
  readonly random: Random;
  readonly journal: Journal;
  readonly kernel: Kernel;

  constructor(random: Random, journal: Journal, kernel: Kernel) {
    this.random = random;
    this.journal = journal;
    this.kernel = kernel;
  }

  /** From the event to the recorder. */
  #delay(): number {
    return 20_000 + this.random.unit() * 400_000;
  }

  /** A pointer into a program's heap. */
  pointer(): number {
    return 0x5500_0000_0000 + this.random.word() * 16;
  }

  #stage(kind: string, ns: number, callId: number | null, process: MadeProcess | undefined): MadeEvent {
    const event = new MadeEvent(kind, Math.floor(ns));
    event.callId = callId;
    event.process = process;
    event.tid = process?.pid ?? null;
    return event;
  }

  /** One call; its row is written when it returns, or after a while. */
  call(
    kind: 'finit_module' | 'init_module' | 'delete_module',
    ns: number,
    callId: number,
    process: MadeProcess,
    facts: CallFacts,
  ): MadeEvent {
    const event = this.#stage(kind, ns, callId, process);
    const [arg0, arg1, arg2] = facts.args ?? [3, this.pointer(), 0];
    event.tid = facts.tid ?? process.pid;
    event.file = facts.file;
    event.arg0 = arg0;
    event.arg1 = arg1;
    event.arg2 = kind === 'delete_module' ? null : arg2;
    event.compat = 0;
    event.texts = facts.texts;
    const took = Math.ceil(facts.took ?? 900);
    if (facts.returned === null) {
      this.journal.add(event.ns + PENDING_NS, event);
    } else if (took > PENDING_NS) {
      const late = { returned: facts.returned, took, at: event.ns + took + this.#delay() };
      this.journal.add(event.ns + PENDING_NS, event, late);
    } else {
      event.returned = facts.returned;
      event.took = took;
      this.journal.add(event.ns + took + this.#delay(), event);
    }
    return event;
  }

  /** The kernel reads an image's bytes, from the file or from the caller's memory. */
  read(
    ns: number,
    callId: number,
    process: MadeProcess,
    size: number,
    sha256: Buffer,
    source: 'read_file' | 'load_data' = 'read_file',
  ): void {
    const event = this.#stage('image_read', ns, callId, process);
    event.fact = {
      table: 'image_fact',
      cells: [source, READING_MODULE, size, size, 'skipped', 'no-images', sha256, null],
    };
    this.journal.add(event.ns + this.#delay(), event);
  }

  loaded(ns: number, callId: number | null, process: MadeProcess | undefined, module: Loaded): void {
    const event = this.#stage('module_load', ns, callId, process);
    const { image, address, base, initBase } = module;
    event.fact = {
      table: 'module_fact',
      cells: [address, image.name, COMING, ...this.#facts(image), base, image.size, initBase, image.initSize],
    };
    this.journal.add(event.ns + this.#delay(), event);
  }

  #facts(image: MadeImage): readonly [number, string | null, string | null, number, number] {
    return [image.taints, image.version, image.sourceVersion, image.signed ? 1 : 0, image.parameters];
  }

  freed(ns: number, callId: number | null, process: MadeProcess | undefined, module: Loaded): void {
    const event = this.#stage('module_free', ns, callId, process);
    const { image, address, base, initBase, loading } = module;
    const init = loading ? [initBase, image.initSize] : [null, null];
    event.fact = {
      table: 'module_fact',
      cells: [address, image.name, GOING, ...this.#facts(image), base, image.size, ...init],
    };
    this.journal.add(event.ns + this.#delay(), event);
    this.kernel.free(module, event.ns);
  }

  /** 1 event. */
  request(ns: number, process: MadeProcess, name: string): void {
    const event = this.#stage('module_request', ns, null, process);
    event.fact = { table: 'request_fact', cells: [name, 1, -0x7000_0000 + (this.random.word() >>> 6)] };
    this.journal.add(event.ns + this.#delay(), event);
  }
}

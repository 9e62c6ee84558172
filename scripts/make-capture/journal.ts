/** Writes what was made up in the order in which a recorder would: by when it came to know of it. */
import { Heap, type Timed } from './heap.ts';
import type { MadeEvent, MadeFile, MadeProcess } from './records.ts';
import type { Cell, SealedFile } from './sealed-file.ts';

/** A commit holds what came within so long, or so many rows. */
const COMMIT_NS = 250_000_000;
const COMMIT_ROWS = 8192;

/** statfs.f_type of each kind of filesystem (linux/magic.h). */
const MAGIC = { ext4: 0xef53, tmpfs: 0x01021994, overlay: 0x794c7630, pipefs: 0x50495045 } as const;

interface Late {
  readonly returned: number;
  readonly took: number;
}

interface Due extends Timed {
  readonly event: MadeEvent;
  /** The event's return, which comes after its row. */
  readonly late: Late | undefined;
}

export class Journal {
  readonly #file: SealedFile;
  readonly #startedWall: bigint;
  readonly #due = new Heap<Due>();
  #seq = 0;
  #promised = 0;
  #files = 0;
  #processes = 0;
  #texts = 0;
  #returns = 0;
  #callId = 0;
  #committed = 0;

  constructor(file: SealedFile, startedWall: bigint) {
    this.#file = file;
    this.#startedWall = startedWall;
  }

  /** Events that are written. */
  get written(): number {
    return this.#seq;
  }

  /** Events that are written, or will be. */
  get promised(): number {
    return this.#promised;
  }

  nextCallId(): number {
    return ++this.#callId;
  }

  /** @param at boot time at which the recorder has it; not before the time of the last `flush` */
  add(at: number, event: MadeEvent, late?: Late & { readonly at: number }): void {
    this.#promised++;
    this.#due.push({ at: Math.ceil(at), event, late: undefined });
    if (late) this.#due.push({ at: Math.ceil(late.at), event, late });
  }

  /** Writes everything that the recorder has by then. */
  flush(until: number): void {
    while (this.#due.next <= until) {
      const due = this.#due.pop();
      if (!due) return;
      if (this.#file.uncommitted >= COMMIT_ROWS || due.at - this.#committed >= COMMIT_NS) this.commit(due.at);
      if (due.late) {
        const { returned, took } = due.late;
        this.#file.put('call_return', [++this.#returns, due.event.seq, returned, took]);
      } else {
        this.#write(due.event);
      }
    }
  }

  commit(ns: number): void {
    this.#file.commit(ns);
    this.#committed = ns;
  }

  #write(event: MadeEvent): void {
    const process = event.process && this.#callerRow(event.process);
    const file = event.file && this.fileRow(event.file);
    const seq = (event.seq = ++this.#seq);
    this.#file.put('event', [
      ...[
        seq,
        event.ns,
        event.kind,
        event.callId,
        event.process?.pid ?? null,
        event.tid,
        process ?? null,
        file ?? null,
      ],
      ...[event.arg0, event.arg1, event.arg2, event.compat, event.returned, event.took],
      ...[event.repeat, event.lastNs === null ? null : event.ns, event.lastNs, event.like?.seq ?? null],
    ]);
    if (event.fact) this.#file.put(event.fact.table, [seq, ...event.fact.cells]);
    for (const { argument, phase, state, bytes } of event.texts ?? []) {
      this.#file.put('argument_text', [++this.#texts, seq, argument, phase, state, bytes]);
    }
  }

  fileRow(file: MadeFile): number {
    if (file.id > 0) return file.id;
    const { path, device, inode, size, links, mode, uid, age, filesystem, openFlags } = file;
    file.id = ++this.#files;
    const changed = this.#startedWall - BigInt(Math.floor(age));
    const cells: Cell[] = [file.id, path, 'whole', device[0], device[1], inode, size, links, mode, uid, uid];
    this.#file.put('file', [...cells, changed, MAGIC[filesystem], filesystem, openFlags]);
    return file.id;
  }

  #ancestorRow(process: MadeProcess): number {
    if (process.ancestorId > 0) return process.ancestorId;
    const { parent, pid, start, comm, who } = process;
    const above = parent ? this.#ancestorRow(parent) : null;
    process.ancestorId = ++this.#processes;
    const cells: Cell[] = [process.ancestorId, above, 'ancestor', 'whole', pid, parent?.pid ?? null, start, comm];
    this.#file.put('process', [...cells, who.uid, ...Array<null>(18).fill(null)]);
    return process.ancestorId;
  }

  #callerRow(process: MadeProcess): number {
    if (process.callerId > 0) return process.callerId;
    const { parent, pid, start, comm, who, exe, argv } = process;
    const above = parent ? this.#ancestorRow(parent) : null;
    const program = exe ? this.fileRow(exe) : null;
    process.callerId = ++this.#processes;
    this.#file.put('process', [
      ...[process.callerId, above, 'caller', 'whole', pid, parent?.pid ?? null, start, comm],
      ...[who.uid, who.uid, who.euid, who.euid, who.loginUid, who.sessionId],
      ...[who.capabilities, who.capabilities, who.bounding, process.pidInside],
      ...[who.mountSpace, who.pidSpace, who.netSpace, who.userSpace, who.cgroupId, who.cgroup],
      ...[program, argv, argv ? 'whole' : 'unreadable'],
    ]);
    return process.callerId;
  }
}

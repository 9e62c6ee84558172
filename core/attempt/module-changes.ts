/**
 * What the kernel did to modules, and which change ended which module's life, in columns: 41 bytes a change, names and
 * versions included, because a machine that loads and frees for weeks does so millions of times. In order of time.
 */
import { AddressColumn } from '../survey/address-column.ts';
import { withRoom } from '../survey/growing.ts';
import { WholeColumn } from '../survey/whole-column.ts';
import { WordColumn } from '../survey/word-column.ts';
import type { ModuleChange } from './facts.ts';
import type { Removal, Removals } from './removals.ts';

/** From when to when a module was in the kernel, by the address of its structure. */
export interface Life {
  /** Absent where the module was loaded before the recording, or the record of its load was lost. */
  readonly load?: ModuleChange;
  readonly free?: ModuleChange;
  /** The call that removed it, where its free is not recorded. */
  readonly removal?: Removal;
  /** The load that took the place of a module whose free is not recorded: two structures never share an address. */
  readonly replacedBy?: ModuleChange;
}

/** When the module was gone, as far as recorded. */
export function endOf(life: Life): Pick<ModuleChange, 'seq' | 'ns' | 'name'> | undefined {
  return removalOf(life) ?? life.replacedBy;
}

/** What is known of its removal: by the kernel's word, or else by the return of the call. */
export function removalOf(life: Life): ModuleChange | Removal | undefined {
  return life.free ?? life.removal;
}

const NONE = -1;
const LOADS = 1;
const HAS_BASE = 2;
const ACCOUNTED = 4;

/** So many of the latest changes may still change places: the recorder writes nearly in order of time. */
const LATEST = 4096;

/** Spreads call numbers over a table (the multiplier is 2^32 divided by the golden ratio). */
function hash(callId: number): number {
  return Math.imul((callId ^ (callId / 4294967296)) | 0, 0x9e3779b1) >>> 0;
}

export class ModuleChanges {
  #size = 0;
  readonly #seqs = new WholeColumn();
  #ns = new BigInt64Array();
  /** NaN where the change belongs to no call. */
  readonly #callIds = new WholeColumn();
  /** Row of the call's event and one; 0 where none was read. */
  #callRows = new Uint32Array();
  #flags = new Uint8Array();
  readonly #addresses = new AddressColumn();
  readonly #bases = new AddressColumn();
  readonly names = new WordColumn();
  readonly versions = new WordColumn();
  /** Of a load: the change that ended the life. Of a free: the load. */
  #partners = new Int32Array();
  /** The next change of the same call. */
  #next = new Int32Array();
  /** By hash of the call's number: its last change. */
  #table = new Int32Array(1024).fill(NONE);
  #inOrder = true;
  /** So many are joined with their partners and their calls; later ones can still change places. */
  #linked = 0;
  /** Frees of what was loaded before the recording. */
  #orphans: number[] = [];
  /** Calls that removed a module without a record of its free, and of each load the index of its own and one. */
  #removals: Removals | undefined;
  #removedBy = new Int32Array();
  /** How often that was found anew: verdicts that depend on it may be others then. */
  #timesEnded = 0;
  /** By address: the load whose module is there. */
  readonly #alive = new Map<bigint, number>();

  get size(): number {
    return this.#size;
  }

  /** Takes one more change. Until `settle`, nobody looks. */
  add(change: ModuleChange): void {
    const at = this.#size;
    this.#makeRoom(at + 1);
    this.#write(at, change);
    this.#size = at + 1;
    let place = at;
    // What came nearly in order is put in its place at once.
    for (; place > this.#linked && this.#isBefore(place, place - 1); place--) this.#swap(place, place - 1);
    if (place > 0 && place === this.#linked && this.#isBefore(place, place - 1)) this.#inOrder = false;
    if (this.#size - this.#linked > LATEST) this.#linkTo(this.#size - LATEST / 2);
  }

  /** Puts everything in order of time where it is not yet; cheap where it nearly is. */
  settle(): void {
    if (this.#inOrder) {
      this.#linkTo(this.#size);
      return;
    }
    const order = Uint32Array.from({ length: this.#size }, (_, at) => at).sort((a, b) =>
      this.#isBefore(a, b) ? -1 : 1,
    );
    const sorted = Array.from(order, (at) => this.at(at));
    const accounted = Array.from(order, (at) => this.isAccounted(at));
    const calls = Array.from(order, (at) => this.#callRows[at] ?? 0);
    this.#callRows.fill(0);
    this.#size = this.#linked = 0;
    this.#alive.clear();
    this.#removedBy = new Int32Array();
    this.#orphans = [];
    this.#table.fill(NONE);
    this.#inOrder = true;
    for (const [at, change] of sorted.entries()) {
      if (change) this.add(change);
      if (accounted[at]) this.account(at);
      this.#callRows[at] = calls[at] ?? 0;
    }
    this.#linkTo(this.#size);
  }

  #write(at: number, change: ModuleChange): void {
    this.#seqs.put(at, Number(change.seq));
    this.#ns[at] = change.ns;
    this.#callIds.put(at, change.callId ?? NaN);
    this.#flags[at] = (change.loads ? LOADS : 0) | (change.base === undefined ? 0 : HAS_BASE);
    this.#addresses.put(at, change.address);
    if (change.base !== undefined) this.#bases.put(at, change.base);
    this.names.put(at, change.name);
    this.versions.put(at, change.version);
  }

  /** Of two changes that are not linked yet. */
  #swap(a: number, b: number): void {
    const [one, other] = [this.at(a), this.at(b)];
    if (!one || !other) return;
    this.#write(a, other);
    this.#write(b, one);
  }

  /** Joins changes with their partners and their calls, up to one (excluded). */
  #linkTo(end: number): void {
    for (; this.#linked < end; this.#linked++) {
      if (this.#inOrder) this.#link(this.#linked);
      this.#file(this.#linked);
    }
  }

  at(index: number): ModuleChange | undefined {
    if (index < 0 || index >= this.#size) return undefined;
    const flags = this.#flags[index] ?? 0;
    const callId = this.#callIds.at(index);
    return {
      seq: BigInt(this.#seqs.at(index)),
      ns: this.#ns[index] ?? 0n,
      callId: Number.isNaN(callId) ? undefined : callId,
      loads: (flags & LOADS) !== 0,
      address: this.#addresses.at(index),
      name: this.nameAt(index),
      version: this.versions.at(index),
      base: (flags & HAS_BASE) === 0 ? undefined : this.#bases.at(index),
    };
  }

  /** Boot time of a change, without making an object of it. */
  nsAt(index: number): bigint {
    return this.#ns[index] ?? 0n;
  }

  addressAt(index: number): bigint {
    return this.#addresses.at(index);
  }

  loadsAt(index: number): boolean {
    return ((this.#flags[index] ?? 0) & LOADS) !== 0;
  }

  /** Number of the change's own event. */
  seqAt(index: number): number {
    return this.#seqs.at(index);
  }

  nameAt(index: number): string {
    return this.names.at(index) ?? '';
  }

  /** Row of the event of the call in which it happened, as far as that was read. */
  callRowAt(index: number): number | undefined {
    const row = this.#callRows[index] ?? 0;
    return row === 0 ? undefined : row - 1;
  }

  setCallRow(index: number, row: number): void {
    this.#callRows[index] = row + 1;
  }

  /** Notes that a call explains the change. */
  account(index: number): void {
    this.#flags[index] = (this.#flags[index] ?? 0) | ACCOUNTED;
  }

  isAccounted(index: number): boolean {
    return ((this.#flags[index] ?? 0) & ACCOUNTED) !== 0;
  }

  /**
   * Takes over what ended lives without a record of a free.
   * @param removedBy - of each load the index of the removal and one; 0 where there is none
   */
  endBy(removals: Removals, removedBy: Int32Array<ArrayBuffer>): void {
    this.#removals = removals;
    this.#removedBy = removedBy;
    this.#timesEnded++;
  }

  /** Another number where lives may have other ends than before, though no change was added. */
  get timesEnded(): number {
    return this.#timesEnded;
  }

  /** Whether the free of what was loaded at `index` is recorded. */
  isFreed(index: number): boolean {
    const partner = this.#partners[index] ?? NONE;
    return partner !== NONE && !this.loadsAt(partner);
  }

  /** Boot time at which what was loaded at `index` was gone, as far as recorded; without making an object of its life. */
  endNsAt(index: number): bigint | undefined {
    const partner = this.#partners[index] ?? NONE;
    const removal = this.isFreed(index) ? undefined : this.#removalOf(index);
    return removal?.ns ?? (partner === NONE ? undefined : this.nsAt(partner));
  }

  #removalOf(index: number): Removal | undefined {
    const removedBy = this.#removedBy[index] ?? 0;
    return removedBy === 0 ? undefined : this.#removals?.at(removedBy - 1);
  }

  /** The life that begins with that load, or that ends with that free of something loaded before the recording. */
  lifeAt(index: number): Life | undefined {
    const change = this.at(index);
    if (!change) return undefined;
    const partner = this.#partners[index] ?? NONE;
    if (!change.loads) return partner === NONE ? { free: change } : undefined;
    const end = this.at(partner);
    if (end && !end.loads) return { load: change, free: end };
    const removal = this.#removalOf(index);
    return { load: change, ...(removal && { removal }), ...(end && { replacedBy: end }) };
  }

  /** All lives, in order of their beginning as far as it is recorded. */
  *lives(): Generator<Life> {
    for (let at = 0; at < this.#size; at++) {
      const life = this.lifeAt(at);
      if (life) yield life;
    }
  }

  /** Indexes of the frees of what was loaded before the recording, in order of time. */
  get orphans(): readonly number[] {
    return this.#orphans;
  }

  /** Whether no change of the same sort came before it in its call. */
  isFirst(index: number): boolean {
    const callId = this.#callIds.at(index);
    const loads = this.loadsAt(index);
    for (let at = this.#next[index] ?? NONE; at !== NONE; at = this.#next[at] ?? NONE) {
      if (this.#callIds.at(at) === callId && this.loadsAt(at) === loads) return false;
    }
    return true;
  }

  hasCall(callId: number): boolean {
    return this.#lastOf(callId) !== NONE;
  }

  /** Whether anything was freed within a call. */
  freesIn(callId: number): boolean {
    return this.ofCall(callId).some((at) => !this.loadsAt(at));
  }

  /** Indexes of the changes within a call, in order of time. */
  ofCall(callId: number): number[] {
    const found: number[] = [];
    for (let at = this.#lastOf(callId); at !== NONE; at = this.#next[at] ?? NONE) {
      if (this.#callIds.at(at) === callId) found.unshift(at);
    }
    return found;
  }

  #lastOf(callId: number): number {
    let at = this.#table[hash(callId) & (this.#table.length - 1)] ?? NONE;
    while (at !== NONE && this.#callIds.at(at) !== callId) at = this.#next[at] ?? NONE;
    return at;
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#ns[a] ?? 0n, this.#ns[b] ?? 0n];
    return one < other || (one === other && this.#seqs.at(a) < this.#seqs.at(b));
  }

  /** Joins a change with the load at the same address. */
  #link(at: number): void {
    const address = this.#addresses.at(at);
    const load = this.#alive.get(address);
    this.#partners[at] = NONE;
    if (load !== undefined) this.#partners[load] = at;
    if (this.loadsAt(at)) {
      this.#alive.set(address, at);
    } else {
      this.#partners[at] = load ?? NONE;
      this.#alive.delete(address);
      if (load === undefined) this.#orphans.push(at);
    }
  }

  /** Enters a change under its call. */
  #file(at: number): void {
    const callId = this.#callIds.at(at);
    this.#next[at] = NONE;
    if (Number.isNaN(callId)) return;
    const slot = hash(callId) & (this.#table.length - 1);
    this.#next[at] = this.#table[slot] ?? NONE;
    this.#table[slot] = at;
  }

  #makeRoom(size: number): void {
    if (this.#ns.length < size) {
      this.#ns = withRoom(this.#ns, size);
      this.#callRows = withRoom(this.#callRows, size);
      this.#flags = withRoom(this.#flags, size);
      this.#partners = withRoom(this.#partners, size);
      this.#next = withRoom(this.#next, size);
    }
    if (size <= this.#table.length) return;
    this.#table = new Int32Array(this.#table.length * 2).fill(NONE);
    for (let at = 0; at < this.#linked; at++) this.#file(at);
  }
}

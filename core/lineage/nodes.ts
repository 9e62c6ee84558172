/**
 * The tree of processes in columns: a hundred bytes a process, so that a million fit. A process is the same where its
 * number, its start and its parent are; a parent always stands before its children.
 */
import { LEAST_INTEGER as LEAST_NS, MOST_INTEGER as MOST_NS } from '../capture/integers.ts';
import { VERDICTS } from '#contract/attempt.ts';

const KINDS = VERDICTS.length;

/** No process: the parent of the outermost ones, the end of a list of children. */
export const NONE = -1;

/** Rows that there is room for at first; doubled when they are full. */
const FIRST_ROOM = 1024;

/** Kernels give no higher number than this (PID_MAX_LIMIT). */
const MOST_PID = 1 << 22;

/** Room is made for so many at once at most; for more it grows. */
const MOST_ROOM = 4_000_000;

type Column = Int32Array | Uint32Array | Float64Array | BigInt64Array | Uint8Array;

function longer<Of extends Column>(column: Of, length: number): Of {
  const made = new (column.constructor as new (length: number) => Of)(length);
  made.set(column as never);
  return made;
}

function hashOf(parent: number, pid: bigint, startNs: bigint): number {
  let hash = Math.imul(parent ^ Number(BigInt.asIntN(32, pid)), 0x9e3779b1);
  hash = Math.imul(hash ^ Number(BigInt.asIntN(32, startNs)), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ Number(BigInt.asIntN(32, startNs >> 32n)), 0xc2b2ae35);
  return hash ^ (hash >>> 13);
}

export class Nodes {
  size = 0;
  parent: Int32Array;
  level: Int32Array;
  pid: BigInt64Array;
  startNs: BigInt64Array;
  /** Indexes of names; NONE where it is not recorded. */
  comm: Int32Array;
  /** NONE where it is not recorded; 4294967295 is a uid. */
  uid: Float64Array;
  /** Row of `file`; 0 where it is not recorded. */
  exe: BigInt64Array;
  cut: Uint8Array;
  children: Int32Array;
  firstChild: Int32Array;
  lastChild: Int32Array;
  nextSibling: Int32Array;
  /** Place among its siblings, from 1. */
  place: Int32Array;
  /**
   * Attempts by verdict, and boot times of the first and the last of them: of a process alone while attempts are
   * counted, of its whole tree as soon as anybody looks. So a count costs the same however long the chain of parents is.
   */
  #counts: Uint32Array;
  #firstNs: BigInt64Array;
  #lastNs: BigInt64Array;
  #isSummed = false;
  readonly roots: number[] = [];
  /** Numbers that were met, and those that more than one process had: a bit each. */
  readonly #met = new Uint8Array(MOST_PID / 8);
  readonly #reused = new Uint8Array(MOST_PID / 8);
  /** Names that processes had before their last one. */
  readonly earlier = new Map<number, Set<number>>();
  /** Open addressing, a power of two long: nodes by parent, number and start. */
  #index: Int32Array;
  #hashes: Int32Array;

  /** @param expected - processes; room for them is made at once, because growing would take a moment too long */
  constructor(expected: number) {
    const room = Math.min(Math.max(FIRST_ROOM, expected), MOST_ROOM);
    this.parent = new Int32Array(room);
    this.level = new Int32Array(room);
    this.pid = new BigInt64Array(room);
    this.startNs = new BigInt64Array(room);
    this.comm = new Int32Array(room);
    this.uid = new Float64Array(room);
    this.exe = new BigInt64Array(room);
    this.cut = new Uint8Array(room);
    this.children = new Int32Array(room);
    this.firstChild = new Int32Array(room);
    this.lastChild = new Int32Array(room);
    this.nextSibling = new Int32Array(room);
    this.place = new Int32Array(room);
    this.#counts = new Uint32Array(room * KINDS);
    this.#firstNs = new BigInt64Array(room);
    this.#lastNs = new BigInt64Array(room);
    this.#hashes = new Int32Array(room);
    this.#index = new Int32Array(2 ** Math.ceil(Math.log2(room * 2))).fill(NONE);
  }

  /** The node of a process; made where there is none. */
  of(parent: number, pid: bigint, startNs: bigint): number {
    const hash = hashOf(parent, pid, startNs);
    const mask = this.#index.length - 1;
    let at = hash & mask;
    for (let node = this.#index[at] ?? NONE; node !== NONE; node = this.#index[at] ?? NONE) {
      if (this.parent[node] === parent && this.pid[node] === pid && this.startNs[node] === startNs) return node;
      at = (at + 1) & mask;
    }
    this.#index[at] = this.size;
    return this.#add(parent, pid, startNs, hash);
  }

  #add(parent: number, pid: bigint, startNs: bigint, hash: number): number {
    const node = this.size++;
    if (node >= this.parent.length) this.#grow();
    this.parent[node] = parent;
    this.pid[node] = pid;
    this.#meet(pid);
    this.startNs[node] = startNs;
    this.#hashes[node] = hash;
    this.#firstNs[node] = MOST_NS;
    this.#lastNs[node] = LEAST_NS;
    for (const column of [this.comm, this.uid, this.firstChild, this.lastChild, this.nextSibling]) column[node] = NONE;
    if (parent === NONE) this.roots.push(node);
    else this.#append(parent, node);
    this.place[node] = parent === NONE ? this.roots.length : (this.children[parent] ?? 0);
    this.level[node] = parent === NONE ? 1 : (this.level[parent] ?? 0) + 1;
    if (this.size * 2 > this.#index.length) this.#rehash();
    return node;
  }

  #meet(pid: bigint): void {
    if (pid < 0n || pid >= MOST_PID) return;
    const at = Number(pid) >> 3;
    const bit = 1 << (Number(pid) & 7);
    if (((this.#met[at] ?? 0) & bit) !== 0) this.#reused[at] = (this.#reused[at] ?? 0) | bit;
    this.#met[at] = (this.#met[at] ?? 0) | bit;
  }

  /** Whether the process's number alone may name another one, too. */
  isReused(node: number): boolean {
    const pid = this.pid[node] ?? 0n;
    if (pid < 0n || pid >= MOST_PID) return true;
    return ((this.#reused[Number(pid) >> 3] ?? 0) & (1 << (Number(pid) & 7))) !== 0;
  }

  #append(parent: number, node: number): void {
    const last = this.lastChild[parent] ?? NONE;
    if (last === NONE) this.firstChild[parent] = node;
    else this.nextSibling[last] = node;
    this.lastChild[parent] = node;
    this.children[parent] = (this.children[parent] ?? 0) + 1;
  }

  #grow(): void {
    const room = this.parent.length * 2;
    this.parent = longer(this.parent, room);
    this.level = longer(this.level, room);
    this.pid = longer(this.pid, room);
    this.startNs = longer(this.startNs, room);
    this.comm = longer(this.comm, room);
    this.uid = longer(this.uid, room);
    this.exe = longer(this.exe, room);
    this.cut = longer(this.cut, room);
    this.children = longer(this.children, room);
    this.firstChild = longer(this.firstChild, room);
    this.lastChild = longer(this.lastChild, room);
    this.nextSibling = longer(this.nextSibling, room);
    this.place = longer(this.place, room);
    this.#counts = longer(this.#counts, room * KINDS);
    this.#firstNs = longer(this.#firstNs, room);
    this.#lastNs = longer(this.#lastNs, room);
    this.#hashes = longer(this.#hashes, room);
  }

  #rehash(): void {
    const mask = this.#index.length * 2 - 1;
    this.#index = new Int32Array(mask + 1).fill(NONE);
    for (let node = 0; node < this.size; node++) {
      let at = (this.#hashes[node] ?? 0) & mask;
      while (this.#index[at] !== NONE) at = (at + 1) & mask;
      this.#index[at] = node;
    }
  }

  /** A process has this name now. */
  name(node: number, comm: number): void {
    const before = this.comm[node] ?? NONE;
    if (before === comm) return;
    this.comm[node] = comm;
    if (before === NONE) return;
    const earlier = this.earlier.get(node) ?? new Set();
    if (earlier.size < 8) this.earlier.set(node, earlier.add(before));
  }

  /** Counts an attempt for a process, and so for all that led to it. */
  count(node: number, verdict: number, ns: bigint, lastNs: bigint): void {
    this.#takeApart();
    const cell = node * KINDS + verdict;
    this.#counts[cell] = (this.#counts[cell] ?? 0) + 1;
    if (ns < (this.#firstNs[node] ?? MOST_NS)) this.#firstNs[node] = ns;
    if (lastNs > (this.#lastNs[node] ?? LEAST_NS)) this.#lastNs[node] = lastNs;
  }

  /** Children stand behind their parents, so that each tree is whole before it is added to its parent's. */
  #sumUp(): void {
    if (this.#isSummed) return;
    this.#isSummed = true;
    const [counts, first, last] = [this.#counts, this.#firstNs, this.#lastNs];
    for (let node = this.size - 1; node >= 0; node--) {
      const parent = this.parent[node] ?? NONE;
      if (parent === NONE) continue;
      for (let kind = 0; kind < KINDS; kind++) {
        counts[parent * KINDS + kind] = (counts[parent * KINDS + kind] ?? 0) + (counts[node * KINDS + kind] ?? 0);
      }
      const [ns, lastNs] = [first[node] ?? MOST_NS, last[node] ?? LEAST_NS];
      if (ns < (first[parent] ?? MOST_NS)) first[parent] = ns;
      if (lastNs > (last[parent] ?? LEAST_NS)) last[parent] = lastNs;
    }
  }

  /** Makes counts those of each process alone again; the moments of a tree only become earlier and later, and stay. */
  #takeApart(): void {
    if (!this.#isSummed) return;
    this.#isSummed = false;
    const counts = this.#counts;
    for (let node = 0; node < this.size; node++) {
      const parent = this.parent[node] ?? NONE;
      for (let kind = 0; kind < KINDS && parent !== NONE; kind++) {
        counts[parent * KINDS + kind] = (counts[parent * KINDS + kind] ?? 0) - (counts[node * KINDS + kind] ?? 0);
      }
    }
  }

  /** Attempts of its tree, by verdict. */
  treeOf(node: number): number[] {
    this.#sumUp();
    return [...this.#counts.subarray(node * KINDS, (node + 1) * KINDS)];
  }

  /** Boot times of the first and of the last attempt of its tree. */
  spanOf(node: number): { readonly firstNs: bigint; readonly lastNs: bigint } {
    this.#sumUp();
    return { firstNs: this.#firstNs[node] ?? 0n, lastNs: this.#lastNs[node] ?? 0n };
  }

  /** Its own: what is left of its tree without that of its children. */
  ownOf(node: number): number[] {
    const own = this.treeOf(node);
    for (let child = this.firstChild[node] ?? NONE; child !== NONE; child = this.nextSibling[child] ?? NONE) {
      for (let kind = 0; kind < KINDS; kind++) {
        own[kind] = (own[kind] ?? 0) - (this.#counts[child * KINDS + kind] ?? 0);
      }
    }
    return own;
  }
}

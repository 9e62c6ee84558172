/**
 * The tree of processes in columns: a hundred bytes a process, so that a million fit. A process is the same where its
 * number, its start and its parent are; a parent always stands before its children.
 */
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
  /** Attempts of its whole tree by verdict, and boot times of the first and the last of them. */
  tree: Uint32Array;
  firstNs: BigInt64Array;
  lastNs: BigInt64Array;
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
    this.tree = new Uint32Array(room * KINDS);
    this.firstNs = new BigInt64Array(room);
    this.lastNs = new BigInt64Array(room);
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
    this.tree = longer(this.tree, room * KINDS);
    this.firstNs = longer(this.firstNs, room);
    this.lastNs = longer(this.lastNs, room);
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

  /** Counts an attempt for a process and for all that led to it. */
  count(node: number, verdict: number, ns: bigint, lastNs: bigint): void {
    for (let at = node; at !== NONE; at = this.parent[at] ?? NONE) {
      const fresh = this.firstNs[at] === 0n && this.lastNs[at] === 0n;
      const cell = at * KINDS + verdict;
      this.tree[cell] = (this.tree[cell] ?? 0) + 1;
      if (fresh || ns < (this.firstNs[at] ?? 0n)) this.firstNs[at] = ns;
      if (fresh || lastNs > (this.lastNs[at] ?? 0n)) this.lastNs[at] = lastNs;
    }
  }

  /** Attempts of its tree, by verdict. */
  treeOf(node: number): number[] {
    return [...this.tree.subarray(node * KINDS, (node + 1) * KINDS)];
  }

  /** Its own: what is left of its tree without that of its children. */
  ownOf(node: number): number[] {
    const own = this.treeOf(node);
    for (let child = this.firstChild[node] ?? NONE; child !== NONE; child = this.nextSibling[child] ?? NONE) {
      for (let kind = 0; kind < KINDS; kind++) {
        own[kind] = (own[kind] ?? 0) - (this.tree[child * KINDS + kind] ?? 0);
      }
    }
    return own;
  }
}

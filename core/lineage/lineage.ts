/** Grows the tree of processes from the calls: each with the parents that the kernel had for it at that moment. */
import { VERDICTS, type Verdict } from '#contract/attempt.ts';
import { integer, integerOrNone, readable, type Row } from '../capture/columns.ts';
import type { Capture } from '../capture/open.ts';
import { CHAIN_LIMIT } from '../capture/processes.ts';
import { BEFORE_ALL, callsOf, type Caller, type CallSource, type Scope } from '../tally/calls.ts';
import type { Work } from '../tally/stepped.ts';
import { Nodes, NONE } from './nodes.ts';

const PLACES = new Map<Verdict, number>(VERDICTS.map((verdict, at) => [verdict, at]));

/** Distinct names that are told apart; a process has one of at most 15 bytes. */
const MOST_NAMES = 1_000_000;

/** Number of the process that stands for those which are not recorded. */
export const UNKNOWN = -1n;

const PROCESS = `SELECT pid, start_boot_ns, comm, uid, exe_file_id, parent_id, chain_state FROM process WHERE id = ?`;

export class Lineage {
  readonly nodes: Nodes;
  readonly names: string[] = [];
  readonly #known = new Map<string, number>();

  /** @param expected - processes */
  constructor(expected: number) {
    this.nodes = new Nodes(expected);
  }

  nameIndex(comm: unknown): number {
    if (typeof comm !== 'string' && !Buffer.isBuffer(comm)) return NONE;
    const name = readable(comm.slice(0, 64));
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.names.length >= MOST_NAMES) return NONE;
    this.#known.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}

class Growing {
  readonly lineage: Lineage;
  readonly #process;
  readonly #source: CallSource;
  /** Nodes of the processes that others have come from, by row. */
  readonly #parents = new Map<bigint, number>();

  constructor(capture: Capture, source: CallSource) {
    this.#process = capture.database.prepare<[bigint], Row>(PROCESS);
    this.#source = source;
    const processes = capture.database.prepare<[], bigint | null>('SELECT max(id) FROM process').pluck().get();
    this.lineage = new Lineage(Number(processes ?? 0n));
  }

  *steps(): Generator<number> {
    for (let piece = this.#source.after(BEFORE_ALL); piece.last !== undefined; piece = this.#source.after(piece.last)) {
      for (const { call, caller, judgement } of piece.calls) {
        const node = caller
          ? this.#below(this.#parent(caller.parentId), caller)
          : this.lineage.nodes.of(NONE, UNKNOWN, 0n);
        this.lineage.nodes.count(node, PLACES.get(judgement.verdict) ?? 0, call.ns, call.lastNs ?? call.ns);
      }
      yield Math.max(Number(piece.last), 0);
    }
  }

  /** The node of a process: it begins a chain of its own where no kernel nests so deep, so that no chain is endless. */
  #below(parent: number, caller: Caller): number {
    const { nodes } = this.lineage;
    const isTooDeep = parent !== NONE && (nodes.level[parent] ?? 0) > CHAIN_LIMIT;
    const node = nodes.of(isTooDeep ? NONE : parent, caller.pid, caller.startNs);
    this.#describe(node, caller);
    return node;
  }

  #describe(node: number, { comm, uid, exeFileId, cut }: Caller): void {
    const { nodes } = this.lineage;
    nodes.name(node, this.lineage.nameIndex(comm));
    if (uid !== undefined) nodes.uid[node] = Number(uid);
    if (exeFileId !== undefined) nodes.exe[node] = exeFileId;
    if (cut) nodes.cut[node] = 1;
  }

  /** The node of a parent: those above it are looked up as far as they are not known, however long a forged chain is. */
  #parent(row: bigint | undefined): number {
    const above: { readonly id: bigint; readonly caller: Caller }[] = [];
    const seen = new Set<bigint>();
    let node = NONE;
    for (let id = row; id !== undefined && !seen.has(id) && above.length < CHAIN_LIMIT;) {
      const known = this.#parents.get(id);
      if (known !== undefined) {
        node = known;
        break;
      }
      seen.add(id);
      const found = this.#process.get(id);
      if (!found) break;
      const caller = readCaller(found);
      above.push({ id, caller });
      id = caller.parentId;
    }
    for (const { id, caller } of above.reverse()) {
      node = this.#below(node, caller);
      this.#parents.set(id, node);
    }
    return node;
  }
}

function readCaller(row: Row): Caller {
  return {
    pid: integer(row, 'pid'),
    startNs: integer(row, 'start_boot_ns'),
    comm: row['comm'],
    uid: integerOrNone(row, 'uid'),
    exeFileId: integerOrNone(row, 'exe_file_id'),
    parentId: integerOrNone(row, 'parent_id'),
    cut: row['chain_state'] === 'cut',
  };
}

export function growLineage(capture: Capture, scope: Scope): Work<Lineage> {
  const source = callsOf(capture.database, scope, false);
  const growing = new Growing(capture, source);
  const { lineage } = growing;
  return {
    ...{ value: lineage, steps: growing.steps(), of: Math.max(Number(source.end), 0), preview: scope.preview === true },
    size: () => lineage.nodes.size,
  };
}

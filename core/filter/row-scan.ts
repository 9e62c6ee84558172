/**
 * Which rows fulfil a condition, found in the columns that the survey keeps: what is asked of a value is asked once of each
 * distinct one, by SQLite itself, so that both ways mean the same. What no column holds is asked of the rows left over.
 */
import { EVENT_KINDS } from '#contract/event.ts';
import { VERDICTS } from '#contract/attempt.ts';
import type Database from 'better-sqlite3';
import type { ModuleChanges } from '../attempt/module-changes.ts';
import type { ModuleChange } from '../attempt/facts.ts';
import { Bits } from '../survey/bits.ts';
import { KIND_BITS, KIND_MASK, type EventRows } from '../survey/event-rows.ts';
import { join, meet, ofBits, ofColumn, ofSparse, STRETCH, turn, type Marker } from './marks.ts';
import type { IdSet } from './members.ts';
import type { CodedColumn, IdColumn, Scan } from './scan.ts';
import type { Param, Sql } from './sql.ts';

/** What is kept in memory of a capture that was read. */
export interface Held {
  readonly rows: EventRows;
  readonly modules: ModuleChanges;
  /** By seq: the loads that calls without one of their own shared. */
  readonly shared: ReadonlyMap<number, ModuleChange>;
}

/** Up to one in so many rows is asked about alone. */
const FEW = 32;

const CODES: Readonly<Record<'kind' | 'verdict', readonly string[]>> = { kind: EVENT_KINDS, verdict: VERDICTS };

export class RowScan {
  readonly #database: Database.Database;
  readonly #held: Held;
  readonly #mark: Marker;

  constructor(database: Database.Database, scan: Scan, held: Held) {
    this.#database = database;
    this.#held = held;
    const mark = this.#marker(scan);
    this.#mark = typeof mark === 'function' ? mark : (_, __, marks) => marks.fill(Number(mark));
  }

  /** @param marks room for a stretch */
  mark(first: number, end: number, marks: Uint8Array): void {
    this.#mark(first, end, marks);
  }

  /** What is true of all rows, or of none, needs no look at any. */
  #marker(scan: Scan): Marker | boolean {
    switch (scan.kind) {
      case 'and':
        return this.#both(scan.parts);
      case 'or':
        return this.#any(scan.parts);
      case 'not': {
        const marker = this.#marker(scan.part);
        if (typeof marker === 'boolean') return !marker;
        return (first, end, marks) => {
          marker(first, end, marks);
          turn(marks);
        };
      }
      case 'value':
        return this.#value(scan.column, scan.test);
      case 'member':
        return scan.members.size > 0 && this.#member(scan.column, scan.members);
      case 'moments':
        return this.#moments(scan.stretches);
      case 'change':
        return scan.members?.size !== 0 && ofBits(this.#changes(scan.loads, scan.members));
      case 'shared':
        return scan.members?.size !== 0 && ofBits(this.#sharing(scan.members));
      case 'given':
        return ofBits(this.#held.rows.given);
      case 'sql':
        return this.#asked(scan.condition);
    }
  }

  /** What no column holds comes last, and is asked only of what the others have left. */
  #both(parts: readonly Scan[]): Marker | boolean {
    const found = parts.filter((part) => part.kind !== 'sql').map((part) => this.#marker(part));
    if (found.includes(false)) return false;
    const held = found.filter((marker) => typeof marker === 'function');
    const asked = parts.flatMap((part) => (part.kind === 'sql' ? [this.#askedOf(part.condition)] : []));
    if (held.length + asked.length === 0) return true;
    const spare = new Uint8Array(STRETCH);
    return (first, end, marks) => {
      marks.fill(1);
      for (const marker of held) {
        marker(first, end, spare);
        if (!meet(marks, spare)) return;
      }
      for (const keep of asked) keep(first, end, marks);
    };
  }

  #any(parts: readonly Scan[]): Marker | boolean {
    const found = parts.map((part) => this.#marker(part));
    if (found.includes(true)) return true;
    const markers = found.filter((marker) => typeof marker === 'function');
    const [only] = markers;
    if (!only || markers.length === 1) return only ?? false;
    const spare = new Uint8Array(STRETCH);
    return (first, end, marks) => {
      marks.fill(0);
      for (const marker of markers) {
        marker(first, end, spare);
        join(marks, spare);
      }
    };
  }

  /** Asks once of each value, and of its absence; the answers are by code, 0 for absence. */
  #answers(values: readonly (string | bigint)[], test: Sql): Uint8Array {
    const statement = this.#database
      .prepare<unknown[], bigint>(`SELECT (${test.text}) IS TRUE FROM (SELECT ? AS value)`)
      .pluck();
    return Uint8Array.from([null, ...values], (value) => Number(statement.get(...test.params, value) ?? 0n));
  }

  #value(column: CodedColumn, test: Sql): Marker | boolean {
    const { rows } = this.#held;
    if (column === 'returned') {
      const answers = this.#answers(rows.returnValues, test);
      return answers.includes(1) && ofColumn(rows.returns, (code) => answers[code] ?? 0);
    }
    const answers = this.#answers(CODES[column], test);
    if (!answers.includes(1)) return false;
    const [shift, mask] = column === 'kind' ? [0, KIND_MASK] : [KIND_BITS, 0xff];
    const { kinds } = rows;
    return (first, end, marks) => {
      for (let at = 0; at < end - first; at++) marks[at] = answers[((kinds[first + at] ?? 0) >> shift) & mask] ?? 0;
    };
  }

  #member(column: IdColumn, members: IdSet): Marker {
    const { rows } = this.#held;
    const has = (id: number): number => (members.hasNumber(id) ? 1 : 0);
    if (column === 'process') return ofColumn(rows.processes, has);
    if (column === 'file') return ofSparse(rows.files, has);
    const bySeq: Marker =
      members.markRows?.bind(members) ??
      ((first, end, marks) => {
        for (let at = 0; at < end - first; at++) marks[at] = has(rows.seqAt(first + at));
      });
    if (column === 'seq') return bySeq;
    return (first, end, marks) => {
      bySeq(first, end, marks);
      rows.likes.forEach(first, end, (row, like) => {
        marks[row - first] = has(like);
      });
    };
  }

  #moments(stretches: readonly (readonly [bigint, bigint])[]): Marker {
    const { moments } = this.#held.rows;
    const spare = new Uint8Array(STRETCH);
    return (first, end, marks) => {
      marks.fill(0, 0, end - first);
      for (const [from, to] of stretches) {
        moments.within(from, to, first, end, spare);
        join(marks, spare);
      }
    };
  }

  /** Rows of calls by the first load, or free, within them. */
  #changes(loads: boolean, members: IdSet | undefined): Bits {
    const { modules, rows } = this.#held;
    const found = new Bits(rows.size);
    for (let at = 0; at < modules.size; at++) {
      if (modules.loadsAt(at) !== loads || members?.hasNumber(modules.seqAt(at)) === false) continue;
      const row = modules.callRowAt(at);
      if (row !== undefined && (!members || modules.isFirst(at))) found.set(row);
    }
    return found;
  }

  #sharing(members: IdSet | undefined): Bits {
    const { shared, rows } = this.#held;
    const found = new Bits(rows.size);
    for (const [seq, load] of shared) {
      const row = rows.rowOf(seq);
      if (row !== undefined && (!members || members.has(load.seq))) found.set(row);
    }
    return found;
  }

  #asked({ text, params }: Sql): Marker {
    const { rows } = this.#held;
    const statement = this.#database
      .prepare<unknown[], bigint>(`SELECT event.seq FROM event WHERE event.seq BETWEEN ? AND ? AND (${text})`)
      .pluck();
    return (first, end, marks) => {
      marks.fill(0, 0, end - first);
      for (const seq of statement.all(rows.seqAt(first), rows.seqAt(end - 1), ...params)) {
        const row = rows.rowOf(Number(seq));
        if (row !== undefined) marks[row - first] = 1;
      }
    };
  }

  /** Takes away the marks of rows that do not fulfil a condition besides. */
  asking(condition: Sql): Marker {
    return this.#askedOf(condition);
  }

  /** Takes marks away. */
  #askedOf(condition: Sql): Marker {
    const { rows } = this.#held;
    const spare = new Uint8Array(STRETCH);
    const asked = this.#asked(condition);
    const one = this.#database
      .prepare<unknown[], bigint>(`SELECT 1 FROM event WHERE event.seq = ? AND (${condition.text})`)
      .pluck();
    return (first, end, marks) => {
      let left = 0;
      for (let at = 0; at < end - first; at++) left += marks[at] ?? 0;
      if (left * FEW > end - first) {
        asked(first, end, spare);
        meet(marks, spare);
        return;
      }
      for (let at = marks.indexOf(1); at >= 0 && at < end - first; at = marks.indexOf(1, at + 1)) {
        if (one.get(rows.seqAt(first + at), ...condition.params) === undefined) marks[at] = 0;
      }
    };
  }
}

/** What of a condition is asked of columns that hold values such as no recorder writes is asked in SQL instead. */
export function heldScan(
  { where, params, scan }: { readonly where: string; readonly params: readonly unknown[]; readonly scan?: Scan },
  { rows }: Held,
): Scan {
  const isHeld = (column: CodedColumn | IdColumn): boolean => {
    if (column === 'process') return rows.processes.isHeld;
    if (column === 'file') return rows.files.isHeld;
    return column !== 'returned' || rows.returnsAreHeld;
  };
  const all = (part: Scan): boolean => {
    if (part.kind === 'and' || part.kind === 'or') return part.parts.every(all);
    if (part.kind === 'not') return all(part.part);
    return (part.kind !== 'value' && part.kind !== 'member') || isHeld(part.column);
  };
  if (scan && all(scan)) return scan;
  return { kind: 'sql', condition: { text: where, params: params as readonly Param[] } };
}

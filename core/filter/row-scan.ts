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
import type { NarrowColumn } from '../survey/narrow-column.ts';
import type { Members } from './members.ts';
import type { CodedColumn, IdColumn, Scan } from './scan.ts';
import type { Param, Sql } from './sql.ts';

/** What is kept in memory of a capture that was read. */
export interface Held {
  readonly rows: EventRows;
  readonly modules: ModuleChanges;
  /** By seq: the loads that calls without one of their own shared. */
  readonly shared: ReadonlyMap<number, ModuleChange>;
}

/** Rows that are gone through at a stretch. */
export const STRETCH = 1 << 14;

/** Up to one in so many rows is asked about alone. */
const FEW = 32;

/** Sets a mark, 0 or 1, for each row from one on, up to another one (excluded), at most a stretch. */
type Marker = (first: number, end: number, marks: Uint8Array) => void;

const CODES: Readonly<Record<'kind' | 'verdict', readonly string[]>> = { kind: EVENT_KINDS, verdict: VERDICTS };

export class RowScan {
  readonly #database: Database.Database;
  readonly #held: Held;
  readonly #mark: Marker;

  constructor(database: Database.Database, scan: Scan, held: Held) {
    this.#database = database;
    this.#held = held;
    this.#mark = this.#marker(scan);
  }

  /** @param marks room for a stretch */
  mark(first: number, end: number, marks: Uint8Array): void {
    this.#mark(first, end, marks);
  }

  #marker(scan: Scan): Marker {
    switch (scan.kind) {
      case 'and':
        return this.#both(scan.parts);
      case 'or':
        return this.#any(scan.parts);
      case 'not': {
        const marker = this.#marker(scan.part);
        return (first, end, marks) => {
          marker(first, end, marks);
          for (let at = 0; at < end - first; at++) marks[at] = 1 - (marks[at] ?? 0);
        };
      }
      case 'value':
        return this.#value(scan.column, scan.test);
      case 'member':
        return this.#member(scan.column, scan.members);
      case 'moments':
        return this.#moments(scan.stretches);
      case 'change':
        return ofBits(this.#changes(scan.loads, scan.members));
      case 'shared':
        return ofBits(this.#sharing(scan.members));
      case 'sql':
        return this.#asked(scan.condition);
    }
  }

  /** What no column holds comes last, and is asked only of what the others have left. */
  #both(parts: readonly Scan[]): Marker {
    const held = parts.filter((part) => part.kind !== 'sql').map((part) => this.#marker(part));
    const asked = parts.flatMap((part) => (part.kind === 'sql' ? [this.#askedOf(part.condition)] : []));
    const spare = new Uint8Array(STRETCH);
    return (first, end, marks) => {
      marks.fill(1, 0, end - first);
      for (const marker of held) {
        marker(first, end, spare);
        for (let at = 0; at < end - first; at++) marks[at] = (marks[at] ?? 0) & (spare[at] ?? 0);
      }
      for (const keep of asked) keep(first, end, marks);
    };
  }

  #any(parts: readonly Scan[]): Marker {
    const markers = parts.map((part) => this.#marker(part));
    const spare = new Uint8Array(STRETCH);
    return (first, end, marks) => {
      marks.fill(0, 0, end - first);
      for (const marker of markers) {
        marker(first, end, spare);
        for (let at = 0; at < end - first; at++) marks[at] = (marks[at] ?? 0) | (spare[at] ?? 0);
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

  #value(column: CodedColumn, test: Sql): Marker {
    const { rows } = this.#held;
    if (column === 'returned') {
      const answers = this.#answers(rows.returnValues, test);
      return ofColumn(rows.returns, (code) => answers[code] ?? 0);
    }
    const answers = this.#answers(CODES[column], test);
    const [shift, mask] = column === 'kind' ? [0, KIND_MASK] : [KIND_BITS, 0xff];
    const { kinds } = rows;
    return (first, end, marks) => {
      for (let at = 0; at < end - first; at++) marks[at] = answers[((kinds[first + at] ?? 0) >> shift) & mask] ?? 0;
    };
  }

  #member(column: IdColumn, members: Members): Marker {
    const { rows } = this.#held;
    const has = (id: number): number => (members.hasNumber(id) ? 1 : 0);
    if (column === 'process') return ofColumn(rows.processes, has);
    if (column === 'file') return ofColumn(rows.files, has);
    const bySeq: Marker = (first, end, marks) => {
      for (let at = 0; at < end - first; at++) marks[at] = has(rows.seqAt(first + at));
    };
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
        for (let at = 0; at < end - first; at++) marks[at] = (marks[at] ?? 0) | (spare[at] ?? 0);
      }
    };
  }

  /** Rows of calls by the first load, or free, within them. */
  #changes(loads: boolean, members: Members | undefined): Bits {
    const { modules, rows } = this.#held;
    const [seen, found] = [new Bits(rows.size), new Bits(rows.size)];
    for (let at = 0; at < modules.size; at++) {
      const row = modules.loadsAt(at) === loads ? modules.callRowAt(at) : undefined;
      if (row === undefined || seen.has(row)) continue;
      seen.set(row);
      if (!members || members.hasNumber(modules.seqAt(at))) found.set(row);
    }
    return found;
  }

  #sharing(members: Members | undefined): Bits {
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
        for (let at = 0; at < end - first; at++) marks[at] = (marks[at] ?? 0) & (spare[at] ?? 0);
        return;
      }
      for (let at = marks.indexOf(1); at >= 0 && at < end - first; at = marks.indexOf(1, at + 1)) {
        if (one.get(rows.seqAt(first + at), ...condition.params) === undefined) marks[at] = 0;
      }
    };
  }
}

const ofBits =
  (bits: Bits): Marker =>
  (first, end, marks) => {
    for (let row = first; row < end; row++) marks[row - first] = bits.has(row) ? 1 : 0;
  };

function ofColumn(column: NarrowColumn, answer: (value: number) => number): Marker {
  const { low, high } = column.parts;
  if (!high) {
    return (first, end, marks) => {
      for (let at = 0; at < end - first; at++) marks[at] = answer(low[first + at] ?? 0);
    };
  }
  return (first, end, marks) => {
    for (let row = first; row < end; row++) {
      marks[row - first] = answer((low[row] ?? 0) | ((high[row] ?? 0) << 16));
    }
  };
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

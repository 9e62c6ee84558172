/** What SQLite makes of a filter's condition: indexes where there are some, and never a way through all rows of a kind. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Attempts } from '#core/attempt/attempts.ts';
import { EventReader } from '#core/capture/events.ts';
import { openCapture } from '#core/capture/open.ts';
import { FIELDS } from '#core/filter/fields.ts';
import { Filters } from '#core/filter/filters.ts';
import { operatorsOf } from '#core/filter/operators.ts';
import { removeFolders } from '../builder.ts';
import { withIndexes } from '../indexed.ts';

const capture = openCapture(withIndexes(join(import.meta.dirname, '../../../samples/sample.modtrail')));
const filters = new Filters(capture, new Attempts(capture, new EventReader(capture)));

afterAll(() => {
  capture.close();
  removeFolders();
});

interface Step {
  readonly detail: string;
  /** Whether it runs again for each row. */
  readonly eachRow: boolean;
}

function planOf(text: string, by: 'set' | 'row', range = 'event.seq BETWEEN ? AND ?'): Step[] {
  const { where, params } = filters.where(text, 'events', by);
  const bounds = range === '' ? [] : [1, 100_000];
  const rows = capture.database
    .prepare<unknown[], { id: bigint; parent: bigint; detail: string }>(
      `EXPLAIN QUERY PLAN SELECT event.seq FROM event WHERE ${range === '' ? '' : `${range} AND `}(${where})`,
    )
    .all(...bounds, ...params);
  const correlated = new Set<bigint>();
  return rows.map(({ id, parent, detail }) => {
    const eachRow = detail.startsWith('CORRELATED') || correlated.has(parent);
    if (eachRow) correlated.add(id);
    return { detail, eachRow };
  });
}

/** How the rows of `event` itself are found. */
const access = (text: string, by: 'set' | 'row' = 'set', range?: string): string =>
  planOf(text, by, range).find(({ detail }) => /^(?:SEARCH|SCAN) event\b|^MULTI/.test(detail))?.detail ?? '';

describe('a condition that all rows must pass uses the index of its column', () => {
  test.each([
    ['kind == loss', 'event_by_kind (kind=?)'],
    ['kind in {loss, clock}', 'event_by_kind (kind=?)'],
    ['operation == unload', 'event_by_kind (kind=?)'],
    ['kind contains loss and process.comm == insmod', 'event_by_kind (kind=?)'],
    ['time >= +5s', 'event_by_ns (ns>? AND ns<?)'],
    ['time >= 2026-01-31T00:00:00Z and time < 2026-02-01', 'event_by_ns (ns>? AND ns<?)'],
    ['call.id == 7', 'event_by_call (call_id=?)'],
    ['call.id in {7, 9}', 'event_by_call (call_id=?)'],
    ['seq == 7', 'INTEGER PRIMARY KEY (rowid=?)'],
    ['seq > 7 and seq < 20', 'INTEGER PRIMARY KEY (rowid>? AND rowid<?)'],
  ])('%s', (text, index) => {
    expect(access(text, 'set', '')).toContain(index);
  });
});

describe('within a stretch of rows, no condition leaves the stretch', () => {
  const VALUES: Readonly<Record<string, string>> = {
    ...{ text: 'x', set: 'O', flags: '1', mode: '0644', integer: '1', unsigned: '1', size: '1KiB', duration: '1ms' },
    ...{ address: '0x1', digest: 'ab'.repeat(32), boolean: 'true', errno: 'EPERM' },
  };
  const filtersOf = FIELDS.filter(
    ({ name }) => !['seq', 'time', 'kind', 'operation', 'call.id'].includes(name),
  ).flatMap(({ name, type, words }) => [
    `has ${name}`,
    ...operatorsOf(type).map((operator) => {
      const value = words[0] === undefined ? (VALUES[type] ?? 'x') : `"${words[0]}"`;
      return `${name} ${operator} ${operator === 'in' ? `{ ${value} }` : value}`;
    }),
  ]);
  const joined = [
    'kind == loss or kind == clock',
    'not kind == loss',
    'kind == loss or call.id == 5',
    'time != +5s',
    'evil',
  ];
  test.each([...filtersOf, ...joined])('%s', (text) => {
    for (const by of ['set', 'row'] as const) {
      expect(access(text, by)).toMatch(/^SEARCH event USING INTEGER PRIMARY KEY \(rowid(?:=\?|>\? AND rowid<\?)\)$/);
      // Whatever runs again for each row finds its own by a key.
      const walks = planOf(text, by).filter(
        ({ detail, eachRow }) =>
          eachRow && detail.startsWith('SCAN') && !/SCAN (?:up|CONSTANT ROW|\d+ CONSTANT)/.test(detail),
      );
      expect(walks.filter(({ detail }) => !/^SCAN (?:child|parent|process)/.test(detail) || by === 'row')).toEqual([]);
      expect(planOf(text, by).filter(({ detail }) => /event_by_(?:kind|process|file|return)/.test(detail))).toEqual([]);
    }
  });
});

describe('the questions to the indexes alone read nothing else', () => {
  const CALLS = "(kind = 'finit_module' OR kind = 'init_module' OR kind = 'delete_module')";
  test.each([
    [`process_id IN (SELECT value FROM json_each(?)) AND ${CALLS} = 1`, 'event_by_process (process_id=? AND <expr>=?)'],
    ['process_id IN (SELECT value FROM json_each(?))', 'event_by_process (process_id=?)'],
    [`file_id IN (SELECT value FROM json_each(?)) AND ${CALLS} = 1`, 'event_by_file (file_id=? AND <expr>=?)'],
    ['file_id IN (SELECT value FROM json_each(?))', 'event_by_file (file_id=?)'],
    [
      `return_value = ? AND ${CALLS} = ? AND seq > ? ORDER BY seq LIMIT 9`,
      'event_by_return (return_value=? AND <expr>=? AND rowid>?)',
    ],
    [
      `like_seq IS NOT NULL AND (like_seq, seq) > (?, ?) AND file_id IS NULL AND ${CALLS} = 1 ORDER BY like_seq, seq`,
      'event_by_like (like_seq>?)',
    ],
    ['kind = ? AND seq > ? ORDER BY seq LIMIT 9', 'event_by_kind (kind=? AND rowid>?)'],
    ['(ns, seq) > (?, ?) ORDER BY ns, seq LIMIT 9', 'event_by_ns (ns>?)'],
    ['(ns, seq) < (?, ?) ORDER BY ns DESC, seq DESC LIMIT 9', 'event_by_ns (ns<?)'],
    ['(ns, seq) > (?, ?) AND ns <= ? ORDER BY ns, seq LIMIT 9', 'event_by_ns (ns>? AND ns<?)'],
    ['(ns, seq) < (?, ?) AND ns >= ? ORDER BY ns DESC, seq DESC LIMIT 9', 'event_by_ns (ns>? AND ns<?)'],
  ])('%s', (where, index) => {
    const details = capture.database
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN SELECT seq FROM event WHERE ${where}`)
      .all(...[...where.matchAll(/\?/g)].map(() => 1))
      .map(({ detail }) => detail);
    expect(details).toContain(`SEARCH event USING COVERING INDEX ${index}`);
    expect(details.filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([]);
  });
});

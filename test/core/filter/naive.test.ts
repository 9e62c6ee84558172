/** Random filters give exactly the rows that an evaluation over the readers' objects gives, however they are compiled. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import { FILTER_TABLES, type FilterTable } from '#contract/filter.ts';
import { filterTerm } from '#contract/filter-term.ts';
import { Attempts } from '#core/attempt/attempts.ts';
import { EventReader, isCall } from '#core/capture/events.ts';
import { openCapture, type Capture } from '#core/capture/open.ts';
import { pageFileOf, type PageFile } from '#core/capture/page-file.ts';
import { FIELDS } from '#core/filter/fields.ts';
import { Filters } from '#core/filter/filters.ts';
import { IndexScan } from '#core/filter/index-scan.ts';
import { STRETCH } from '#core/filter/marks.ts';
import { IS_CALL } from '#core/filter/places.ts';
import { heldScan, RowScan, type Held } from '#core/filter/row-scan.ts';
import type { Condition } from '#core/survey/order-build.ts';
import { HeldTexts } from '#core/texts/held-texts.ts';
import { IndexedTexts } from '#core/texts/indexed-texts.ts';
import { removeFolders } from '../builder.ts';
import { ended } from '../ended.ts';
import { withIndexes } from '../indexed.ts';
import { madeCapture } from '../made.ts';
import { factsOf, type Facts } from './facts.ts';
import { ALL_FIELDS, EMPTY_PATTERNS, EVENTS_ONLY, MATCHED, randomFrom, Trees } from './trees.ts';
import { buildOddCapture } from './odd-capture.ts';

afterAll(removeFolders);

const SAMPLE = join(import.meta.dirname, '../../../samples/sample.modtrail');

const WAYS = ['set', 'row', 'stepwise'] as const;

/** How a filter is asked: in SQL, of all rows or of few; in SQL with sets found before; of the survey's columns; of indexes. */
type Way = 'set' | 'row' | 'stepwise' | 'columns' | 'indexes';

interface Opened {
  readonly capture: Capture;
  readonly held: Held;
  readonly filters: Filters;
  readonly texts: HeldTexts;
  /** In order of seq. */
  readonly rows: ReadonlyMap<number, Facts>;
  readonly calls: ReadonlySet<number>;
  readonly pages: PageFile;
}

/** A capture of the format before gets the indexes of the newest. */
function opened(path: string): Opened {
  const capture = openCapture(withIndexes(path));
  const reader = new EventReader(capture);
  const attempts = new Attempts(capture, reader);
  attempts.survey.step(Infinity);
  const { database } = capture;
  const startNs = database.prepare<[], bigint>('SELECT started_boot_ns FROM capture').pluck().get() ?? 0n;
  const rows = new Map<number, Facts>();
  const calls = new Set<number>();
  for (const seq of database.prepare<[], bigint>('SELECT seq FROM event ORDER BY seq').pluck().all()) {
    const event = reader.get(seq);
    if (!event) throw new Error('an event vanished');
    const attempt: Attempt | undefined = isCall(event.kind) ? attempts.get(seq) : undefined;
    if (attempt) calls.add(event.seq);
    rows.set(event.seq, factsOf(event, attempt, startNs));
  }
  const filters = new Filters(capture, attempts);
  const texts = new HeldTexts(database, attempts.survey);
  while (!texts.step(0, false));
  for (const source of ['process.argv', 'asked', 'module_fact.name', 'request_fact.name'] as const) {
    expect(texts.find({ source, test: { kind: 'there' } }), source).toBeDefined();
  }
  const pages = pageFileOf(capture);
  if (!pages) throw new Error(`${path} is not taken for a finished capture`);
  return { capture, held: attempts.survey.held, filters, texts, rows, calls, pages };
}

/** The condition, as it is made where it may take time. */
const stepwise = (filters: Filters, text: string, table: FilterTable): Condition =>
  ended(filters.stepwise(text, table).find());

/** undefined where indexes do not hold what is asked. */
function indexedRows(
  { capture, filters, held, pages }: Opened,
  text: string,
  table: FilterTable,
): number[] | undefined {
  filters.texts = new IndexedTexts(capture.database);
  const { where, params, scan } = stepwise(filters, text, table);
  const parts = scan && [scan, ...(table === 'attempts' && IS_CALL.scan ? [IS_CALL.scan] : [])];
  const { rows } = held;
  const [first, last] = [rows.seqAt(0), rows.seqAt(rows.size - 1)];
  const asked = { where, params, ...(parts ? { scan: { kind: 'and', parts } as const } : {}) };
  // Pieces of a few rows go on where the one before ended.
  const pieces = text.length % 2 === 0 ? { ids: 3, events: 8 } : undefined;
  const few = text.length % 3 === 0 ? undefined : 0;
  // Some through the whole index, by the file's pages.
  const [file, sparse] = text.length % 5 < 3 ? [pages, Infinity] : [undefined, undefined];
  const found = ended(new IndexScan(capture.database, [first, last], { pieces, few, file, sparse }).find(asked));
  if (!found) return undefined;
  const seqs: number[] = [];
  for (let seq = first; seq <= last; seq++) if (found.bits.has(seq - first)) seqs.push(seq);
  expect(seqs).toHaveLength(found.size);
  return seqs;
}

function markedRows({ capture, held }: Opened, condition: Condition): number[] {
  const scan = new RowScan(capture.database, heldScan(condition, held), held);
  const { size } = held.rows;
  const marks = new Uint8Array(STRETCH);
  const found: number[] = [];
  // Ends that are no whole stretches.
  for (let first = 0; first < size; first += 1000) {
    const end = Math.min(size, first + 1000);
    scan.mark(first, end, marks);
    for (let row = first; row < end; row++) if (marks[row - first] === 1) found.push(held.rows.seqAt(row));
  }
  return found;
}

function kept(opened: Opened, text: string, table: FilterTable, by: Way): number[] | undefined {
  const { capture, filters, calls } = opened;
  if (by === 'indexes') return indexedRows(opened, text, table);
  if (by === 'columns') {
    const seqs = markedRows(opened, stepwise(filters, text, table));
    return table === 'events' ? seqs : seqs.filter((seq) => calls.has(seq));
  }
  const { where, params } = by === 'stepwise' ? stepwise(filters, text, table) : filters.where(text, table, by);
  const only = table === 'attempts' ? `${IS_CALL.text} AND ` : '';
  return capture.database
    .prepare<unknown[], bigint>(
      `SELECT event.seq FROM event WHERE ${only}event.seq BETWEEN ? AND ? AND (${where}) ORDER BY event.seq`,
    )
    .pluck()
    .all(1, 2 ** 40, ...params)
    .map(Number);
}

/** What matches the empty text, and what every text has in it, keeps what is there. */
function checkEmpty(path: string): void {
  const opening = opened(path);
  const rows = [...opening.rows];
  for (const field of MATCHED.filter((name) => rows.some(([, facts]) => (facts[name] ?? []).length > 0))) {
    const expressions = EMPTY_PATTERNS.map((source) => ({ text: filterTerm(field, '~', source), source }));
    for (const { text, source } of [...expressions, { text: `${field} contains ""`, source: '' }]) {
      const expression = new RegExp(source, 'u');
      const passes = (facts: Facts): boolean => (facts[field] ?? []).some((fact) => expression.test(String(fact)));
      const wanted = rows.filter(([, facts]) => passes(facts)).map(([seq]) => seq);
      for (const by of [...WAYS, 'columns'] as const) {
        expect(kept(opening, text, 'events', by), `by ${by}: ${text}`).toEqual(wanted);
      }
    }
  }
  opening.pages.close();
  opening.capture.close();
}

function check(path: string, seed: number, filters: number): { kept: number; some: number; indexed: number } {
  const capture = opened(path);
  const random = randomFrom(seed);
  const outcome = { kept: 0, some: 0, indexed: 0 };
  for (let count = 0; count < filters; count++) {
    const table = FILTER_TABLES[count % 2] ?? 'events';
    const rows = [...capture.rows].filter(([seq]) => table === 'events' || capture.calls.has(seq));
    const fields = ALL_FIELDS.filter((name) => table === 'events' || !EVENTS_ONLY.includes(name));
    const filter = new Trees(
      random,
      fields,
      rows.map(([, facts]) => facts),
    ).tree(count % 4);
    const wanted = rows.filter(([, facts]) => filter.keeps(facts)).map(([seq]) => seq);
    const inSql = WAYS[count % WAYS.length] ?? 'set';
    // Texts are found in memory, or by SQL.
    capture.filters.texts = count % 4 < 3 ? capture.texts : undefined;
    for (const by of [inSql, 'columns'] as const) {
      expect(kept(capture, filter.text, table, by), `${table}, by ${by}: ${filter.text}`).toEqual(wanted);
    }
    const indexed = kept(capture, filter.text, table, 'indexes');
    if (indexed) {
      expect(indexed, `${table}, by indexes: ${filter.text}`).toEqual(wanted);
      outcome.indexed++;
    }
    outcome.kept += wanted.length;
    if (wanted.length > 0 && wanted.length < rows.length) outcome.some++;
  }
  capture.pages.close();
  capture.capture.close();
  return outcome;
}

test('every field has random filters', () => {
  expect(ALL_FIELDS.toSorted()).toEqual(FIELDS.map(({ name }) => name).toSorted());
});

describe('the rows that a naive evaluation keeps', () => {
  test.each([1, 2, 3, 4])('125 filters on a made-up capture, seed %i', (seed) => {
    const { some } = check(madeCapture(3000, seed), seed, 125);
    expect(some).toBeGreaterThan(45);
  });
  test('1,000 filters on the recorded sample', () => {
    const { some, indexed } = check(SAMPLE, 5, 1000);
    expect(some).toBeGreaterThan(400);
    expect(indexed).toBeGreaterThan(400);
  }, 120_000);
  test('what the empty text passes, on a capture of what rarely happens', () => {
    checkEmpty(buildOddCapture());
  });
  test('500 filters on a capture of what rarely happens', () => {
    expect(check(buildOddCapture(), 6, 500).some).toBeGreaterThan(200);
  });
});

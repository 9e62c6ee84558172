import { afterAll, expect, test } from 'vitest';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { SAMPLE } from '../../../scripts/places.ts';

const capture = new OpenedCapture(SAMPLE);

afterAll(() => {
  capture.close();
});

const FILTERS = [
  'has contradiction',
  'verdct == live',
  'file.deleted == true',
  'verdict == rejected or verdict == refused',
  'process.comm contains "mod" and not module.name == loop',
];

const order = { descending: false, start: 0, limit: 1000 } as const;

test.each(['attempts', 'events'] as const)('a row of %s is told by the first filter that keeps it', (table) => {
  const seqsOf = (filter?: string): number[] => {
    const request = filter === undefined ? order : { ...order, filter };
    const page =
      table === 'attempts'
        ? capture.attempts({ ...request, sort: 'time' })
        : capture.events({ ...request, sort: 'seq' });
    return page.rows.map(({ seq }) => seq);
  };
  const kept = FILTERS.map((filter) => (filter.startsWith('verdct') ? [] : seqsOf(filter)));
  const all = seqsOf();
  const found = capture.firstMatches(table, FILTERS, all);
  expect(found).toEqual(all.map((seq) => kept.findIndex((seqs) => seqs.includes(seq))));
  expect(new Set(found).size).toBeGreaterThan(3);
});

test('rows that do not exist, and no rows or filters at all, are told by none', () => {
  expect(capture.firstMatches('events', ['kind == clock'], [2 ** 40])).toEqual([-1]);
  expect(capture.firstMatches('events', ['kind == clock'], [])).toEqual([]);
  expect(capture.firstMatches('events', [], [1, 2])).toEqual([-1, -1]);
});

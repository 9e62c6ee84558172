import { describe, expect, test } from 'vitest';
import type { TextColumn } from '../../../renderer/table/column.ts';
import { csvCell } from '#contract/csv.ts';
import { copiedRows } from '../../../renderer/table/copy-rows.ts';

interface Row {
  readonly name: string;
  readonly size: number;
}

const COLUMNS: readonly TextColumn<Row, 'name' | 'size'>[] = [
  { name: 'name', heading: 'name', width: '1px', text: ({ name }) => name },
  { name: 'size', heading: 'size', width: '1px', text: ({ size }) => String(size) },
];
const ROWS: readonly Row[] = [
  { name: 'one\ttwo\nthree', size: 3 },
  { name: '=HYPERLINK("http://x";"y")', size: -4 },
];

test('text has a tab between cells and a line a row, whatever the cells hold', () => {
  expect(copiedRows(ROWS, COLUMNS, 'text')).toEqual({
    text: 'one two three\t3\n=HYPERLINK("http://x";"y")\t-4\n',
    rows: 2,
  });
});

test('CSV begins with the headings, quotes where needed and holds no formula', () => {
  expect(copiedRows(ROWS, COLUMNS, 'csv').text).toBe(
    `name,size\n"one\ttwo\nthree",3\n"'=HYPERLINK(""http://x"";""y"")",-4\n`,
  );
});

test('JSON is the rows as they are', () => {
  expect(JSON.parse(copiedRows(ROWS, COLUMNS, 'json').text)).toEqual(ROWS);
  expect(JSON.parse(copiedRows([], COLUMNS, 'json').text)).toEqual([]);
});

test('what is too long is cut between rows, and how many there are is told', () => {
  const many = Array.from({ length: 100 }, () => ({ name: 'abcdefgh', size: 1 }));
  for (const form of ['text', 'csv', 'json'] as const) {
    const { text, rows } = copiedRows(many, COLUMNS, form, { most: 500 });
    expect(text.length).toBeLessThanOrEqual(500);
    expect(rows).toBeGreaterThan(5);
    expect(rows).toBeLessThan(100);
    if (form === 'json') expect(JSON.parse(text)).toHaveLength(rows);
  }
});

describe('a cell of CSV', () => {
  test.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '-x'])('%j is no formula', (text) => {
    expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
  });

  test.each(['-17', '0', '3.5', 'EPERM', '/tmp/a=b.ko', 'a-b', ''])('%j stays as it is', (text) => {
    expect(csvCell(text)).toBe(text);
  });
});

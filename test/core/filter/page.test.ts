/** docs/filter-language.md says what the fields are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIELDS, SEARCHED } from '#core/filter/fields.ts';
import { operatorsOf } from '#core/filter/operators.ts';
import { parseFilter } from '#core/filter/parse.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/filter-language.md'), 'utf8');

const rowsOf = (part: string): string[][] =>
  part
    .split('\n')
    .filter((line) => line.startsWith('| `') || /^\| [a-z]/.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

test('every field stands in its table, with type, values and meaning', () => {
  const [, both = '', events = ''] = /## Fields(.*?)Only events have these:(.*?)## /s.exec(PAGE) ?? [];
  for (const [part, tables] of [
    [both, 2],
    [events, 1],
  ] as const) {
    const fields = FIELDS.filter((field) => field.tables.length === tables);
    expect(rowsOf(part)).toEqual(
      fields.map(({ name, type, many, meaning }) => [`\`${name}\``, type, many ? 'several' : '', meaning]),
    );
  }
});

test('every type stands in its table, with its operators', () => {
  const [, part = ''] = /## Values(.*?)## /s.exec(PAGE) ?? [];
  let operators = '';
  const types = new Map<string, string>();
  for (const [names = '', , fitting = ''] of rowsOf(part)) {
    operators = fitting === 'the same' ? operators : fitting;
    for (const name of names.split(', ')) types.set(name, operators.replaceAll('`', ''));
  }
  for (const { type } of FIELDS) expect(types.get(type), type).toBe(operatorsOf(type).join(' '));
});

test('what a word alone is looked for in', () => {
  const [, list = ''] =
    /\*\*Searched\*\* by a word alone are (.*?)\./s.exec(
      PAGE.replaceAll(/\n/g, ' ').replaceAll(/`([^`]*)`/g, (code) => code.replaceAll('.', '·')),
    ) ?? [];
  expect([...list.matchAll(/`([^`]+)`/g)].map(([, name]) => name?.replaceAll('·', '.'))).toEqual(
    SEARCHED.map(({ name }) => name),
  );
});

test('the examples are filters', () => {
  const [, block = ''] = /```\n(.*?)```/s.exec(PAGE) ?? [];
  const examples = block.trim().split('\n');
  expect(examples).toHaveLength(5);
  for (const example of examples) expect(parseFilter(example, 'attempts').problems, example).toEqual([]);
});

/** What is proposed instead of something wrong: put in its place, it is right. */
import { describe, expect, test } from 'vitest';
import type { FilterProblem } from '#contract/filter.ts';
import { filterValue } from '#contract/filter-term.ts';
import type { Field } from '#core/filter/field.ts';
import { FIELDS } from '#core/filter/fields.ts';
import { operatorsOf, type Operator } from '#core/filter/operators.ts';
import { parseFilter } from '#core/filter/parse.ts';
import { errnoNumbers } from '#core/reference/errno.ts';
import { randomFrom } from './trees.ts';

const problemsOf = (text: string): readonly FilterProblem[] => parseFilter(text, 'events').problems;

const applied = (text: string, { column, length, suggestion = '' }: FilterProblem): string =>
  text.slice(0, column - 1) + suggestion + text.slice(column - 1 + length);

/** The text with the first proposal taken; undefined where there is none. */
function corrected(text: string): string | undefined {
  const problem = problemsOf(text).find(({ suggestion }) => suggestion !== undefined);
  return problem && applied(text, problem);
}

describe('what was meant is proposed', () => {
  test.each([
    ['return == -EPRM', 'return == -EPERM'],
    ['return in { -EPRM, 0 }', 'return in { -EPERM, 0 }'],
    ['flags == "O_TRUNC|O_NONBLCK"', 'flags == "O_TRUNC | O_NONBLOCK"'],
    ['flags == O_TRUNC|O_NONBLOCK', 'flags == "O_TRUNC|O_NONBLOCK"'],
    ['flags contains O_TRUNC | O_NONBLOCK and pid == 1', 'flags contains "O_TRUNC|O_NONBLOCK" and pid == 1'],
    ['flags in { O_TRUNC|O_NONBLCK, 1 }', 'flags in { "O_TRUNC | O_NONBLOCK", 1 }'],
    ['flags == O_TRUNC | pid == 1', 'flags == O_TRUNC || pid == 1'],
    ['flags == O_TRUNC|hidden', 'flags == O_TRUNC||hidden'],
    ['kind == loss|pid == 1', 'kind == loss||pid == 1'],
    ['process.exe ~ insmod|modprobe', 'process.exe ~ "insmod|modprobe"'],
    ['param_values contains debug=1', 'param_values contains "debug=1"'],
    ['param_values contains debug= and pid == 1', 'param_values contains "debug=" and pid == 1'],
    ['process.comm == a|pid == 1', 'process.comm == a||pid == 1'],
    ['pid == 1|pid == 2', 'pid == 1||pid == 2'],
    ['module.taints == "unsigned modul"', 'module.taints == "unsigned module"'],
    ['module.taints == unsigned module', 'module.taints == "unsigned module"'],
    ['time > 2026-01-31 12:00', 'time > "2026-01-31 12:00"'],
    ['pid =~ 1', 'pid == 1'],
    ['pid !~ 1', 'pid != 1'],
    ['errno in { EPERM or EACCES }', 'errno in { EPERM , EACCES }'],
    ['process.comm in { in }', 'process.comm in { "in" }'],
    ['process.comm == in', 'process.comm == "in"'],
  ])('%s', (text, wanted) => {
    expect(corrected(text)).toBe(wanted);
    expect(problemsOf(wanted)).toEqual([]);
  });
});

const NUMBERS = { integer: '42', unsigned: '0x2a', size: '64KiB', duration: '1.5s', address: '0xffffffffc0000000' };
const OTHERS = { text: 'insmod', mode: '0644', time: '2026-01-31', digest: 'ab'.repeat(32), boolean: 'false' };

/** Values of a field that can be misspelt, as they are meant. */
function valuesOf({ type, words, bits }: Field): readonly string[] {
  if (type === 'errno') return [...errnoNumbers().keys()].slice(0, 40);
  if (type === 'flags') return [...(bits?.keys() ?? []), 'O_TRUNC|O_NONBLOCK', 'O_TRUNC | 0x8'];
  if (type === 'word' || type === 'set') return words;
  return [{ ...NUMBERS, ...OTHERS }[type]];
}

describe('of one slip of the finger', () => {
  const random = randomFrom(11);
  const below = (limit: number): number => Math.floor(random() * limit);

  /** A letter less, more, changed, or swapped with the next one. */
  function misspelt(text: string): string {
    const at = below(text.length);
    const [before, letter, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
    const ways = [before + after, `${before}q${letter}${after}`, `${before}q${after}`];
    return [...ways, before + after.slice(0, 1) + letter + after.slice(1)][below(4)] ?? text;
  }

  const termOf = (field: string, operator: string, value: string): string =>
    operator === 'in' ? `${field} in { ${filterValue(value)} }` : `${field} ${operator} ${filterValue(value)}`;

  function* each(): Generator<readonly [Field, Operator, string]> {
    for (const field of FIELDS) {
      for (const operator of operatorsOf(field.type)) {
        for (const value of valuesOf(field)) yield [field, operator, value];
      }
    }
  }

  test('in a value: the filter is right', () => {
    let proposed = 0;
    for (const [{ name }, operator, value] of each()) {
      const text = termOf(name, operator, misspelt(value));
      const right = corrected(text);
      if (right === undefined) continue;
      expect(problemsOf(right), `${text} => ${right}`).toEqual([]);
      proposed++;
    }
    expect(proposed).toBeGreaterThan(400);
  });

  test('in a returned error: the filter is right', () => {
    for (const name of errnoNumbers().keys()) {
      const text = `return == -${misspelt(name)}`;
      const right = corrected(text);
      if (right !== undefined) expect(problemsOf(right), `${text} => ${right}`).toEqual([]);
    }
  });

  test('in an operator: the filter is right', () => {
    for (const [{ name }, , value] of each()) {
      for (const slip of ['=', '===', '!==', '=~', '!~', '<>', '~']) {
        const text = termOf(name, slip, value);
        const right = corrected(text);
        if (right !== undefined) expect(problemsOf(right), `${text} => ${right}`).toEqual([]);
      }
    }
  });

  test('in a field: it is one', () => {
    for (const { name } of [...FIELDS, ...FIELDS, ...FIELDS]) {
      const text = `has ${misspelt(name)}`;
      const right = corrected(text);
      if (right !== undefined) expect(problemsOf(right), `${text} => ${right}`).toEqual([]);
    }
  });
});

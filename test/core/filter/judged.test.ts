/** Which conditions can be answered before everything was read, and what of them no row can pass. */
import { describe, expect, test } from 'vitest';
import { waitsForVerdicts } from '#core/filter/judged.ts';
import { Members } from '#core/filter/members.ts';
import { simplified, type Scan } from '#core/filter/scan.ts';
import { constant } from '#core/filter/sql.ts';

const empty = new Members();
const one = new Members();
one.addNumber(7);

const and = (...parts: Scan[]): Scan => ({ kind: 'and', parts });
const or = (...parts: Scan[]): Scan => ({ kind: 'or', parts });
const not = (part: Scan): Scan => ({ kind: 'not', part });
const process = (members: Members): Scan => ({ kind: 'member', column: 'process', members });
const change = (members?: Members): Scan => ({ kind: 'change', loads: true, members });
const shared = (members?: Members): Scan => ({ kind: 'shared', members });
const asked = (text: string): Scan => ({ kind: 'sql', condition: constant(text) });

const NONE = or();
const EVERY = and();

test.each<[Scan, Scan]>([
  [process(empty), NONE],
  [process(one), process(one)],
  [change(empty), NONE],
  [change(), change()],
  [shared(empty), NONE],
  [and(process(one), change(empty)), NONE],
  [or(process(one), change(empty)), process(one)],
  [or(process(one), not(shared(empty))), EVERY],
  [and(process(one), not(shared(empty))), process(one)],
  [not(and()), NONE],
  [and(or(and(change(), process(empty)), process(one)), asked('x')), and(process(one), asked('x'))],
  [or(or(), or(change(empty))), NONE],
])('%#: what no row passes goes', (scan, wanted) => {
  expect(simplified(scan)).toEqual(wanted);
});

describe('a condition waits for what is judged', () => {
  test.each<[Scan, before: boolean, whole: boolean]>([
    [process(one), false, false],
    [or(process(one), change(empty)), false, false],
    // What the kernel did within calls is asked of the indexes.
    [or(process(one), change(one)), false, false],
    [or(process(one), shared(one)), false, false],
    [and(process(one), not(change())), false, false],
    [and(process(empty), not(change())), false, false],
    [{ kind: 'value', column: 'verdict', test: constant('1') }, true, true],
    [{ kind: 'value', column: 'kind', test: constant('1') }, false, false],
    [and(process(one), asked('event.pid > 1')), false, false],
    [and(process(one), asked('disagreement_of(event.seq) = ?')), false, true],
  ])('%#', (scan, before, whole) => {
    expect(waitsForVerdicts({ where: '', scan }, false)).toBe(before);
    expect(waitsForVerdicts({ where: '', scan }, true)).toBe(whole);
  });

  test('where no column holds anything of it', () => {
    expect(waitsForVerdicts({ where: 'verdict_at(event.seq) = ?' }, true)).toBe(true);
    expect(waitsForVerdicts({ where: 'event.pid = ?' }, true)).toBe(false);
  });
});

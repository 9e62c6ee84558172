/** Reading filters: what they mean, and all that is wrong with them at once. */
import { describe, expect, test } from 'vitest';
import { MOST_FILTER, type FilterTable } from '#contract/filter.ts';
import { MOST_TERMS, parseFilter } from '#core/filter/parse.ts';

const problemsOf = (text: string, table: FilterTable = 'events') => parseFilter(text, table).problems;

/** What is wrong, briefly: column, length, and what is proposed instead. */
const briefly = (text: string, table: FilterTable = 'events'): string[] =>
  problemsOf(text, table).map(({ column, length, suggestion }) =>
    [column, length, ...(suggestion === undefined ? [] : [suggestion])].join(' '),
  );

test.each([
  '',
  '   ',
  'insmod',
  '"kind"',
  'two words "and a text"',
  'kind == finit_module',
  'kind==FINIT_MODULE',
  'errno in {EPERM, ENOENT EBUSY}',
  'errno == 1 or errno == -1',
  'return == -EPERM',
  'hidden',
  'not hidden and !pending && (compat || file.deleted)',
  'has file.path',
  'NOT HAS FILE.PATH',
  'duration >= 1.5ms and duration < 1h30m',
  'file.size in {4KiB..1MiB, 7, 0x10 .. 0x20}',
  'time >= 2026-01-31 and time < 2026-01-31T12:30+01:00 or time > +90s',
  'time in {2026-01-31T12:00:00.5Z..2026-02-01}',
  'file.mode contains 02 and file.mode == 0100644',
  'flags == "MODULE_INIT_IGNORE_VERMAGIC | 0x8"',
  'module.taints == O and module.taints == "unsigned module"',
  "process.comm == 'it''s' or process.comm == \"it's\"",
  'process.argv ~ "\\d+\\.ko$"',
  `image.sha256 == ${'aB'.repeat(32)}`,
  'module.address > 0xffffffffc0000000',
  'process.comm == " in "',
  `${'('.repeat(100)}evil${')'.repeat(100)}`,
])('%s is a filter', (text) => {
  expect(problemsOf(text)).toEqual(text.includes("''") ? [expect.anything()] : []);
});

describe('what is wrong is told with its column', () => {
  test.each([
    ['proces.comm == x', ['1 11 process.comm']],
    ['comm == x', ['1 4 process.comm']],
    ['erno == EPERM', ['1 4 errno']],
    ['errno == EPREM', ['10 5 EPERM']],
    ['kind == finit_modul', ['9 11 finit_module']],
    ['kind = loss', ['6 1 ==']],
    ['kind <> loss', ['6 2 !=']],
    ['kind === loss', ['6 3 ==']],
    ['kind == loss & pid > 1', ['14 1 &&']],
    ['kind == loss adn pid > 1', ['14 3 and']],
    ['kind ==', ['8 0']],
    ['kind == and pid > 1', ['8 0']],
    ['and pid > 1', ['1 3']],
    ['pid > 1 and', ['12 0']],
    ['pid', ['4 0']],
    ['pid contains 1', ['5 8']],
    ['process.comm < a', ['14 1']],
    ['pid > one', ['7 3']],
    ['pid > 99999999999999999999', ['7 20']],
    ['file.size == -1', ['14 2']],
    ['duration > 5 parsecs', ['14 7']],
    ['time > yesterday', ['8 9']],
    ['time > 2026-02-30', ['8 10']],
    ['file.deleted == maybe', ['17 5']],
    ['image.sha256 == abcd', ['17 4']],
    ['(kind == loss', ['1 1']],
    ['kind == loss)', ['13 1']],
    ['errno in EPERM', ['10 5']],
    ['errno in {EPERM', ['10 1']],
    ['errno in {}', ['10 1']],
    ['pid in {1..}', ['10 2']],
    ['pid in {..5}', ['9 2']],
    ['process.comm ~ "a("', ['16 4']],
    ['process.comm ~ "(a{1000}){1000}"', ['16 17']],
    ['process.comm ~ "(?=a)"', ['16 7']],
    ['process.comm == "open', ['17 5']],
    ['""', ['1 2']],
    ['has', ['4 0']],
    ['has nothing.like.it', ['5 15']],
    ['errno == EPERM ENOENT', ['16 6']],
  ])('%s', (text, expected) => {
    expect(briefly(text)).toEqual(expected);
  });

  test('several at once, in order', () => {
    const text = 'proces.comm == x and erno = EPRM or (kind in {finit_modul, loss} and pid > one';
    expect(briefly(text)).toEqual([
      ...['1 11 process.comm', '22 4 errno', '27 1 ==', '37 1', '47 11 finit_module', '76 3'],
    ]);
  });

  test('a field of events is none of attempts', () => {
    expect(problemsOf('request.name == x', 'attempts')).toMatchObject([
      { column: 1, length: 12, message: 'Only events have the field request.name.' },
    ]);
  });

  test('what could stand there instead', () => {
    expect(problemsOf('pid contains 1')[0]?.expected).toEqual(['==', '!=', '<', '<=', '>', '>=', 'in']);
    expect(problemsOf('kind == loss pid')[0]?.expected).toEqual(['and', 'or']);
    expect(problemsOf('duration > x')[0]?.expected).toEqual(['a duration, such as 250us, 10ms or 1.5s']);
  });
});

describe('what is said of it', () => {
  const said = (text: string): string[] =>
    problemsOf(text).map(({ column, length, message }) => `${String(column)} ${String(length)} ${message}`);
  const MISSING = "'and' or 'or' is missing here.";

  test.each([
    ['process.comm in { in }', ["19 2 'in' cannot stand between braces; to mean the word 'in', quote it."]],
    [
      'errno in { EPERM or EACCES }',
      ["18 2 Values in braces have commas or blanks between them; to mean the word 'or', quote it."],
    ],
    ['errno in { or }', ["12 2 'or' cannot stand between braces; to mean the word 'or', quote it."]],
    ['errno in { EPERM or hidden', ['10 1 This brace is not closed.']],
    ['pid in { 1 and (pid in { 2 })', ['8 1 This brace is not closed.']],
    ['process.comm !~ x', ["14 2 '!~' is not an operator here: write 'not … ~ …'."]],
    ['pid !~ x', ["5 2 '!~' does not fit pid."]],
    [
      'not foo bar',
      [`9 3 ${MISSING} 'not' means the next word alone; several go into brackets, as in: not (one two).`],
    ],
    ['time > 2026-01-31 12:00', ['8 16 A value with a blank in it stands in quotes.']],
    ['process.argv contains a b', [`25 1 ${MISSING} A text with blanks goes into quotes.`]],
    ['pid == 1 pid == 2', [`10 3 ${MISSING}`]],
    ['pid in { 1 } 3', [`14 1 ${MISSING}`]],
    [
      'errno == EPERM ENOENT',
      [
        `16 6 ${MISSING} Several values go into braces, as in: errno in { EPERM, EACCES }; ` +
          'a value with blanks goes into quotes.',
      ],
    ],
    ['hidden == constructor', ["11 11 'constructor' is not true or false."]],
    ['hidden == __proto__', ["11 9 '__proto__' is not true or false."]],
    ['file.mode == 0999', ["14 4 '0999' is not an octal number, such as 0100644."]],
    ['file.mode contains 0x1a4', ["20 5 '0x1a4' is not an octal number, such as 0100644."]],
  ])('%s', (text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  test('of a long expression, its beginning', () => {
    const [message = ''] = said(`process.comm ~ "${'(a'.repeat(500)}"`);
    expect(message).toMatch(/^16 1002 This is not a regular expression: missing closing \): '\(a\(a.*…'\.$/);
    expect(message.length).toBeLessThan(140);
  });
});

test.each(['644', '0644', '0o644'])('a mode is octal: %s', (written) => {
  for (const operator of ['==', 'contains']) {
    expect(parseFilter(`file.mode ${operator} ${written}`, 'events').tree).toMatchObject({ value: 0o644n });
  }
});

describe('limits', () => {
  test('the length', () => {
    expect(briefly('a'.repeat(MOST_FILTER))).toEqual([]);
    expect(briefly('a'.repeat(MOST_FILTER + 5))).toEqual([`${String(MOST_FILTER + 1)} 5`]);
  });

  test.each(['(', '!', 'not '])('a hundred of %s within each other, and no more', (deeper) => {
    const closing = deeper === '(' ? ')' : '';
    const nested = (depth: number): string => `${deeper.repeat(depth)}evil${closing.repeat(depth)}`;
    expect(problemsOf(nested(100))).toEqual([]);
    expect(problemsOf(nested(101))).toMatchObject([
      {
        column: 100 * deeper.length + 1 + (deeper === '(' ? 1 : deeper.length),
        message: 'Brackets and nots nest more than 100 deep here.',
      },
    ]);
    expect(problemsOf(deeper.repeat(2000))).toMatchObject([
      { message: 'Brackets and nots nest more than 100 deep here.' },
    ]);
  });

  test('the number of conditions', () => {
    const chain = (terms: number): string => Array.from({ length: terms }, () => 'pid > 1').join(' or ');
    expect(problemsOf(chain(MOST_TERMS))).toEqual([]);
    expect(problemsOf(chain(MOST_TERMS + 1))).toMatchObject([{ message: 'A filter has no more than 500 conditions.' }]);
  });
});

test('tokens cover all that is written, and say how it is drawn', () => {
  const text = 'not (kind == loss) and proces.pid in {1} or "evil" word';
  const drawn = parseFilter(text, 'events').tokens.map(({ from, to, kind }) => `${kind}:${text.slice(from, to)}`);
  expect(drawn).toEqual([
    ...['keyword:not', 'bracket:(', 'field:kind', 'operator:==', 'value:loss', 'bracket:)', 'keyword:and'],
    ...[
      'wrong:proces.pid',
      'operator:in',
      'bracket:{',
      'value:1',
      'bracket:}',
      'keyword:or',
      'word:"evil"',
      'word:word',
    ],
  ]);
});

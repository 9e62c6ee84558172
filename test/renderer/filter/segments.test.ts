import { expect, test } from 'vitest';
import { segmentsOf } from '../../../renderer/filter/segments.ts';

const TEXT = 'pid == x1';
const TOKENS = [
  { from: 0, to: 3, kind: 'field' },
  { from: 4, to: 6, kind: 'operator' },
  { from: 7, to: 9, kind: 'value' },
] as const;

test('each part of a filter is drawn in its kind, and what lies between as it is', () => {
  const segments = segmentsOf(TEXT, { text: TEXT, tokens: TOKENS, problems: [] });
  expect(segments.map(({ text, kind }) => [text, kind])).toEqual([
    ['pid', 'field'],
    [' ', 'plain'],
    ['==', 'operator'],
    [' ', 'plain'],
    ['x1', 'value'],
  ]);
});

test('what is wrong is underlined, and what is missing at the end has a place', () => {
  const problem = { column: 8, length: 2, message: '', expected: [] };
  const wrong = segmentsOf(TEXT, { text: TEXT, tokens: TOKENS, problems: [problem] });
  expect(wrong.filter((segment) => segment.wrong).map(({ text }) => text)).toEqual(['x1']);
  const missing = segmentsOf('pid ==', {
    text: 'pid ==',
    tokens: TOKENS.slice(0, 2),
    problems: [{ ...problem, column: 7, length: 0 }],
  });
  expect(missing.at(-1)).toEqual({ text: '\u00a0', kind: 'plain', wrong: true });
});

test('a reading of an earlier text holds as far as both begin alike, and tells no problem', () => {
  const reading = { text: TEXT, tokens: TOKENS, problems: [{ column: 1, length: 3, message: '', expected: [] }] };
  const segments = segmentsOf('pid == y', reading);
  expect(segments.some(({ wrong }) => wrong)).toBe(false);
  expect(segments.map(({ text, kind }) => [text, kind])).toEqual([
    ['pid', 'field'],
    [' ', 'plain'],
    ['==', 'operator'],
    [' y', 'plain'],
  ]);
  expect(segmentsOf('', reading)).toEqual([]);
});

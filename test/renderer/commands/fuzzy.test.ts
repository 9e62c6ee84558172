import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzy, ranked } from '../../../renderer/commands/fuzzy.ts';

const best = (query: string, ...texts: string[]): string | undefined => ranked(query, texts, (text) => text)[0]?.one;

test('letters in the order of the text fit, wherever they stand', () => {
  expect(fuzzy('oas', 'Open the sample')).toBeUndefined();
  expect(fuzzy('ops', 'Open the sample')?.places).toEqual([0, 1, 9]);
  expect(fuzzy('', 'anything')).toEqual({ score: 0, places: [] });
  expect(fuzzy('x', '')).toBeUndefined();
});

test('beginnings of words are better than their middles, and neighbours better than scattered letters', () => {
  expect(best('sh', 'Fit the hash', 'Show all')).toBe('Show all');
  expect(best('eve', 'The event view', 'Leave vertices')).toBe('The event view');
  expect(best('tt', 'Attempts', 'The tab')).toBe('The tab');
});

test('blanks in what is typed are no letters, and case does not count', () => {
  expect(fuzzy('Open Sam', 'open the sample')).toEqual(fuzzy('opensam', 'Open The Sample'));
});

test('what fits equally well keeps its order', () => {
  expect(ranked('a', ['a1', 'a2', 'a3'], (text) => text).map(({ one }) => one)).toEqual(['a1', 'a2', 'a3']);
});

test('a text fits exactly if its letters are a subsequence, and the places say where', () => {
  const letter = fc.constantFrom('a', 'b', 'c', ' ', '-');
  fc.assert(
    fc.property(fc.array(letter, { maxLength: 6 }), fc.array(letter, { maxLength: 14 }), (query, text) => {
      const wanted = query.filter((sign) => sign !== ' ');
      let at = -1;
      const inside = wanted.every((sign) => (at = text.indexOf(sign, at + 1)) >= 0);
      const match = fuzzy(query.join(''), text.join(''));
      expect(match !== undefined).toBe(inside);
      expect((match?.places ?? []).map((place) => text[place])).toEqual(inside ? wanted : []);
      const places = match?.places ?? [];
      expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b));
    }),
  );
});

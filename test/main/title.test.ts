import { expect, test } from 'vitest';
import { titleFor, WindowTitle } from '../../main/app/title.ts';

test.each([
  [undefined, false, 'Modtrail'],
  ['a.modtrail', false, 'a.modtrail – Modtrail'],
  ['a.modtrail', true, '● Recording – a.modtrail – Modtrail'],
  [undefined, true, '● Recording – Modtrail'],
  ['a\n\u202eb', false, 'a\ufffd\ufffdb – Modtrail'],
])('%j, recording: %s', (name, recording, title) => {
  expect(titleFor(name, recording)).toBe(title);
});

test('the titles of two windows are their own', () => {
  const titles: string[][] = [[], []];
  const [one, other] = titles.map(
    (told) => new WindowTitle({ isDestroyed: () => false, setTitle: (title) => void told.push(title) }),
  );
  one?.show('a');
  other?.show('b');
  one?.mark(true);
  one?.mark(true);
  other?.mark(true);
  one?.show('c');
  other?.mark(false);
  expect(titles).toEqual([
    ['a – Modtrail', '● Recording – a – Modtrail', '● Recording – c – Modtrail'],
    ['b – Modtrail', '● Recording – b – Modtrail', 'b – Modtrail'],
  ]);
});

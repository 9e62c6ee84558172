import { describe, expect, test } from 'vitest';
import { NearColumn } from '#core/survey/near-column.ts';
import { randomFrom } from '../filter/trees.ts';

/** Puts the same into a column and an array, and tells where they differ. */
function differences(puts: Iterable<readonly [number, number]>, expected = 0): number[] {
  const column = new NearColumn();
  column.expect(expected);
  const rows: number[] = [];
  for (const [place, row] of puts) {
    column.put(place, row);
    rows[place] = row;
  }
  return [...rows.keys()].filter((place) => rows[place] !== undefined && column.at(place) !== rows[place]);
}

const ascending = Array.from({ length: 1000 }, (_, place) => [place, place * 3] as const);

describe('a column of rows nearly in order', () => {
  test('gives back what follows each other, put from either end', () => {
    expect(differences(ascending)).toEqual([]);
    expect(differences(ascending.toReversed())).toEqual([]);
    expect(differences(ascending, 1000)).toEqual([]);
  });

  test('gives back rows that lie further apart than a byte tells, alone and within a block', () => {
    const far = [0, 127, 128, 255, 256, 70_000, 2 ** 32 - 3, 1, 5, 2 ** 31];
    expect(differences(far.map((row, place) => [place, row]))).toEqual([]);
    for (const row of far) expect(differences([...ascending, [500, row], [501, 1500], [500, 1503]])).toEqual([]);
  });

  test('is an array where most blocks have rows from anywhere', () => {
    const random = randomFrom(7);
    const puts = Array.from({ length: 20_000 }, (_, place) => [place, Math.floor(random() * 2 ** 31)] as const);
    expect(differences(puts)).toEqual([]);
    expect(differences([...puts, ...ascending, ...puts.slice(300)])).toEqual([]);
  });

  test('is right whatever is put where, again and again', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = randomFrom(seed);
      const puts: [number, number][] = [];
      for (let n = 0; n < 3000; n++) {
        const place = Math.floor(random() * 2000);
        const away = random() < 0.02 ? 2 ** 30 : random() < 0.5 ? 20 : 200;
        puts.push([place, Math.floor(place * 2 + random() * away)]);
      }
      expect(differences(puts)).toEqual([]);
    }
  });
});

/** Marks of rows, held against a set of numbers. */
import { expect, test } from 'vitest';
import { Members } from '#core/filter/members.ts';
import { Bits } from '#core/survey/bits.ts';
import { randomFrom } from '../filter/trees.ts';

const random = randomFrom(3);

function some(share: number, of: number): Set<number> {
  return new Set(Array.from({ length: of }, (_, at) => at).filter(() => random() < share));
}

test.each([0, 0.001, 0.03, 0.5, 1])('which are marked, how many, and which is the next: %d', (share) => {
  for (const of of [0, 1, 7, 8, 9, 31, 32, 33, 40, 1000, 4097]) {
    const numbers = some(share, of);
    const bits = new Bits(random() < 0.5 ? of : 0);
    for (const number of numbers) bits.set(number);
    expect(bits.count).toBe(numbers.size);
    const found: number[] = [];
    for (let at = bits.next(0); at < of; at = bits.next(at + 1)) found.push(at);
    expect(found).toEqual([...numbers]);
    for (let from = 0; from < Math.min(of, 50); from++) {
      expect(bits.next(from)).toBe([...numbers].find((number) => number >= from) ?? Infinity);
    }
    expect(bits.next(of + 100)).toBe(Infinity);
  }
});

test('sets that are joined have the members of both, each once', () => {
  for (const [one, other] of [
    [10, 50_000],
    [50_000, 10],
    [300, 300],
  ] as const) {
    const [numbers, others] = [some(0.1, one), some(0.1, other)];
    const [members, joined] = [new Members(), new Members()];
    for (const number of numbers) members.addNumber(number);
    for (const number of others) joined.addNumber(number);
    for (const large of [2n ** 60n, -3n]) joined.add(large);
    members.add(-3n);
    members.join(joined);
    const all = new Set([...numbers, ...others].map(BigInt));
    expect([...members.values()].toSorted()).toEqual([...all, -3n, 2n ** 60n].toSorted());
    const taken: number[] = [];
    members.each((value) => taken.push(value));
    expect(taken).toEqual([...members.values()].map(Number));
    expect(members.size).toBe(all.size + 2);
  }
});

import { expect, test } from 'vitest';
import { toWide } from '#contract/wide.ts';
import { CaptureClock } from '../../../renderer/format/clock.ts';
import { momentFacts, momentWords, seconds } from '../../../renderer/timeline/moment-facts.ts';

const WALL = 1_700_000_000_000_000_000n;
const clock = new CaptureClock({ firstNs: 5_000_000_000 }, [{ ns: 5_000_000_000, wallNs: toWide(WALL) }]);

test('a moment is told by the wall clock, since the start, by the boot clock and by its event', () => {
  expect(momentFacts(7_000_000_001, clock, 4_000_000_000, 'utc', 17)).toEqual([
    { name: 'UTC', value: '2023-11-14 22:13:22.000000001' },
    { name: 'since start', value: '3.000000001 s' },
    { name: 'boot clock', value: '7.000000001 s' },
    { name: 'seq', value: '17' },
  ]);
});

test('local time stands before UTC, and a moment of no event has no number', () => {
  const facts = momentFacts(5_000_000_000, clock, 6_000_000_000, 'local');
  expect(facts).toHaveLength(4);
  expect(facts[0]?.name).toContain('UTC');
  expect(facts.slice(1)).toEqual([
    { name: 'UTC', value: '2023-11-14 22:13:20.000000000' },
    { name: 'since start', value: '−1.000000000 s' },
    { name: 'boot clock', value: '5.000000000 s' },
  ]);
  expect(momentWords(facts.slice(2))).toBe('since start −1.000000000 s, boot clock 5.000000000 s');
});

test('seconds of any size keep every digit', () => {
  expect(seconds(2n ** 63n - 1n)).toBe('9,223,372,036.854775807 s');
  expect(seconds(0n)).toBe('0.000000000 s');
});

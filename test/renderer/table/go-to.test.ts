import { describe, expect, test } from 'vitest';
import { parseMoment } from '../../../renderer/format/time.ts';
import { targetOf } from '../../../renderer/table/go-to.ts';

const at = (text: string, nanos = 0): bigint => BigInt(Date.parse(text)) * 1_000_000n + BigInt(nanos);
const START = at('2026-11-24T15:05:24Z', 500_000_000);
const target = (text: string, plain: 'seq' | 'call' = 'seq') => targetOf(text, plain, START, 'utc');

test('a number is a row or a call, as it says or as the table has it', () => {
  expect(target('120')).toEqual({ kind: 'seq', seq: 120 });
  expect(target('7', 'call')).toEqual({ kind: 'call', callId: 7 });
  expect(target('#3', 'call')).toEqual({ kind: 'seq', seq: 3 });
  expect(target(' call 12 ')).toEqual({ kind: 'call', callId: 12 });
  expect(target('SEQ 5', 'call')).toEqual({ kind: 'seq', seq: 5 });
});

test('a distance counts from the capture’s first moment', () => {
  expect(target('+12.5')).toEqual({ kind: 'offset', offset: 12.5e9 });
  expect(target('+ 1 h 2 min')).toEqual({ kind: 'offset', offset: 3720e9 });
  expect(target('+250µs')).toEqual({ kind: 'offset', offset: 250e3 });
});

test.each(['', 'soon', '+', '+ 3 parsecs', '+5 constructor', 'call', '25:99', '2026-13-40T00:00:00Z'])(
  '%j is no place',
  (text) => {
    expect(target(text)).toBeUndefined();
  },
);

describe('a moment', () => {
  test.each([
    ['2026-11-24T15:05:44Z', at('2026-11-24T15:05:44Z')],
    ['2026-11-24 15:05:44.123456789', at('2026-11-24T15:05:44Z', 123_456_789)],
    ['2026-11-24T16:05:44.5+01:00', at('2026-11-24T15:05:44Z', 500_000_000)],
    ['2026-11-24T15:05 UTC', at('2026-11-24T15:05:00Z')],
    ['15:05:44.8', at('2026-11-24T15:05:44Z', 800_000_000)],
    ['15:05:24', at('2026-11-24T15:05:24Z')],
    ['03:00', at('2026-11-25T03:00:00Z')],
  ])('%s', (text, expected) => {
    expect(parseMoment(text, START, 'utc')).toBe(expected);
  });
});

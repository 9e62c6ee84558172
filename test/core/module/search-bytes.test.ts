import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ByteSearch } from '#contract/module.ts';
import { searchBytes } from '../../../core/module/search-bytes.ts';
import { CaptureError } from '../../../core/capture/failure.ts';

const find = (bytes: Uint8Array, search: Partial<ByteSearch>): readonly { offset: number; size: number }[] =>
  searchBytes(bytes, { kind: 'text', pattern: '', ignoreCase: false, from: 0, ...search }).hits;

const at = (bytes: Uint8Array, search: Partial<ByteSearch>): number[] =>
  find(bytes, search).map(({ offset }) => offset);

describe('text', () => {
  const bytes = Buffer.concat([
    Buffer.from('..Init..'),
    Buffer.from('init', 'utf16le'),
    Buffer.from('init', 'utf16le').swap16(),
    Buffer.from('grüß'),
  ]);

  test('is found as UTF-8 and as UTF-16 of either order', () => {
    expect(find(bytes, { pattern: 'init' })).toEqual([
      { offset: 8, size: 8 },
      { offset: 16, size: 8 },
    ]);
    expect(at(bytes, { pattern: 'grüß' })).toEqual([24]);
  });

  test('in upper and lower case where asked for', () => {
    expect(at(bytes, { pattern: 'INIT', ignoreCase: true })).toEqual([2, 8, 16]);
    expect(at(bytes, { pattern: 'INIT' })).toEqual([]);
  });

  test('at the very end, and not beyond it', () => {
    expect(at(Buffer.from('xab'), { pattern: 'ab' })).toEqual([1]);
    expect(at(Buffer.from('xa'), { pattern: 'ab' })).toEqual([]);
  });
});

describe('bytes', () => {
  test('with any byte where ?? stands, however the digits are written', () => {
    const bytes = Uint8Array.from([0x7f, 0x45, 1, 0x46, 0x7f, 0x45, 2, 0x46]);
    for (const pattern of ['7f 45 ?? 46', '7F45??46', '0x7f, 0x45, ??, 0x46']) {
      expect(at(bytes, { kind: 'bytes', pattern })).toEqual([0, 4]);
    }
  });

  test.each(['7', '7f 4', 'xy', '?', '0x', ' '])('%o is no pattern', (pattern) => {
    expect(() => find(new Uint8Array(8), { kind: 'bytes', pattern })).toThrow(CaptureError);
  });

  test('as a slow search finds them, also where they overlap', () => {
    const small = fc.uint8Array({ max: 3, maxLength: 200 });
    const needle = fc.uint8Array({ max: 3, minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(small, needle, (bytes, wanted) => {
        const slow = [...bytes.keys()].filter((from) => wanted.every((byte, index) => bytes[from + index] === byte));
        expect(at(bytes, { kind: 'bytes', pattern: Buffer.from(wanted).toString('hex') })).toEqual(slow);
      }),
    );
  });
});

test('a step ends after a thousand hits and is gone on with where it ended', () => {
  const bytes = new Uint8Array(2500);
  const found = [];
  for (let from: number | undefined = 0; from !== undefined;) {
    const step = searchBytes(bytes, { kind: 'bytes', pattern: '00', ignoreCase: false, from });
    expect(step.hits.length).toBeLessThanOrEqual(1000);
    found.push(...step.hits.map(({ offset }) => offset));
    from = step.next;
  }
  expect(found).toEqual([...bytes.keys()]);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entropyOf, entropyOfBytes, histogram } from '#core/module/entropy.ts';
import { marksOf } from '#core/module/string-marks.ts';
import { findStrings, sourceOf } from '#core/module/strings.ts';

const whole = (data: Uint8Array): ReturnType<typeof findStrings>['entries'] =>
  findStrings(data, [{ from: 0, to: data.length }]).entries;

/** What `strings -n 6` prints, by the plainest way. */
const plain = (data: Buffer): string[] => data.toString('latin1').match(/[\t -~]{6,}/g) ?? [];

describe('strings', () => {
  test('every run of six or more, wherever it lies', () => {
    const bytes = fc.array(fc.constantFrom(0, 1, 9, 0x20, 0x41, 0x7e, 0x7f, 0xff), { maxLength: 200 });
    fc.assert(
      fc.property(bytes, (array) => {
        const data = Buffer.from(array);
        const found = whole(data).filter(({ encoding }) => encoding === 'ascii');
        expect(found.map(({ text }) => text)).toEqual(plain(data));
        for (const { text, range } of found) {
          expect(data.toString('latin1', range.offset, range.offset + range.size)).toBe(text);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('UTF-16 at every offset', () => {
    for (let before = 0; before < 30; before += 1) {
      const text = Buffer.from('\\Device\\hidden', 'utf16le');
      const data = Buffer.concat([Buffer.alloc(before, 0xff), text, Buffer.alloc(9, 0xff)]);
      expect(whole(data), String(before)).toMatchObject([
        { text: '\\Device\\hidden', encoding: 'utf-16le', range: { offset: before, size: text.length } },
      ]);
    }
  });

  test('none runs over the border of two sections', () => {
    const data = Buffer.from('abcdefghijklmnop');
    const { entries } = findStrings(data, [
      { from: 0, to: 8, section: 1 },
      { from: 8, to: 16, section: 2 },
    ]);
    expect(entries.map(({ text, section }) => [text, section])).toEqual([
      ['abcdefgh', 1],
      ['ijklmnop', 2],
    ]);
  });

  test('one at a time they are the same as all together', () => {
    const wide = Buffer.from('/dev/kmem, wide', 'utf16le');
    const data = Buffer.concat([Buffer.from('/etc/passwd\0'), wide, Buffer.from('\0\0plain words\0\0\x01')]);
    const part = findStrings(data, [
      { from: 0, to: 12, section: 4 },
      { from: 12, to: data.length },
    ]);
    const one = sourceOf(part);
    const numbers = Array.from({ length: one.count }, (_, index) => index);
    expect(numbers.map((index) => one.at(index))).toEqual(part.entries);
    expect(numbers.map((index) => [one.text(index), one.range(index), one.section(index)])).toEqual(
      part.entries.map(({ text, range, section }) => [text, range, section]),
    );
    expect(part.entries.map(({ section }) => section)).toEqual([4, undefined, undefined]);
  });

  test.each([
    ['https://example.com/a', ['url', 'domain']],
    ['/etc/ld.so.preload', ['path']],
    ['/dev/kmem', ['device', 'path']],
    ['connect to 192.168.1.20:4444', ['address']],
    ['version 1.2.3', []],
    ['1.2.3.4.5', []],
    ['fe80:0:0:0:1:2:3:4', ['address']],
    ['/bin/sh -c', ['path', 'command']],
    ['insmod evil.ko', ['command']],
    ['and/or, plain words', []],
  ])('%s: %j', (text, marks) => {
    expect(marksOf(text)).toEqual(marks);
  });
});

test('entropy', () => {
  const of = (bytes: Uint8Array): number => {
    const counts = histogram();
    const entropy = entropyOfBytes(bytes, 0, bytes.length, counts);
    expect(entropyOf(counts)).toBe(entropy);
    return entropy;
  };
  expect(of(new Uint8Array(0))).toBe(0);
  expect(of(new Uint8Array(5000).fill(7))).toBe(0);
  expect(of(Uint8Array.from({ length: 4096 }, (_, at) => at))).toBe(8);
  expect(of(Uint8Array.from([1, 2, 1, 2]))).toBe(1);
});

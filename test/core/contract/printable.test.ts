import { expect, test } from 'vitest';
import { isPrintable, printable, printableLines, withSigns } from '#contract/printable.ts';

/** Every character that turns text around, as Unicode lists them (Bidi_Control). */
const TURNING = [...'\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'];

test.each([
  ['plain.modtrail', 'plain.modtrail'],
  ['ein Schlüssel – 鍵 🔑', 'ein Schlüssel – 鍵 🔑'],
  ['a\nb\tc', 'a\\x0ab\\x09c'],
  ['\u001b]0;owned\u0007', '\\x1b]0;owned\\x07'],
  ['\u009b31m', '\\x9b31m'],
  ['\u202egpj.exe', '\\u{202e}gpj.exe'],
  ['a\u2028b\ufeff', 'a\\u{2028}b\\u{feff}'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
  expect(isPrintable(text)).toBe(text === shown);
  expect(isPrintable(shown)).toBe(true);
});

test.each(TURNING)('what turns text around is never shown as it is: %j', (character) => {
  expect(character).toMatch(/\p{Bidi_Control}/u);
  const escaped = `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  expect(printable(`a${character}b`)).toBe(`a${escaped}b`);
  expect(printableLines(`a${character}b`)).toBe(`a${escaped}b`);
  expect(withSigns(`a${character}b`)).toBe('a\ufffdb');
});

test('no other character turns text around', () => {
  const turning = Array.from({ length: 0x10ffff }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .filter((character) => /\p{Bidi_Control}/u.test(character));
  expect(turning).toEqual(TURNING);
});

test('lines and tabs of a text of several lines stay', () => {
  expect(printableLines('a\n\tb\u001b[2J\r\u202ec')).toBe('a\n\tb\\x1b[2J\\x0d\\u{202e}c');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, bytesOrNone, hexadecimal, integer, plainText, readable, small, word } from '#core/capture/columns.ts';
import { CaptureError } from '#core/capture/failure.ts';

/** What Node itself takes for UTF-8. */
function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

test('bytes that are text are shown as that text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const bytes = Buffer.from(text);
      fc.pre(!text.includes('\0'));
      expect(readable(bytes)).toBe(bytes.toString('utf8'));
    }),
  );
});

/** Bytes among which sequences, whole and broken, are frequent. */
const byte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(0, 0x41, 0x80, 0xbf, 0xc3, 0xe0, 0xed, 0xf0, 0xf4),
);
const bytes = fc.array(byte, { maxLength: 40 }).map((all) => Buffer.from(all));

test('exactly the bytes that are no UTF-8, and NUL, are escaped', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      const text = readable(value);
      // Taking the escapes back gives the bytes again, unless the bytes themselves spell an escape.
      fc.pre(!value.includes('\\x'));
      const parts = text.split(/(\\x[0-9a-f]{2})/);
      const again = Buffer.concat(
        parts.map((part, at) => (at % 2 === 1 ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part))),
      );
      expect(again.equals(value)).toBe(true);
      if (isUtf8(value) && !value.includes(0)) expect(text).not.toContain('\\x');
      if (!isUtf8(value)) expect(text).toContain('\\x');
    }),
    { numRuns: 2000 },
  );
});

test('long bytes are no trouble', () => {
  expect(readable(Buffer.alloc(500_000, 0xff)).length).toBe(2_000_000);
});

test('a cell of another type is damage and never a value', () => {
  const row = { a: 'text', b: 1n, c: Buffer.from('x'), d: 1.5, e: null };
  const wrong: (() => unknown)[] = [
    () => integer(row, 'a'),
    () => integer(row, 'd'),
    () => integer(row, 'e'),
    () => integer(row, 'missing'),
    () => small({ n: 2n ** 60n }, 'n'),
    () => plainText(row, 'c'),
    () => word(row, 'a', ['other']),
    () => bytesOrNone(row, 'b'),
    () => bytesOrNone({ long: 'x'.repeat(2_000_000) }, 'long'),
  ];
  for (const read of wrong) expect(read).toThrow(CaptureError);
  expect(anyText(row, 'e')).toBeUndefined();
});

test('addresses are unsigned', () => {
  expect(hexadecimal(-1n)).toBe('0xffffffffffffffff');
  expect(hexadecimal(255n, 4)).toBe('0x00ff');
});

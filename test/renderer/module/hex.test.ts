/** The hex view's pure parts: rows, where a click lands, the data inspector, copying. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copyAs } from '../../../renderer/module/hex/copy-as.ts';
import { hexColumn, hexRow, IN_ROW, LOOK, offsetWords, placeAt } from '../../../renderer/module/hex/rows.ts';
import { readingsOf } from '../../../renderer/module/hex/values.ts';

const ELF = Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
const whole = (runs: readonly { readonly text: string }[]): string => runs.map(({ text }) => text).join('');

describe('a row', () => {
  test('is what every hex dump shows', () => {
    const { hex, ascii } = hexRow(
      0,
      ELF.length,
      (at) => ELF[at],
      () => 0,
    );
    expect(whole(hex)).toBe('7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00');
    expect(whole(ascii)).toBe('·ELF············');
  });

  test('ends where the image ends', () => {
    expect(
      whole(
        hexRow(
          16,
          ELF.length,
          (at) => ELF[at],
          () => 0,
        ).hex,
      ),
    ).toBe('01 00');
  });

  test('says which bytes are not there yet', () => {
    const { hex, ascii } = hexRow(
      0,
      4,
      () => undefined,
      () => 0,
    );
    expect(hex).toEqual([{ text: '·· ·· ·· ··', look: LOOK.missing }]);
    expect(whole(ascii)).toBe('    ');
  });

  test('keeps every byte in its column, whatever is lit', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: IN_ROW }),
        fc.array(fc.integer({ min: 0, max: 7 }), { minLength: IN_ROW, maxLength: IN_ROW }),
        (bytes, looks) => {
          const { hex, ascii } = hexRow(
            0,
            bytes.length,
            (at) => bytes[at],
            (at) => looks[at] ?? 0,
          );
          const text = whole(hex);
          bytes.forEach((byte, at) => {
            expect(Number.parseInt(text.slice(hexColumn(at), hexColumn(at) + 2), 16)).toBe(byte);
          });
          expect(whole(ascii).length).toBe(bytes.length);
        },
      ),
    );
  });

  test('lights what lies between two lit bytes, and not what lies beside them', () => {
    const { hex } = hexRow(
      0,
      4,
      () => 0x11,
      (at) => (at === 1 || at === 2 ? LOOK.lit : 0),
    );
    expect(hex).toEqual([
      { text: '11 ', look: 0 },
      { text: '11 11', look: LOOK.lit },
      { text: ' 11', look: 0 },
    ]);
  });

  test('a click on either digit of a byte is that byte', () => {
    for (let place = 0; place < IN_ROW; place++) {
      expect(placeAt(hexColumn(place) + 0.1)).toBe(place);
      expect(placeAt(hexColumn(place) + 1.9)).toBe(place);
    }
    expect([placeAt(-5), placeAt(900)]).toEqual([0, IN_ROW - 1]);
  });

  test('its offset is as wide as the last one', () => {
    expect([offsetWords(64, 4096), offsetWords(64, 0x1234_5678)]).toEqual(['000040', '00000040']);
  });
});

describe('the data inspector', () => {
  const readings = (bytes: Uint8Array): Map<string, readonly (string | undefined)[]> =>
    new Map(readingsOf(bytes).map(({ name, little, big }) => [name, [little, big]]));

  test('reads numbers in both orders', () => {
    const found = readings(Uint8Array.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
    expect(found.get('signed 16')).toEqual(['-2', '-257']);
    expect(found.get('unsigned 32')).toEqual(['4294967294', '4278190079']);
    expect(found.get('signed 64')).toEqual(['-2', '-72057594037927937']);
    expect(found.get('hex 64')).toEqual(['0xfffffffffffffffe', '0xfeffffffffffffff']);
  });

  test('reads floats, times and text', () => {
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setFloat32(0, 1.5);
    expect(readings(bytes).get('float 32')?.[1]).toBe('1.5');
    new DataView(bytes.buffer).setUint32(0, 1_700_000_000, true);
    expect(readings(bytes).get('time, 32-bit seconds')?.[0]).toBe('2023-11-14 22:13:20 UTC');
    bytes.set(new TextEncoder().encode('grüß\0xx'));
    expect(readings(bytes).get('text, UTF-8')).toEqual(['grüß', undefined]);
    // No font has a shape for a private or an unassigned character.
    expect(readings(Uint8Array.from([0xe8, 0x00, 0, 0])).get('text, UTF-16')?.[1]).toBe('·');
  });

  test('tells only what there are bytes for, and never fails', () => {
    expect(readings(Uint8Array.from([1])).has('unsigned 16')).toBe(false);
    expect(readingsOf(new Uint8Array())).toEqual([]);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 32 }), (bytes) => readingsOf(bytes).length >= 0));
  });
});

describe('copied', () => {
  const bytes = Uint8Array.from([0x68, 0x69, 0x0a, 0xff, 0x1b]);

  test('as digits, as C, as Base64', () => {
    expect(copyAs(bytes, 'hex')).toBe('68 69 0a ff 1b');
    expect(copyAs(bytes, 'c')).toBe('static const unsigned char bytes[5] = {\n  0x68, 0x69, 0x0a, 0xff, 0x1b,\n};\n');
    expect(Buffer.from(copyAs(bytes, 'base64'), 'base64')).toEqual(Buffer.from(bytes));
  });

  test('as text without what a terminal would obey', () => {
    expect(copyAs(bytes, 'text')).toBe('hi\n\ufffd\ufffd');
  });

  test('a megabyte as Base64', () => {
    const large = new Uint8Array(1 << 20).fill(7);
    expect(Buffer.from(copyAs(large, 'base64'), 'base64').equals(Buffer.from(large))).toBe(true);
  });
});

/** Long lists are written as JSON without their rows being made: the bytes are those of JSON.stringify. */
import { expect, test } from 'vitest';
import { openImage } from '#core/module/image.ts';
import { inspectModule } from '#core/module/inspect.ts';
import { JsonBytes } from '#core/module/json/bytes.ts';
import { findStrings } from '#core/module/strings.ts';
import { rowsOf } from '#core/module/json/rows.ts';
import { jsonOf } from '../../../scripts/corpus/try-image.ts';
import { smallModule, X86_64 } from './elf-builder.ts';
import { sampleImage } from './sample-modules.ts';

test('all that is known of a real module', async () => {
  const answer = inspectModule(await sampleImage('mt_params.ko'), { file: 'a "name" – of it', allRelocations: true });
  expect(answer.strings?.entries.length).toBeGreaterThan(50);
  expect(jsonOf(answer)).toBe(`${JSON.stringify(answer)}\n`);
});

test.each([X86_64, { wide: false, little: false, machine: 20 }])('and of small modules, %o', async (kind) => {
  const answer = inspectModule(await openImage(smallModule(kind)));
  expect(jsonOf(answer)).toBe(`${JSON.stringify(answer)}\n`);
});

test('texts with quotes, backslashes, tabs, marks, in both encodings', () => {
  const ascii = 'say "/dev/null" \\ \t now\0sh -c x\0a plain one\0x.example.com\0http://host/\0abcdef -c\0';
  const wide = Buffer.from('wide “quotes” \u{1f600} and "more"\0', 'utf16le');
  const data = Buffer.concat([Buffer.from(ascii, 'latin1'), wide, Buffer.from('the end of it', 'latin1')]);
  const part = findStrings(data, [
    { from: 0, to: 20, section: 3 },
    { from: 20, to: data.length },
  ]);
  const rows = rowsOf(part);
  const out = new JsonBytes();
  const written = part.entries.map((_, index) => {
    rows?.write(out, index);
    return out.take().toString();
  });
  expect(written).toEqual(part.entries.map((entry) => JSON.stringify(entry)));
  expect(written.join()).toContain('"marks"');
});

test('numbers and texts of every kind', () => {
  const out = new JsonBytes();
  const numbers = [0, 7, 10, 99, 100, 65_535, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER, -1, 1.25];
  for (const one of numbers) {
    out.number(one);
    expect(out.take().toString()).toBe(JSON.stringify(one));
  }
  for (const one of ['', 'a', '"', '\\', '\n', '\u007f', 'ä', '\u2028', '\ud800', '😀', 'x'.repeat(200_000)]) {
    out.text(one);
    expect(out.take().toString()).toBe(JSON.stringify(one));
  }
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineReader, readControlLine } from '../../main/app/recorder/control-line.ts';

/** The collector's encoding, as native/control.c has it. */
function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9._/:-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

describe('readControlLine', () => {
  test('reads every message that the collector sends', () => {
    expect(
      readControlLine('hello version=0.1.0 format=1 pid=7 out=/tmp/a%20b.modtrail attached=2 unavailable=13'),
    ).toEqual({ word: 'hello', version: '0.1.0', format: 1, out: '/tmp/a b.modtrail' });
    expect(readControlLine('status events=11 calls=5 lost=0 bytes=9223372036854775807')).toEqual({
      ...{ word: 'status', events: 11, calls: 5, lost: 0 },
      bytes: '9223372036854775807',
    });
    expect(
      readControlLine('status events=11 calls=905 attempts=5 coalesced=900 images=2 lost=0 bytes=4096 rate=450'),
    ).toEqual({ word: 'status', events: 11, calls: 905, coalesced: 900, images: 2, lost: 0, bytes: 4096, rate: 450 });
    expect(readControlLine('stopped reason=disk-full detail=No%20space%20left events=1 calls=0 lost=0')).toMatchObject({
      reason: 'disk-full',
      detail: 'No space left',
    });
    expect(readControlLine('finishing')).toEqual({ word: 'finishing' });
    expect(readControlLine('stopped reason=request events=1 calls=0 lost=0')).toMatchObject({ reason: 'request' });
    expect(readControlLine('error code=recording-failed text=no%20room%3A%20%C3%A4')).toEqual({
      ...{ word: 'error', code: 'recording-failed' },
      text: 'no room: ä',
    });
  });

  test.each([
    ['an unknown word', 'goodbye'],
    ['a missing number', 'status events=1 calls=1 lost=0'],
    ['a number that is none', 'status events=1 calls=-1 lost=0 bytes=1e9'],
    ['a number beyond 64 bits of digits', `status events=${'9'.repeat(25)} calls=1 lost=0 bytes=1`],
    ['nothing', ''],
    ['a word that every object has', 'constructor'],
  ])('passes over %s', (_what, line) => {
    expect(readControlLine(line)).toBeUndefined();
  });

  test('the word cannot be replaced by a field', () => {
    expect(readControlLine('finishing word=stopped')).toEqual({ word: 'finishing' });
  });

  test('any text comes through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const sent = Buffer.from(text).toString('utf8');
        expect(readControlLine(`error code=x text=${encode(sent)}`)).toEqual({ word: 'error', code: 'x', text: sent });
      }),
    );
  });

  test('never throws', () => {
    const word = fc.constantFrom('hello', 'status', 'finishing', 'stopped', 'error', '');
    fc.assert(
      fc.property(word, fc.string({ unit: 'binary' }), (first, rest) => {
        const line = readControlLine(`${first} ${rest}`);
        expect(line === undefined || line.word === first).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('LineReader', () => {
  test('gives the same lines however they arrive', () => {
    const text = fc.array(
      fc.string({ unit: 'binary-ascii' }).map((line) => line.replaceAll('\n', '')),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 7 })), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const reader = new LineReader();
        const got: string[] = [];
        let at = 0;
        for (const cut of cuts) {
          got.push(...reader.take(bytes.subarray(at, at + cut)));
          at += cut;
        }
        got.push(...reader.take(bytes.subarray(at)));
        expect(got).toEqual(lines);
      }),
    );
  });

  test('passes over a line without end and goes on after it', () => {
    const reader = new LineReader();
    for (let count = 0; count < 100; count += 1) expect(reader.take(Buffer.alloc(4096, 'x'))).toEqual([]);
    expect(reader.take(Buffer.from('rest\nstatus\n'))).toEqual(['status']);
  });

  test('a long line that arrives at once is passed over, too', () => {
    expect(new LineReader().take(Buffer.from(`${'x'.repeat(20_000)}\nhello\n`))).toEqual(['hello']);
  });
});

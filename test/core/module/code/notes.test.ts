import { expect, test } from 'vitest';
import { decoderOf } from '#core/module/code/decoder.ts';
import { noteOf } from '#core/module/code/notes.ts';
import { plus } from '#core/module/code/places.ts';

test.each([
  ['__fentry__', 'entry for ftrace'],
  ['__x86_return_thunk', 'return'],
  ['__x86_indirect_thunk_rax', 'indirect call or jump through rax'],
  ['__x86_indirect_jump_thunk_r11', 'indirect jump through r11'],
  ['kfree', undefined],
])('%s', (name, note) => {
  expect(noteOf(name)).toBe(note);
});

test('places', () => {
  expect([plus('a', 0), plus('a', 16), plus('a', -4)]).toEqual(['a', 'a+0x10', 'a-0x4']);
});

test('x86-64 and arm64, with what is no instruction', async () => {
  const x86 = (await decoderOf('x86_64')).decode(Buffer.from('e800000000c30606', 'hex'), 0x10);
  expect(x86.map(({ offset, mnemonic, operands }) => `${String(offset)} ${mnemonic} ${operands}`.trim())).toEqual([
    '16 call 0x15',
    '21 ret',
    '22 .byte 0x06',
    '23 .byte 0x06',
  ]);
  const arm = (await decoderOf('aarch64')).decode(Buffer.from('00000094c0035fd6', 'hex'), 0);
  expect(arm.map(({ mnemonic }) => mnemonic)).toEqual(['bl', 'ret']);
  expect((await decoderOf('x86_64')).decode(new Uint8Array(0), 0)).toEqual([]);
});

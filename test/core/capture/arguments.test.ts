/** Arguments in the reference's terms, by their C type. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Argument, CallKind, FileFact } from '#contract/event.ts';
import { readArguments, readText, type Texts } from '#core/capture/arguments.ts';

function read(kind: CallKind, registers: readonly bigint[], texts: Texts = {}, file?: FileFact): Argument[] {
  return readArguments(
    kind,
    Object.fromEntries(registers.map((value, at) => [`arg${String(at)}`, value])),
    texts,
    file,
  );
}

test('names, types and tags are the reference’s', () => {
  const heads = (kind: CallKind) =>
    read(kind, [1n, 1n, 1n]).map(({ name, type, origin, toctou, optional }) => [name, type, origin, toctou, optional]);
  expect(heads('finit_module')).toEqual([
    ['fd', 'int', 'K', false, false],
    ['param_values', 'const char *', 'U', true, false],
    ['flags', 'int', 'K', false, false],
  ]);
  expect(heads('init_module')).toEqual([
    ['module_image', 'void *', 'U', true, false],
    ['len', 'unsigned long', 'K', false, false],
    ['param_values', 'const char *', 'U', true, false],
  ]);
  expect(heads('delete_module')).toEqual([
    ['name', 'const char *', 'U', true, false],
    ['flags', 'unsigned int', 'K', false, false],
  ]);
});

test('an int is the low half of its register, signed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.bigInt({ min: 0n, max: 2n ** 31n }),
      (int, high) => {
        const register = BigInt.asIntN(64, (high << 32n) | BigInt.asUintN(32, BigInt(int)));
        const [fd, , flags] = read('finit_module', [register, 0n, register]);
        expect([fd?.value, flags?.value]).toEqual([int, int]);
        expect(read('delete_module', [0n, register])[1]?.value).toBe(int >>> 0);
      },
    ),
  );
});

test('the values that callers like to try', () => {
  expect(read('finit_module', [0xffffffffn, 0n, 0x80000000n]).map(({ value }) => value)).toEqual([
    -1,
    null,
    -2147483648,
  ]);
  expect(read('init_module', [-1n, -(2n ** 63n), 0n]).map(({ value }) => value)).toEqual([
    '18446744073709551615',
    '9223372036854775808',
    null,
  ]);
  expect(read('init_module', [0n, 0n, 0n])[0]).toMatchObject({ value: null, text: 'NULL', pointer: '0x0' });
  expect(read('init_module', [4096n, 0n, 0n])[0]).toMatchObject({ value: 4096, pointer: '0x1000' });
});

test('flags in words, unknown bits in hexadecimal', () => {
  const text = (flags: bigint) => read('finit_module', [3n, 0n, flags])[2]?.text;
  expect(text(0n)).toBe('no flags');
  expect(text(7n)).toBe('MODULE_INIT_IGNORE_MODVERSIONS | MODULE_INIT_IGNORE_VERMAGIC | MODULE_INIT_COMPRESSED_FILE');
  expect(text(0x80000009n)).toBe('MODULE_INIT_IGNORE_MODVERSIONS | 0x80000008');
  expect(read('delete_module', [1n, 0xa00n])[1]?.text).toBe('O_NONBLOCK | O_TRUNC');
});

test('fd says which file; a closed one says nothing', () => {
  expect(read('finit_module', [3n, 0n, 0n], {}, { path: '/m.ko', pathState: 'whole' })[0]).toMatchObject({
    value: 3,
    text: '/m.ko',
  });
  expect(read('finit_module', [3n, 0n, 0n])[0]).not.toHaveProperty('text');
});

const textOf = (texts: Texts): Argument | undefined => read('finit_module', [3n, 4096n, 0n], texts)[1];

test('texts: whole, cut, unreadable, read late, changed', () => {
  expect(textOf({ entry: { state: 'whole', text: '' } })).toMatchObject({
    state: 'whole',
    value: '',
    text: '',
    readAt: 'entry',
  });
  expect(textOf({ entry: { state: 'cut', text: 'xx' } })).toMatchObject({ state: 'cut', value: 'xx' });
  const unreadable = textOf({ entry: { state: 'unreadable' } });
  expect(unreadable).toMatchObject({ state: 'unreadable', pointer: '0x1000' });
  for (const absent of ['value', 'text', 'readAt', 'hex']) expect(unreadable).not.toHaveProperty(absent);
  const late = textOf({ entry: { state: 'unreadable' }, atReturn: { state: 'cut', text: 'late' } });
  expect(late).toMatchObject({ state: 'cut', value: 'late', readAt: 'return' });
  expect(late).not.toHaveProperty('atReturn');
  const changed = textOf({ entry: { state: 'whole', text: 'a' }, atReturn: { state: 'whole', text: 'b' } });
  expect(changed).toMatchObject({ value: 'a', readAt: 'entry', atReturn: { text: 'b' } });
  expect(textOf({ entry: { state: 'whole', text: 'a' }, atReturn: { state: 'unreadable' } })).toMatchObject({
    value: 'a',
    atReturn: { state: 'unreadable' },
  });
});

test('a null pointer is null, whatever else is written', () => {
  const [, params] = read('finit_module', [3n, 0n, 0n], { entry: { state: 'whole', text: 'forged' } });
  expect(params).toMatchObject({ value: null, state: 'null' });
});

test('bytes that are not UTF-8 are shown escaped and kept in hexadecimal', () => {
  const reading = readText({ state: 'whole', bytes: Buffer.from([0x61, 0xff]) });
  expect(reading).toEqual({ state: 'whole', text: 'a\\xff', hex: '61ff' });
  expect(textOf({ entry: reading })).toMatchObject({ value: 'a\\xff', hex: '61ff' });
});

test('what was not recorded has no value', () => {
  const [fd] = readArguments('finit_module', { arg0: null }, {}, undefined);
  expect(fd).toEqual({ name: 'fd', type: 'int', origin: 'K', toctou: false, optional: false });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DisassemblyPart } from '#contract/inspect.ts';
import { disassemble } from '#core/module/code/disassemble.ts';
import { inspectModule } from '#core/module/inspect.ts';
import type { ModuleImage } from '#core/module/image.ts';
import { sampleBytes, sampleImage } from '../sample-modules.ts';

async function all(image: ModuleImage): Promise<DisassemblyPart[]> {
  const functions = inspectModule(image, { parts: ['functions'] }).functions?.entries ?? [];
  const code = functions.filter(({ range, size }) => range && size > 0);
  return Promise.all(
    code.map(({ name, section, value, size }) => disassemble(image, { name, section, offset: value, size })),
  );
}

test('calls name what they lead to, and thunks say what they are for', async () => {
  const image = await sampleImage('mt_initfail.ko');
  const lines = (await all(image)).flatMap(({ instructions }) => instructions);
  const printk = lines.find(({ operands }) => operands === '_printk');
  expect(printk).toMatchObject({ mnemonic: 'call', targets: [{ kind: 'call', symbol: '_printk', inside: false }] });
  expect(lines.some(({ note }) => note === 'return')).toBe(true);
  const text = lines.flatMap(({ targets }) => targets).find((target) => target.text.startsWith('"'));
  expect(text?.at).toBeGreaterThan(0);
  expect(lines.every(({ operands }) => !operands.includes('0x1de7'))).toBe(true);
});

test.each(['mt_params.ko', 'mt_base.ko', 'mt_slow.ko'])(
  '%s: instructions begin where objdump has them',
  async (file) => {
    const folder = mkdtempSync(join(tmpdir(), 'modtrail-code-'));
    const path = join(folder, file);
    writeFileSync(path, sampleBytes(file));
    const text = execFileSync('objdump', ['-d', '--no-show-raw-insn', path], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    const places = new Set<string>();
    let section = '';
    for (const line of text.split('\n')) {
      section = /^Disassembly of section (.+):$/.exec(line)?.[1] ?? section;
      const place = /^ *([0-9a-f]+):\t/.exec(line)?.[1];
      if (place !== undefined) places.add(`${section} ${String(Number.parseInt(place, 16))}`);
    }
    const image = await sampleImage(file);
    const own = (await all(image)).flatMap((part) =>
      part.instructions.map(({ offset }) => `${image.sections[part.section]?.name ?? ''} ${String(offset)}`),
    );
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((place) => !places.has(place))).toEqual([]);
  },
);

test('a place without bytes is a problem in words', async () => {
  const image = await sampleImage('mt_base.ko');
  await expect(disassemble(image, { section: 9999, offset: 0, size: 4 })).rejects.toThrow('there are no bytes');
  await expect(disassemble(image, { section: 3, offset: 1e9, size: 4 })).rejects.toThrow('there are no bytes');
});

/** `modtrail inspect`: text, JSON, exit codes. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { ImageRow } from '#contract/image.ts';
import { INSPECT_VERSION, type Inspection } from '#contract/inspect.ts';
import { CaptureBuilder, removeFolders, temporaryFolder } from '../core/builder.ts';
import { smallModule } from '../core/module/elf-builder.ts';
import { run } from './run.ts';

afterAll(removeFolders);

let folder: string;
let module: string;

beforeEach(() => {
  folder = temporaryFolder();
  module = join(folder, 'small.ko');
  writeFileSync(module, smallModule());
});

test('text for people', () => {
  const { status, stdout, stderr } = run('inspect', module);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('small.ko');
  expect(stdout).toContain('depth');
  expect(stdout).toContain('PCI vendor 8086, device 100e');
  expect(stdout).toMatch(/init +small_init, 8 bytes/);
});

test('one JSON object a file, with all relocations where they are asked for', () => {
  const lines = run('inspect', module, module, '--json', '--relocations').stdout.trim().split('\n');
  const [first, second] = lines.map((text) => JSON.parse(text) as Inspection);
  expect(first).toEqual(second);
  expect(first).toMatchObject({ version: INSPECT_VERSION, file: 'small.ko', identity: { name: 'small' } });
  expect(first?.relocations?.entries?.map(({ symbolName }) => symbolName)).toEqual(['init_module', 'text_of_depth']);
});

test('only some parts', () => {
  const known = JSON.parse(run('inspect', module, '--json', '--parts', 'imports').stdout) as Inspection;
  expect(known.imports?.entries[0]?.name).toBe('printk');
  expect(known.symbols).toBeUndefined();
});

test('an image of a capture', () => {
  const capture = new CaptureBuilder();
  const bytes = smallModule();
  capture.keptImage(capture.call({ returned: 0 }), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { status, stdout } = run('inspect', capture.finish(), '--image', sha256.slice(0, 12), '--json');
  expect(status).toBe(0);
  expect((JSON.parse(stdout) as Inspection).identity?.hashes.stored.sha256).toBe(sha256);
});

test('what is no module is said in one line each, and the others are still answered', () => {
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'hello\n');
  mkdirSync(join(folder, 'folder.ko'));
  writeFileSync(join(folder, 'empty.ko'), '');
  const names = ['notes.txt', 'folder.ko', 'empty.ko', 'none.ko'].map((name) => join(folder, name));
  const { status, stdout, stderr } = run('inspect', ...names, module, '--json');
  expect(status).toBe(2);
  expect(stderr.trim().split('\n')).toEqual([
    `modtrail: ${names[0] ?? ''} is no module: it does not begin as an ELF file does`,
    `modtrail: ${names[1] ?? ''} is a folder, not a module`,
    `modtrail: ${names[2] ?? ''} is empty`,
    `modtrail: there is no file ${names[3] ?? ''}`,
  ]);
  expect(stdout.trim().split('\n')).toHaveLength(1);
});

test('a part that does not exist', () => {
  const { status, stderr } = run('inspect', module, '--parts', 'soul');
  expect(status).toBe(2);
  expect(stderr).toContain("there is no part 'soul'");
});

test('the code of functions that are named', () => {
  const { status, stdout } = run('inspect', module, '--code', 'init', '--code', '.text+0x9');
  expect(status).toBe(0);
  expect(stdout).toContain('small_init  .text+0x0, 8 bytes');
  expect(stdout).toContain('small_work  .text+0x8, 8 bytes');
  const known = JSON.parse(run('inspect', module, '--code', 'small_init', '--json').stdout) as Inspection;
  expect(known).toMatchObject({
    ...{ version: INSPECT_VERSION, elf: { class: 64 } },
    code: [{ name: 'small_init', sectionName: '.text', offset: 0, range: { size: 8 } }],
  });
  expect(known.code?.[0]?.instructions.reduce((sum, { range }) => sum + range.size, 0)).toBe(8);
  expect(known.identity).toBeUndefined();
  const none = run('inspect', module, '--code', 'nothing');
  expect(none).toMatchObject({ status: 2, stdout: '' });
  expect(none.stderr.trim()).toBe("modtrail: no code for 'nothing': no function is called 'nothing'");
});

test('of an image of a capture, what the kernel made of it', () => {
  const capture = join(import.meta.dirname, '../../samples/sample.modtrail');
  const images = run('images', capture, '--json').stdout.trim().split('\n');
  const kept = images
    .map((text) => JSON.parse(text) as ImageRow)
    .find(({ complete, names }) => complete && names.includes('mt_params'));
  const answer = run('inspect', capture, '--image', kept?.sha256 ?? '', '--json').stdout;
  const { capture: told } = JSON.parse(answer) as Inspection;
  expect(told).toMatchObject({
    kernel: expect.stringMatching(/^6\.1\./) as string,
    vermagicFits: expect.any(Boolean) as boolean,
  });
  expect(told?.loads.map(({ callId }) => callId)).toEqual(kept?.callIds);
  const taken = told?.loads.find(({ verdict }) => verdict === 'unloaded' || verdict === 'live');
  expect(taken?.signatureOk).toBe(false);
  expect(taken?.taints).toContain('unsigned module');
  const text = run('inspect', capture, '--image', kept?.sha256 ?? '').stdout;
  expect(text).toContain('signature not verified (sig_ok is 0); taints:');
});

/**
 * Images of machines that are listed and not read in full: 32 bits, big-endian, relocations without addends. A compiler
 * makes them, and modinfo, readelf and nm say what is in them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openImage } from '#core/module/image.ts';
import { inspectModule } from '#core/module/inspect.ts';
import { readModuleFile } from '#core/module/read-file.ts';
import { compare } from '../../../scripts/corpus/compare.ts';

const folder = mkdtempSync(join(tmpdir(), 'modtrail-machines-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SOURCE = `
#define INFO(key, text) static const char key[] __attribute__((used, section(".modinfo"), aligned(1))) = text
INFO(a, "name=other"); INFO(b, "license=GPL"); INFO(c, "parmtype=level:int"); INFO(d, "parm=level:how loud");
extern int printk(const char *, ...);
static int level = 3;
static const void *const table[] = {&level, printk};
int other_probe(int count) { return count * level + printk("%p from a module", table[count & 1]); }
`;

const CLANG = ['clang', ...Array.from({ length: 8 }, (_, at) => `clang-${String(21 - at)}`)].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
const FLAGS = ['-fno-addrsig', '-ffreestanding', '-fno-pic', '-O1'];

const MACHINES = [
  ['i386', { class: 32, endian: 'little' }],
  ['powerpc', { class: 32, endian: 'big' }],
  ['s390x', { class: 64, endian: 'big' }],
  ['sparc64', { class: 64, endian: 'big' }],
  ['aarch64_be', { class: 64, endian: 'big' }],
] as const;

test.skipIf(CLANG === undefined || spawnSync('modinfo', ['--version']).error !== undefined)(
  'what readelf, nm and modinfo say of images for other machines is what is listed',
  async () => {
    const source = join(folder, 'other.c');
    writeFileSync(source, SOURCE);
    const paths: string[] = [];
    for (const [machine, expected] of MACHINES) {
      const path = join(folder, `${machine}.ko`);
      const args = [...FLAGS, '-c', source, '-o', path, `--target=${machine}-linux-gnu`];
      const made = spawnSync(CLANG ?? '', args, { encoding: 'utf8' });
      expect(made.stderr).toBe('');
      const answer = inspectModule(await openImage(readModuleFile(path)));
      expect(answer.elf).toMatchObject(expected);
      expect(answer.functions?.entries.map(({ name }) => name)).toEqual(['other_probe']);
      paths.push(path);
    }
    expect(await compare(paths)).toEqual([]);
  },
);

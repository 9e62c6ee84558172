import { describe, expect, test } from 'vitest';
import { openImage } from '#core/module/image.ts';
import { verdictFacts } from '#core/module/verdict.ts';
import { capabilityOf } from '#core/module/capability/lookup.ts';
import { capabilitiesOf } from '#core/module/capability/part.ts';
import { usesOfOwnEntry } from '#core/module/capability/own-entry.ts';
import type { ModuleImage } from '#core/module/image.ts';
import { GROUPS } from '#core/module/capability/table.ts';
import { buildElf, relocations, symbolTable, X86_64, type Kind } from '../elf-builder.ts';

const rows = GROUPS.flatMap(({ id, rows: list }) => list.map((row) => ({ id, ...row })));

describe('the table', () => {
  test('each row names a file of the kernel, and what it gives', () => {
    for (const { source, gives, names } of rows) {
      expect(source).toMatch(/^(include|arch|crypto|fs)\/[\w/.-]+\.[hcS]$/);
      expect(gives.length).toBeGreaterThan(3);
      expect(names).toMatch(/^\w+\*?( \w+\*?)*$/);
    }
  });

  test('what is telling is named whole: a beginning would take in what is not meant', () => {
    for (const { id, weight } of GROUPS) {
      if (weight === 'low') continue;
      expect(rows.filter((row) => row.id === id && row.names.includes('*'))).toEqual([]);
    }
  });

  test('some hundreds of telling names', () => {
    const telling = GROUPS.filter(({ weight }) => weight !== 'low').flatMap((group) => group.rows);
    expect(telling.flatMap(({ names }) => names.split(' ')).length).toBeGreaterThan(350);
  });
});

test.each([
  ['register_kprobe', 'hooking'],
  ['kallsyms_lookup_name', 'hooking'],
  ['ftrace_set_filter_ip', 'hooking'],
  ['commit_creds', 'privileges'],
  ['kobject_del', 'hiding'],
  ['call_usermodehelper', 'persistence'],
  ['register_keyboard_notifier', 'keyboard'],
  ['access_process_vm', 'memory'],
  ['filp_open', 'files'],
  ['nf_register_net_hook', 'network'],
  ['send_sig_info', 'processes'],
  ['crypto_alloc_skcipher', 'crypto'],
  ['usb_register_driver', 'driver'],
  ['kfree', 'runtime'],
])('%s: %s', (name, group) => {
  expect(capabilityOf(name)?.group.id).toBe(group);
});

test('the longest beginning counts; what is in no row stays unknown', () => {
  expect(capabilityOf('kobject_del')?.group.id).toBe('hiding');
  expect(capabilityOf('kobject_put')?.group.id).toBe('driver');
  const found = capabilitiesOf([{ name: 'mt_base_answer' }, { name: '' }, { name: 'kfree' }, { name: 'filp_open' }]);
  expect(found.unknown).toEqual(['mt_base_answer', '']);
  expect(found.groups.map(({ id }) => id)).toEqual(['files', 'runtime']);
});

describe('its own entry in the list of modules', () => {
  const ARM64: Kind = { wide: true, little: true, machine: 183 };

  /** An image whose code refers to the module's own structure, with a name at `name`. */
  const referring = (type: number, addend: number, kind = X86_64, name = 24): Promise<ModuleImage> => {
    const structure = Buffer.alloc(896);
    structure.write('small', name);
    const { table, names } = symbolTable(kind, [{ name: '__this_module', section: 2, size: 896, info: 0x11 }]);
    const sections = [
      { name: '.text', flags: 6, bytes: Buffer.alloc(16) },
      { name: '.gnu.linkonce.this_module', flags: 3, bytes: structure },
      {
        name: '.rela.text',
        type: 4,
        link: 4,
        info: 1,
        bytes: relocations(kind, [{ offset: 4, type, symbol: 1, addend }]),
      },
      { name: '.symtab', type: 2, link: 5, info: 1, bytes: table },
      { name: '.strtab', type: 3, bytes: names },
    ];
    return openImage(buildElf(sections, kind));
  };

  test.each([
    ['next, by its address', 11, 8],
    ['next, from the instruction on', 2, 4],
    ['next, with four bytes behind it', 2, 0],
    ['previous, from the instruction on', 2, 12],
  ])('%s', async (_, type, addend) => {
    const image = await referring(type, addend);
    const at = image.section('.text')?.range?.offset ?? NaN;
    expect(usesOfOwnEntry(image)).toEqual([{ section: 1, offset: 4, range: { offset: at + 4, size: 4 } }]);
  });

  test.each([
    ['the structure as a whole', 11, 0],
    ['its state', 2, -4],
    ['its state, with four bytes behind it', 2, -8],
    ['its name', 11, 24],
    ['its name, from the instruction on', 2, 20],
    ['a type that is no address', 99, 8],
  ])('is not %s', async (_, type, addend) => {
    expect(usesOfOwnEntry(await referring(type, addend))).toEqual([]);
  });

  test('of arm64 by its own relocations', async () => {
    expect(usesOfOwnEntry(await referring(277, 8, ARM64))).toHaveLength(1);
    expect(usesOfOwnEntry(await referring(11, 8, ARM64))).toEqual([]);
  });

  test('is not told where the structure has another order', async () => {
    expect(usesOfOwnEntry(await referring(11, 8, X86_64, 100))).toEqual([]);
  });

  test('is a fact of the verdict that leads to the bytes', () => {
    const use = { section: 1, offset: 4, range: { offset: 68, size: 4 } };
    const facts = verdictFacts({ capabilities: { groups: [], unknown: [], ownEntry: [use], problems: [] } });
    expect(facts).toMatchObject([
      { id: 'own-entry', tone: 'warning', evidence: [{ part: 'relocations', range: use.range }] },
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { capabilityOf } from '#core/module/capability/lookup.ts';
import { capabilitiesOf } from '#core/module/capability/part.ts';
import { GROUPS } from '#core/module/capability/table.ts';

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

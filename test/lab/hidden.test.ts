/**
 * Modules that hide, on every line of kernels: found by the recorder that saw them load, and by one that started later.
 * One takes itself off the kernel's list, the other one out of sysfs as well.
 */
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import type { CaptureInfo } from '#contract/capture-info.ts';
import { attemptsOf, infoOf } from '../native/modtrail.ts';
import { inGuest, type Outcome } from './guest.ts';
import { linesOf } from './lines.ts';

const HIDERS = {
  mt_hide_list: { in: ['kernel_kset', 'kernel_tree', 'sysfs'], not: ['kernel_list', 'proc_modules'] },
  mt_hide_sysfs: { in: ['kernel_tree'], not: ['kernel_kset', 'kernel_list', 'proc_modules', 'sysfs'] },
};

describe.each(linesOf('6.1', '7.3'))('$line', ({ line }) => {
  let outcome: Outcome;
  const infos: Record<string, CaptureInfo> = {};
  let attempts: Attempt[] = [];

  beforeAll(async () => {
    outcome = await inGuest(line, 'hidden.sh', '--scan-interval 2');
    infos['before'] = infoOf(outcome.capture);
    infos['after'] = infoOf(join(outcome.out, 'after.modtrail'));
    attempts = attemptsOf(outcome.capture);
  });

  afterAll(() => {
    rmSync(dirname(outcome.out), { recursive: true, force: true });
  });

  test('they do hide', () => {
    const [listed, folders] = [
      readFileSync(join(outcome.out, 'modules.txt'), 'utf8'),
      readFileSync(join(outcome.out, 'sysfs.txt'), 'utf8'),
    ];
    expect(listed).not.toContain('mt_hide');
    expect(folders).toContain('mt_hide_list');
    expect(folders).not.toContain('mt_hide_sysfs');
  });

  test.each(['before', 'after'])('every structure of the kernel is walked by the recorder that started %s', (when) => {
    const walks = infos[when]?.hooks.filter(({ mechanism }) => mechanism === 'test-run') ?? [];
    expect(walks.map(({ target, state }) => `${target} ${state}`)).toEqual([
      'modules attached',
      'module_kset attached',
      'mod_tree attached',
    ]);
  });

  test.each(['before', 'after'])('both are found, and nobody else, by the recorder that started %s', (when) => {
    const found = infos[when]?.hiddenModules ?? [];
    expect(found.map(({ name }) => name).sort()).toEqual(Object.keys(HIDERS));
    for (const hidden of found) {
      const wanted = HIDERS[hidden.name as keyof typeof HIDERS];
      expect(hidden.seenIn).toEqual(expect.arrayContaining(wanted.in));
      expect(hidden.missingFrom).toEqual(expect.arrayContaining(wanted.not));
      expect(hidden.address).toMatch(/^0xffff[0-9a-f]{12}$/);
      expect(hidden.seenIn.includes('recording')).toBe(when === 'before');
    }
  });

  test('their loads are live, and contradict themselves', () => {
    const loads = attempts.filter(({ module }) => module?.name.startsWith('mt_hide'));
    expect(loads.map(({ verdict, contradictions }) => [verdict, contradictions.map(({ code }) => code)])).toEqual([
      ['live', ['live-but-unlisted']],
      ['live', ['live-but-unlisted']],
    ]);
    for (const { callId, contradictions } of loads) {
      const hidden = infos['before']?.hiddenModules.find((one) => one.callId === callId);
      expect(contradictions[0]?.text).toBe(hidden?.text);
    }
  });
});

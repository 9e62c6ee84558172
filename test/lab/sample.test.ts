/** The sample tells what it is there to tell: every kind of attempt, each with the verdict of a kernel developer. */
import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import { attemptsOf, eventsOf, infoOf } from '../native/modtrail.ts';
import { SAMPLE } from '../../scripts/places.ts';

const attempts = attemptsOf(SAMPLE);

function one(find: (attempt: Attempt) => boolean): Attempt | undefined {
  return attempts.find(find);
}

test('finished, small, nothing lost, no process of the machine that made it', () => {
  expect(statSync(SAMPLE).size).toBeLessThan(8_000_000);
  expect(infoOf(SAMPLE)).toMatchObject({ completeness: 'finished', losses: { lost: 0 }, host: 'lab-6-1' });
});

test('loads are refused for many reasons, before any code ran', () => {
  const refused = attempts.filter((attempt) => attempt.verdict === 'rejected');
  const told = new Set(refused.map((attempt) => `${attempt.module?.name ?? ''} ${attempt.errno ?? ''}`));
  expect([...told]).toEqual(
    expect.arrayContaining([
      'mt_params EPERM',
      'mt_badmagic ENOEXEC',
      'noise ENOEXEC',
      'mt_params EEXIST',
      'mt_user ENOENT',
      'mt_slow EINVAL',
      'mt_slow ETXTBSY',
    ]),
  );
  expect(
    refused.every((attempt) => attempt.stages.every((stage) => stage.stage !== 'live' || stage.state !== 'done')),
  ).toBe(true);
});

test('an init that failed did run, from a file and from a memfd', () => {
  const failed = attempts.filter((attempt) => attempt.verdict === 'init-failed');
  expect(failed.map((attempt) => [attempt.module?.name, attempt.errno])).toEqual([
    ['mt_initfail', 'ENODEV'],
    ['mt_initfail', 'ECANCELED'],
  ]);
  expect(failed[1]?.file).toMatchObject({ path: '/memfd:systemd journal', deleted: true });
});

test('from memory, from a deleted file, with a text that changed, and still in its init at the end', () => {
  expect(one((attempt) => attempt.kind === 'init_module')).toMatchObject({
    verdict: 'live',
    module: { name: 'mt_base' },
  });
  expect(one((attempt) => attempt.file?.path === '/tmp/.cache/mt_params.ko')?.file?.deleted).toBe(true);
  expect(one((attempt) => attempt.file?.path === '/tmp/.cache/mt_slow.ko')?.contradictions[0]?.code).toBe(
    'parameters-changed',
  );
  expect(attempts.at(-1)).toMatchObject({ verdict: 'no-return', module: { name: 'mt_slow' } });
});

test('dependencies come first, and a load that the kernel asked for names who made it ask', () => {
  const order = attempts.map((attempt) => attempt.module?.name);
  expect(order.indexOf('jbd2')).toBeLessThan(order.indexOf('ext4'));
  const bridge = one((attempt) => attempt.module?.name === 'bridge');
  expect(bridge?.stages[0]).toMatchObject({ stage: 'requested', state: 'done' });
  expect(eventsOf(SAMPLE).some((event) => event.request?.name === 'fs-nosuchfs')).toBe(true);
});

test('unloads that work and unloads that do not', () => {
  const unloads = attempts.filter((attempt) => attempt.operation === 'unload');
  const refused = unloads.filter((attempt) => attempt.verdict === 'refused');
  expect(new Set(refused.map((attempt) => attempt.errno))).toEqual(new Set(['EPERM', 'EBUSY', 'EAGAIN', 'ENOENT']));
  expect(unloads.filter((attempt) => attempt.verdict === 'removed').length).toBeGreaterThan(5);
});

test('whoever became root is still known by the login', () => {
  const work = one((attempt) => attempt.process?.uid === 0 && attempt.process.auid === 1000);
  expect(work?.process?.ancestors.map((ancestor) => ancestor.comm)).toEqual(['work', 'try', 'login', 'sh', 'init']);
});

/** The reference in the terminal: all that the page on finit_module promises, and the kernel's truth where they differ. */
import { expect, test } from 'vitest';
import type { Reference, ReferenceEvent } from '#contract/reference.ts';
import { run } from './run.ts';

const json = <T>(...args: string[]) => JSON.parse(run('reference', ...args, '--json').stdout) as T;

test('finit_module: arguments with types and tags', () => {
  const page = json<ReferenceEvent>('finit_module');
  expect(page.title).toBe('finit_module: load a kernel module from a file descriptor');
  expect(page.arguments.map(({ name, type, origin }) => [name, type, origin])).toEqual([
    ['fd', 'int', 'K'],
    ['param_values', 'const char *', 'U'],
    ['flags', 'int', 'K'],
  ]);
  for (const part of [page.intro, page.useCase, page.issues, ...page.description]) expect(part).toMatch(/\w{3}.*\.$/);
  expect(page.related).toEqual(expect.arrayContaining(['init_module', 'delete_module']));
  expect(page.hooks.map(({ name }) => name).join()).toContain('sys_enter');
});

test('finit_module: the flags are the kernel’s, and the difference is told', () => {
  const flags = json<ReferenceEvent>('finit_module').arguments.find(({ name }) => name === 'flags');
  expect(flags?.flags?.map(({ name, value }) => [name, value])).toEqual([
    ['MODULE_INIT_IGNORE_MODVERSIONS', 1],
    ['MODULE_INIT_IGNORE_VERMAGIC', 2],
    ['MODULE_INIT_COMPRESSED_FILE', 4],
  ]);
  for (const wrong of ['O_TRACE', 'O_DEBUG', 'O_ASYNC', 'O_EXCL']) expect(flags?.difference).toContain(wrong);
});

test('every related event and every tag is explained', () => {
  const reference = json<Reference>();
  const names = reference.events.map(({ name }) => name);
  for (const { related } of reference.events) for (const name of related) expect(names).toContain(name);
  expect(reference.tags.map(({ tag }) => tag)).toEqual(['K', 'U', 'TOCTOU', 'OPT']);
});

test('errors of each call: no name twice, each with its number', () => {
  for (const { name, errnos } of json<Reference>().events) {
    const names = errnos.map((errno) => errno.name);
    expect(new Set(names).size, name).toBe(names.length);
    for (const errno of errnos) expect(errno.number).toBeGreaterThan(0);
  }
});

test('the same as text', () => {
  const { stdout, status } = run('reference', 'finit_module');
  expect(status).toBe(0);
  for (const words of [
    'param_values: const char * [U, TOCTOU]',
    '0x4 MODULE_INIT_COMPRESSED_FILE',
    'O_TRACE',
    'EPERM (1)',
    'Related: init_module',
  ]) {
    expect(stdout).toContain(words);
  }
  const all = run('reference').stdout;
  for (const { name } of json<Reference>().events) expect(all).toContain(name);
});

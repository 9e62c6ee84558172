/** Code, comparison and types of open images, on the real modules that the sample holds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FunctionRow, SymbolRow } from '#contract/module-rows.ts';
import type { Comparison, DifferenceRow } from '#contract/module-compare.ts';
import type { Result } from '#contract/result.ts';
import { createModuleStore } from '../../../core/store/modules.ts';
import { appended, signer } from '../module/signature/signed.ts';
import { sampleBytes } from '../module/sample-modules.ts';

const store = createModuleStore();
const folder = mkdtempSync(join(tmpdir(), 'modtrail-code-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

async function open(name: string, bytes: Uint8Array = sampleBytes(name)): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return valueOf(await store.openModule(path)).handle;
}

let params: string;
let base: string;
beforeAll(async () => {
  params = await open('mt_params.ko');
  base = await open('mt_base.ko');
});

const functions = (handle: string, only = ''): readonly FunctionRow[] =>
  valueOf(
    store.moduleRows(handle, 'functions', {
      ...{ sort: 'offset', descending: false, start: 0, limit: 1000 },
      ...(only === '' ? {} : { only }),
    }),
  ).rows as FunctionRow[];

describe('code', () => {
  test('every function is shown from any byte of it, in pages that fit together', async () => {
    for (const { id, name, offset = -1, size = 0 } of functions(params)) {
      const whole = valueOf(await store.moduleCode(params, { at: offset + size - 1, start: 0, limit: 1000 }));
      expect(whole).toMatchObject({ name, row: id, range: { offset, size }, index: whole.total - 1 });
      const pages = [];
      for (let start = 0; start < whole.total; start += 7) {
        pages.push(...valueOf(await store.moduleCode(params, { at: offset, start, limit: 7 })).instructions);
      }
      expect(pages).toEqual(whole.instructions);
      expect(pages.reduce((sum, { range }) => sum + range.size, 0)).toBe(size);
    }
  });

  test('is given as text with names in its operands, and looked through', async () => {
    const [init] = functions(params, 'init');
    const at = init?.offset ?? -1;
    const text = valueOf(await store.codeText(params, at));
    expect(text.split('\n')[0]).toMatch(new RegExp(`^${init?.name ?? ''}  \\.init\\.text\\+0x0, \\d+ bytes$`));
    expect(text).toContain('call _printk');
    const found = valueOf(await store.findInCode(params, at, 'CALL _PRINTK'));
    const { instructions } = valueOf(await store.moduleCode(params, { at, start: 0, limit: 1000 }));
    expect(found.total).toBe(instructions.filter(({ operands }) => operands === '_printk').length);
    for (const hit of found.hits) expect(instructions[hit.index]?.range.offset).toBe(hit.at);
    expect(valueOf(await store.findInCode(params, at, 'nothing like it'))).toEqual({ hits: [], total: 0 });
  });

  test('is not made up where there is none', async () => {
    const answer = await store.moduleCode(params, { at: 0, start: 0, limit: 1 });
    expect(answer).toMatchObject({ ok: false, error: { code: 'no-such-row', message: 'there is no code' } });
  });

  test('what leads to a symbol is found over all of it', async () => {
    const found = valueOf(store.findInModule(params, '_printk'));
    const references = found.things.filter(({ tab }) => tab === 'code');
    expect(references.length).toBe(Math.min(found.totals.code ?? 0, 12));
    expect(references.length).toBeGreaterThan(0);
    for (const { row, words } of references) {
      expect(words).toMatch(/ to _printk$/);
      const code = valueOf(await store.moduleCode(params, { at: Number(row), start: 0, limit: 1000 }));
      expect(code.instructions[code.index]?.operands).toBe('_printk');
    }
  });
});

/** Steps until the comparison is there. */
async function compared(here: string, there: string): Promise<Comparison> {
  for (let restart = true; ; restart = false) {
    const step = valueOf(await store.compareStep(here, there, restart));
    if ('comparison' in step) return step.comparison;
    expect(step.done).toBeGreaterThanOrEqual(0);
    expect(step.done).toBeLessThan(1);
  }
}

const differences = (here: string, there: string, request = {}): readonly DifferenceRow[] =>
  valueOf(store.differences(here, there, { sort: 'group', descending: false, start: 0, limit: 1000, ...request })).rows;

describe('a comparison', () => {
  test('of an image with itself finds nothing', async () => {
    const same = await compared(params, params);
    expect(same).toMatchObject({ identical: true, differentBytes: 0 });
    expect(differences(params, params)).toEqual([]);
  });

  test('of two modules tells each difference once, with bytes in the image that has it', async () => {
    const told = await compared(params, base);
    const rows = differences(params, base);
    expect(rows.length).toBe(Object.values(told.counts).reduce((sum, one) => sum + one, 0));
    expect(
      new Set(rows.map(({ group, side, name, here, there }) => [group, side, name, here, there].join())).size,
    ).toBe(rows.length);
    expect(rows.find(({ group, name }) => group === 'modinfo' && name === 'name')).toMatchObject({
      ...{ side: 'both', here: 'mt_params', there: 'mt_base' },
    });
    expect(rows.filter(({ group }) => group === 'parameters').map(({ name }) => name)).toContain('loud');
    for (const { side, hereRange, thereRange, group, name } of rows) {
      const missing = (side !== 'there' && !hereRange) || (side !== 'here' && !thereRange);
      // Sections without bytes have none to show.
      if (group !== 'sections' && group !== 'signature') expect([name, missing]).toEqual([name, false]);
      if (side === 'here') expect(thereRange).toBeUndefined();
      if (side === 'there') expect(hereRange).toBeUndefined();
    }
    const only = differences(params, base, { only: 'imports' });
    expect(only.every(({ group }) => group === 'imports')).toBe(true);
    expect(differences(params, base, { filter: 'LOUD' }).length).toBeGreaterThan(0);
    const names = differences(params, base, { sort: 'name', descending: true }).map(({ name }) => name);
    expect(names).toEqual(names.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
  });

  test('a function that was changed is told with the place', async () => {
    const bytes = Buffer.from(sampleBytes('mt_params.ko'));
    const [init] = functions(params, 'init');
    const { instructions } = valueOf(await store.moduleCode(params, { at: init?.offset ?? 0, start: 0, limit: 1000 }));
    const plain = instructions.find(({ targets }) => targets.length === 0);
    const { offset, size } = plain?.range ?? { offset: -1, size: 0 };
    bytes.fill(0x90, offset, offset + size);
    const changed = await open('changed.ko', bytes);
    await compared(params, changed);
    const [row, ...others] = differences(params, changed, { only: 'functions' });
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      name: init?.name,
      side: 'both',
      hereRange: { offset },
      thereRange: { offset, size: 1 },
    });
  });

  test('that is over is not answered from', async () => {
    await compared(params, base);
    store.closeModule(await open('other.ko', sampleBytes('mt_base.ko')));
    expect(differences(params, base).length).toBeGreaterThan(0);
    expect(store.differences(base, params, { sort: 'group', descending: false, start: 0, limit: 1 })).toMatchObject({
      ...{ ok: false, error: { code: 'no-such-row' } },
    });
    expect(await store.compareStep(params, 'none', true)).toMatchObject({ ok: false });
  });
});

test('who may use an export stands beside it', () => {
  const request = { sort: 'index', descending: false, start: 0, limit: 1000, only: 'export' } as const;
  const rows = valueOf(store.moduleRows(base, 'symbols', request)).rows as SymbolRow[];
  expect(rows.length).toBeGreaterThan(0);
  for (const { gives } of rows) expect(gives).toMatch(/^to (GPL|all) modules/);
});

describe('certificates', () => {
  test('count for images that are open, and for those that are opened later', async () => {
    const made = signer(['-newkey', 'rsa:2048']);
    try {
      const content = sampleBytes('mt_slow.ko');
      const signed = await open('signed.ko', appended(content, made.sign(content)));
      const broken = Buffer.from(appended(content, made.sign(content)));
      broken[70] = (broken[70] ?? 0) ^ 1;
      const stateOf = (handle: string): string =>
        (JSON.parse(valueOf(store.modulePart(handle, 'signature'))) as { state: string }).state;
      expect(stateOf(signed)).toBe('signed');
      const found = valueOf(await store.readCertificates(made.certificate));
      expect(found).toMatchObject([{ from: made.certificate }]);
      valueOf(store.useCertificates(found));
      expect(stateOf(signed)).toBe('verified');
      expect(stateOf(await open('broken.ko', broken))).toBe('broken');
      const verdict = JSON.parse(valueOf(store.modulePart(signed, 'verdict'))) as { facts: { text: string }[] };
      expect(verdict.facts.map(({ text }) => text).join()).toMatch(/verified/i);
      valueOf(store.useCertificates([{ der: Buffer.from('none').toString('base64'), from: 'x' }]));
      expect(stateOf(signed)).toBe('signed');
    } finally {
      made.remove();
    }
  });

  test('a file without any is told', async () => {
    const path = join(folder, 'none.pem');
    writeFileSync(path, 'nothing');
    expect(await store.readCertificates(path)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  });
});

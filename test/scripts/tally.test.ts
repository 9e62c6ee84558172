import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../../scripts/parallel.ts';
import { NODE, ROOT } from '../../scripts/places.ts';
import { line, sum, type Tally } from '../../scripts/tally.ts';

/** Runs vitest on one file in a folder of its own and returns what the reporter counted. */
async function tallyOf(source: string): Promise<Tally> {
  const folder = mkdtempSync(join(ROOT, '.tally-test-'));
  try {
    writeFileSync(join(folder, 'x.test.ts'), source);
    writeFileSync(join(folder, 'vitest.config.ts'), 'export default {};');
    const file = join(folder, 'tally.json');
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const words = [NODE, vitest, 'run', '--root', folder, `--reporter=${join(ROOT, 'scripts/tally.ts')}`];
    await runCommand(words, 60_000, false, { MODTRAIL_TALLY: file });
    return JSON.parse(readFileSync(file, 'utf8')) as Tally;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('passed, failed and skipped tests are counted, with the reason of a skip', async () => {
  const tally = await tallyOf(`
    import { expect, test } from 'vitest';
    test('right', () => { expect(1).toBe(1); });
    test('wrong', () => { expect(1).toBe(2); });
    test('not here', (context) => { context.skip('no kernel'); });
  `);
  expect(tally).toEqual({
    passed: 1,
    failed: 1,
    skipped: [{ test: 'not here', reason: 'no kernel' }],
    slowest: [{ file: 'x', seconds: expect.any(Number) as number }],
  });
});

test('a file that breaks before its tests is a failure', async () => {
  expect((await tallyOf("throw new Error('broken');")).failed).toBe(1);
});

test('an error outside of any test is a failure', async () => {
  const tally = await tallyOf(`
    import { test } from 'vitest';
    test('right', async () => {
      setTimeout(() => { throw new Error('stray'); }, 0);
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
  `);
  expect(tally.failed).toBe(1);
});

test('the last line adds up', () => {
  const skipped = [{ test: 'x', reason: '' }];
  expect(
    line(
      sum([
        { passed: 2, failed: 0, skipped },
        { passed: 3, failed: 1, skipped: [] },
      ]),
    ),
  ).toBe('5 passed, 1 failed, 1 skipped');
});

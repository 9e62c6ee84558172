/**
 * Modules that were changed at random: always an answer, soon. MODTRAIL_FUZZ_RUNS=N for more;
 * `node scripts/fuzz-module.ts` does the same with any modules.
 */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { damage, Seed } from '../../../scripts/corpus/mutate.ts';
import { plainImage, tryImage, tryStored } from '../../../scripts/corpus/try-image.ts';
import { smallModule } from './elf-builder.ts';
import { sampleBytes } from './sample-modules.ts';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const wanted = process.env['MODTRAIL_FUZZ_RUNS'];
/** The suite's share of time; on a slow machine fewer runs fit. */
const MOST_TIME = wanted === undefined ? 10 * SECOND : DAY;

test('modules that were changed where their structure is', { timeout: DAY }, async () => {
  const small = smallModule({ wide: false, little: false, machine: 20 });
  const seeds = [smallModule(), small, sampleBytes('mt_params.ko')].map((bytes) => new Seed(bytes));
  const start = performance.now();
  let run = 0;
  for (; run < Number(wanted ?? 30_000) && performance.now() - start < MOST_TIME; run++) {
    const seed = seeds[run % seeds.length];
    if (!seed) break;
    const original = plainImage(seed.bytes);
    const { complaint } = await tryImage(seed.change(run), { code: run % 8 < 2, diff: run % 8 === 2, original });
    expect(complaint, `seed ${String(run)}`).toBeUndefined();
  }
  expect(run).toBeGreaterThan(500);
});

test.each(['cat', 'gzip', 'xz', 'zstd'])('a real module that %s wrote, cut and with bits flipped', async (tool) => {
  const bytes = sampleBytes('mt_params.ko');
  const stored = execFileSync(tool, tool === 'cat' ? [] : ['-c'], { input: bytes });
  const original = plainImage(bytes);
  for (let run = 0; run < 50; run++) {
    const { complaint } = await tryStored(damage(stored, run), { code: true, diff: true, rows: true, original });
    expect(complaint, `seed ${String(run)}`).toBeUndefined();
  }
});

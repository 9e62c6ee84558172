/** Builds the recorder from native/ and bpf/ when their sources changed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages } from './apt.ts';
import { COLLECTOR, ROOT } from './places.ts';
import { say, SetupError } from './say.ts';
import { hashOf, once } from './stamp.ts';

/**
 * Makes sure that dist/collector/modtrail-collector fits its sources.
 * @throws SetupError with the compiler's words when it cannot be built here.
 */
export async function ensureCollector(): Promise<void> {
  if (!existsSync(join(ROOT, 'native/Makefile'))) throw new SetupError('native/Makefile is not in this checkout');
  await once('collector', hashOf(['native', 'bpf', 'contract/schema.sql']), COLLECTOR, () => {
    ensurePackages(['collector']);
    say('building the recorder');
    const result = spawnSync('make', ['-C', join(ROOT, 'native')], { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (result.status !== 0) {
      const told = (result.stderr || (result.error?.message ?? '')).trim().split('\n').slice(0, 12).join('\n');
      throw new SetupError(`the recorder could not be built:\n${told}`);
    }
    return Promise.resolve();
  });
}

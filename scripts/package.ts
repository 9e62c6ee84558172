/**
 * Entry of `npm run package`: the app as a folder, out/linux-unpacked, and as a Debian package, made without a network.
 * `npm run package -- --all` makes the other packages too, for which electron-builder downloads its tools.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build, type Configuration, Platform } from 'electron-builder';
import { makeDeb } from './deb.ts';
import { COLLECTOR, NODE, ROOT, SAMPLE } from './places.ts';
import { prepare, prepareWhatWorks } from './prepare.ts';
import { ensureRuntime, type Runtime } from './runtime.ts';
import { runEntry, say, SetupError } from './say.ts';

/** The first Node-API version that the database module runs on. */
const DATABASE_NAPI = 10;

/** @param fast - the Debian package is not compressed; for tests. */
async function makePackage(all: boolean, fast: boolean): Promise<number> {
  await prepareWhatWorks(['view']);
  await prepare(['app', 'collector']);
  const runtime = await ensureRuntime();
  say(`packing with Electron ${runtime.version}`);
  await build({
    projectDir: ROOT,
    publish: 'never',
    targets: Platform.LINUX.createTarget(all ? ['dir', 'rpm', 'AppImage', 'tar.gz'] : ['dir']),
    config: { extends: join(ROOT, 'electron-builder.yml'), ...withRuntime(runtime) },
  });
  const app = join(ROOT, 'out/linux-unpacked');
  say(`the app is in ${relative(process.cwd(), app)}; start it with its file modtrail`);
  if (spawnSync('dpkg-deb', ['--version']).status === 0) {
    say(`its Debian package is ${relative(process.cwd(), await makeDeb(app, fast ? 'none' : 'xz'))}`);
  } else {
    say('no Debian package is made: dpkg-deb is not installed');
  }
  return 0;
}

/** What depends on the machine that packs: the runtime, and the files beside the app. */
function withRuntime(runtime: Runtime): Configuration {
  if (!existsSync(SAMPLE)) throw new SetupError('samples/sample.modtrail is missing; record it with: npm run sample');
  const beside = [
    { from: COLLECTOR, to: 'collector/modtrail-collector' },
    { from: SAMPLE, to: 'samples/sample.modtrail' },
    { from: join(ROOT, 'scripts/installed/modtrail'), to: 'bin/modtrail' },
    ...(runtime.napi < DATABASE_NAPI ? [{ from: join(NODE, '../../node/bin/node'), to: 'node/node' }] : []),
  ];
  return {
    electronVersion: runtime.version,
    electronDist: runtime.dir,
    extraResources: beside,
    // The development runtime opens any folder as an app; a package opens only its own.
    afterPack: ({ appOutDir }) => rm(join(appOutDir, 'resources/default_app.asar'), { force: true }),
  };
}

await runEntry(() => makePackage(process.argv.includes('--all'), process.argv.includes('--fast')));

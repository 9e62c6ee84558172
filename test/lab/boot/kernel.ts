/** A Debian kernel, ready to boot: its image, all its modules as an archive, and test modules built for it. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packFolder } from './archive.ts';
import { kept } from './cache.ts';
import { headers } from './headers.ts';
import { dependencies, findImage, unpack } from './packages.ts';
import { LabError, run } from './run.ts';

const MODULE_SOURCES = join(import.meta.dirname, '../modules');

export interface Kernel {
  /** "6.1" */
  readonly line: string;
  /** `uname -r` */
  readonly release: string;
  readonly image: string;
  /** /lib/modules as an uncompressed initramfs part. */
  readonly modulesArchive: string;
  /** Folder with the project's own test modules. */
  readonly testModules: string;
}

/**
 * @param cache folder that outlives runs
 * @param say takes progress, one sentence each
 */
export function prepareKernel(line: string, cache: string, say: (text: string) => void): Kernel {
  const { name, source } = findImage(line, cache);
  const release = name.replace(/^linux-image-/, '');

  const base = kept(join(cache, release), (folder) => {
    say(`fetching ${name}`);
    const root = join(folder, 'root');
    const parts = dependencies(name, source).filter((part) => /^linux-(image|binary|modules)-\d/.test(part));
    unpack([name, ...parts], source, join(folder, 'packages'), root);
    rmSync(join(folder, 'packages'), { recursive: true });
    say('packing its modules');
    const modules = readdirSync(root).includes('lib') ? join(root, 'lib/modules') : join(root, 'usr/lib/modules');
    const tree = join(folder, 'tree');
    mkdirSync(join(tree, 'lib'), { recursive: true });
    renameSync(modules, join(tree, 'lib/modules'));
    run('depmod', ['-b', tree, release]);
    // Later packages keep the image among the modules; the guest needs it in neither place.
    const images = [join(tree, 'lib/modules', release, 'vmlinuz'), join(root, `boot/vmlinuz-${release}`)];
    const image = images.find((path) => existsSync(path));
    if (!image) throw new LabError(`${name} has no kernel image where one is known to lie`);
    renameSync(image, join(folder, 'vmlinuz'));
    packFolder(tree, join(folder, 'modules.cpio'));
    rmSync(root, { recursive: true });
  });

  return {
    line,
    release,
    image: join(base, 'vmlinuz'),
    modulesArchive: join(base, 'modules.cpio'),
    testModules: testModules(name.replace('-image-', '-headers-'), release, source, cache, say),
  };
}

/** A copy with the same length in which one text is another. */
function patched(image: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new LabError(`'${from}' cannot become '${to}' in place`);
  if (!image.includes(from)) throw new LabError(`'${from}' is not in the module that was built`);
  return Buffer.from(image.toString('latin1').replaceAll(from, to), 'latin1');
}

/** An empty folder where they cannot be built: a kernel newer than this machine needs tools that do not run here. */
function testModules(
  name: string,
  release: string,
  source: readonly string[],
  cache: string,
  say: (text: string) => void,
): string {
  try {
    return buildTestModules(name, release, source, cache, say);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    say(`/with/modules stays empty, the test modules cannot be built for ${release} here: ${error.message}`);
    return kept(join(cache, 'no-test-modules'), () => undefined);
  }
}

function buildTestModules(
  name: string,
  release: string,
  source: readonly string[],
  cache: string,
  say: (text: string) => void,
): string {
  const sources = readdirSync(MODULE_SOURCES).sort();
  const hash = createHash('sha256');
  for (const file of sources) hash.update(file).update(readFileSync(join(MODULE_SOURCES, file)));
  hash.update(readFileSync(import.meta.filename)); // it makes the altered copies
  return kept(join(cache, `${release}-test-modules-${hash.digest('hex').slice(0, 12)}`), (folder) => {
    const tree = headers(name, release, source, cache, say);
    const work = join(folder, 'work');
    say(`building test modules for ${release}`);
    cpSync(MODULE_SOURCES, work, { recursive: true });
    // No BTF of the modules' own: that would need the kernel's full image and pahole. This machine's compiler, which
    // need not be the one that the kernel was built with, and whose options need not be all of that one's.
    const without = ['CONFIG_DEBUG_INFO_BTF_MODULES=', 'CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT='];
    run('make', ['-C', tree, `M=${work}`, 'CC=gcc', ...without, 'modules']);
    for (const file of readdirSync(work).filter((entry) => entry.endsWith('.ko'))) {
      run('strip', ['--strip-debug', join(work, file)]); // as distributions do
      renameSync(join(work, file), join(folder, file));
    }
    rmSync(work, { recursive: true });
    const user = readFileSync(join(folder, 'mt_user.ko'));
    const params = readFileSync(join(folder, 'mt_params.ko'));
    writeFileSync(join(folder, 'mt_unknown.ko'), patched(user, 'mt_base_answer', 'mt_gone_answer'));
    // With symbol versions the kernel compares only what follows the release (same_magic in kernel/module/version.c).
    writeFileSync(
      join(folder, 'mt_badmagic.ko'),
      patched(params, `vermagic=${release} SMP`, `vermagic=0${release.slice(1)} UP `),
    );
  });
}

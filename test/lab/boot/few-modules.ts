/** A few of a kernel's modules instead of all: a guest unpacks them in a moment, 400 MB of them in several seconds. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { packFolder } from './archive.ts';
import { kept } from './cache.ts';
import type { Kernel } from './kernel.ts';
import { run } from './run.ts';

/** What modprobe calls a module file. */
const nameOf = (path: string): string =>
  basename(path)
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_');

/** Module paths with those of all that they need, as depmod found them: paths are below the folder of the release. */
function dependenciesIn(folder: string): Map<string, readonly string[]> {
  const lines = readFileSync(join(folder, 'modules.dep'), 'utf8').split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [path = '', needs = ''] = line.split(':');
      return [path, needs.split(' ').filter(Boolean)];
    }),
  );
}

/**
 * The same kernel with an archive of the named modules, what those need, and its largest one.
 * @param names as modprobe takes them; what is built into the kernel has no file and is left out
 * @param cache folder that outlives runs
 */
export function withFewModules(kernel: Kernel, names: readonly string[], cache: string): Kernel {
  const tree = join(dirname(kernel.image), 'tree');
  const own = readFileSync(import.meta.filename);
  const hash = createHash('sha256').update(own).update(names.join(' ')).digest('hex').slice(0, 12);
  const few = kept(join(cache, `${kernel.release}-few-modules-${hash}`), (folder) => {
    const inTree = join('lib/modules', kernel.release);
    const from = join(tree, inTree);
    const to = join(folder, 'tree', inTree);
    const all = dependenciesIn(from);
    const largest = [...all.keys()].sort((a, b) => statSync(join(from, b)).size - statSync(join(from, a)).size)[0];
    const wanted = [...all].filter(([path]) => path === largest || names.includes(nameOf(path)));
    mkdirSync(to, { recursive: true });
    // What depmod reads: which modules are built in, and the order of loading.
    for (const file of readdirSync(from).filter((name) => /^modules\.(builtin|order)/.test(name))) {
      copyFileSync(join(from, file), join(to, file));
    }
    for (const path of new Set(wanted.flatMap(([path, needs]) => (path === largest ? [path] : [path, ...needs])))) {
      mkdirSync(dirname(join(to, path)), { recursive: true });
      copyFileSync(join(from, path), join(to, path));
    }
    run('depmod', ['-b', join(folder, 'tree'), kernel.release]);
    packFolder(join(folder, 'tree'), join(folder, 'modules.cpio'));
    rmSync(join(folder, 'tree'), { recursive: true });
  });
  return { ...kernel, modulesArchive: join(few, 'modules.cpio') };
}

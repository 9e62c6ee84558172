/** A kernel's headers, with which modules for it are built here. */
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { kept } from './cache.ts';
import { dependencies, unpack, type Source } from './packages.ts';
import { LabError } from './run.ts';

/** Programs among the headers that a build of modules starts, below the folder of linux-kbuild. */
const TOOL_FOLDERS = ['scripts/basic', 'scripts/genksyms', 'scripts/mod', 'tools/objtool'];

/**
 * Fetches the headers of a kernel and makes them usable where they lie.
 * @param name of the package, such as "linux-headers-6.1.0-1-amd64"
 * @returns the folder to give to `make -C`
 */
export function headers(
  name: string,
  release: string,
  source: Source,
  cache: string,
  say: (text: string) => void,
): string {
  const place = join(cache, `${release}-build`);
  kept(place, (empty) => {
    say(`fetching ${name}`);
    const parts = dependencies(name, source).filter((part) => /^linux-(headers-.*-common|kbuild-)/.test(part));
    unpack([name, ...parts], source, join(empty, 'packages'), empty);
    // The packages expect to lie in /usr/src.
    const makefile = join(empty, 'usr/src', name, 'Makefile');
    const text = readFileSync(makefile, 'utf8');
    writeFileSync(makefile, text.replaceAll(/(?<![\w/.-])\/usr\/src\//g, `${place}/usr/src/`));
    makeToolsRun(empty, place, source, say);
    rmSync(join(empty, 'packages'), { recursive: true });
  });
  return join(place, 'usr/src', name);
}

/**
 * A kernel newer than this machine comes with tools that want a newer libc. They get the libraries that they were built
 * with, and that libc's own loader, beside the headers; what runs here is left as it is.
 * @param folder where the headers are now
 * @param place where they will be
 */
function makeToolsRun(folder: string, place: string, source: Source, say: (text: string) => void): void {
  const kbuild = readdirSync(join(folder, 'usr/lib')).find((entry) => entry.startsWith('linux-kbuild-'));
  if (!kbuild) throw new LabError(`the headers in ${place} come without tools`);
  const strangers = TOOL_FOLDERS.map((part) => join('usr/lib', kbuild, part))
    .filter((part) => existsSync(join(folder, part)))
    .flatMap((part) => readdirSync(join(folder, part)).map((entry) => join(part, entry)))
    .filter((file) => lacksLibraries(join(folder, file)));
  if (strangers.length === 0) return;
  say(`fetching the libraries of ${kbuild}`);
  unpack(librariesOf(kbuild, source), source, join(folder, 'packages/libraries'), join(folder, 'libraries'));
  const parts = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu'].map((part) => join('libraries', part));
  const loader = parts.map((part) => join(part, 'ld-linux-x86-64.so.2')).find((file) => existsSync(join(folder, file)));
  if (!loader) throw new LabError(`the libraries of ${kbuild} come without a loader`);
  const search = parts.map((part) => join(place, part)).join(':');
  for (const file of strangers) {
    renameSync(join(folder, file), join(folder, `${file}.program`));
    const words = [join(place, loader), '--library-path', search, join(place, `${file}.program`)];
    writeFileSync(join(folder, file), `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`);
    chmodSync(join(folder, file), 0o755);
  }
}

function lacksLibraries(file: string): boolean {
  if (!readFileSync(file).subarray(0, 4).equals(Buffer.from('\x7fELF'))) return false;
  const { stdout, stderr } = spawnSync('ldd', [file], { encoding: 'utf8' });
  return /not found/.test(stdout + stderr);
}

/** Packages of shared libraries that a package needs, and those that they need in turn. */
function librariesOf(name: string, source: Source): string[] {
  const found = new Set<string>();
  const add = (of: string): void => {
    for (const part of dependencies(of, source)) {
      if (!/^(lib|zlib)/.test(part) || found.has(part)) continue;
      found.add(part);
      add(part);
    }
  };
  add(name);
  return [...found];
}

/** The tools that people watch module loads with today: Debian's packages with their libraries, unpacked for guests. */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { kept } from '../../test/lab/boot/cache.ts';
import { unpack } from '../../test/lab/boot/packages.ts';
import { run } from '../../test/lab/boot/run.ts';

const PEERS = ['linux-perf', 'trace-cmd', 'bpftrace', 'auditd'];

/** What guests have from this machine, and what no program needs to run. */
const NOT_NEEDED = /^(libc6|libc-bin|libcrypt1|libpam.*|libperl.*|libsystemd.*)$/;

/** The packages and all libraries that they depend on. */
function closure(): string[] {
  const wanted = ['--recurse', '--no-recommends', '--no-suggests', '--no-conflicts', '--no-breaks', '--no-replaces'];
  const lines = run('apt-cache', ['depends', ...wanted, '--no-enhances', ...PEERS]).split('\n');
  const names = lines.flatMap((line) => /^(\w[\w.+-]*)$/.exec(line)?.[1] ?? []);
  const libraries = names.filter((name) => /^(lib|zlib)/.test(name) && !NOT_NEEDED.test(name));
  const real = run('apt-cache', ['policy', ...libraries])
    .split(/\n(?=\S)/)
    .flatMap((block) => (/Candidate: (?!\(none\))/.test(block) ? (/^(\S+):/.exec(block)?.[1] ?? []) : []));
  return [...PEERS, ...real];
}

/** The version of each peer, as Debian names it. */
export function versions(): Record<string, string> {
  const told = run('apt-cache', ['policy', ...PEERS]).split(/\n(?=\S)/);
  return Object.fromEntries(
    told.map((block) => [/^(\S+):/.exec(block)?.[1] ?? '?', /Candidate: (\S+)/.exec(block)?.[1] ?? 'none']),
  );
}

function programs(root: string): string[] {
  const folders = ['usr/bin', 'usr/sbin', 'sbin']
    .map((folder) => join(root, folder))
    .filter((path) => existsSync(path));
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^(perf(_\d.*)?|trace-cmd|bpftrace|auditd|auditctl)$/.test(name))
      .map((name) => join(folder, name)),
  );
}

/** Those of the packages, where the machine's own are not the same. */
function librariesOf(program: string, root: string): string[] {
  const folders = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu'].map((folder) => join(root, folder)).join(':');
  const told = run('env', [`LD_LIBRARY_PATH=${folders}`, 'ldd', program]);
  return [...told.matchAll(/=> (\S+)\s+\(0x/g)].map(([, path]) => path ?? '');
}

/** A folder `peers` that guests get under /with. Fetched once a version. */
export function preparePeers(cache: string, say: (text: string) => void): string {
  const name = Object.entries({ ...versions(), layout: '3' })
    .map(([peer, version]) => `${peer}-${version.replaceAll(/[^\w.]/g, '_')}`)
    .join(',');
  const folder = kept(join(cache, name), (empty) => {
    say('fetching the tools to compare with');
    const root = join(empty, 'whole');
    unpack(closure(), [], join(empty, 'packages'), root);
    const target = join(empty, 'peers');
    mkdirSync(join(target, 'lib'), { recursive: true });
    cpSync(join(root, 'etc/audit'), join(target, 'etc'), { recursive: true });
    for (const program of programs(root)) {
      copyFileSync(program, join(target, basename(program)));
      for (const library of librariesOf(program, root)) copyFileSync(library, join(target, 'lib', basename(library)));
    }
    rmSync(join(empty, 'packages'), { recursive: true });
    rmSync(root, { recursive: true });
  });
  return join(folder, 'peers');
}

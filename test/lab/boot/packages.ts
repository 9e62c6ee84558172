/**
 * Debian's kernel packages, fetched and never installed. A line that the machine's own sources do not carry is looked
 * for in Debian's other suites, with apt lists of our own, so that the system's are left alone.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError, run } from './run.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const SUITES = ['bullseye', 'bookworm', 'bookworm-backports', 'trixie', 'trixie-backports'];
const SECURITY_SUITES = ['bullseye-security', 'bookworm-security', 'trixie-security'];

/** How long apt's lists of our own are taken for current. */
const LISTS_LAST_MS = 6 * 3_600_000;

/** Where packages come from: options for apt-get and apt-cache. */
export type Source = readonly string[];

const SYSTEM: Source = [];

/** Names a Debian mirror, such as https://example.org/debian, where the machine's own sources have none. */
const MIRROR_VARIABLE = 'MODTRAIL_DEBIAN_MIRROR';

/** All addresses in the machine's own package sources, in both formats that apt reads. */
function ownSources(): string[] {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(folder) ? readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name)) : []).map((name) =>
      join(folder, name),
    ),
  ];
  const text = files
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
    .replaceAll(/^\s*#.*$/gm, '');
  return [...text.matchAll(/https?:\/\/[^\s\]]+/g)].map(([address]) => address.replace(/\/$/, ''));
}

/** The machine's own Debian mirrors, so that one that is near (or the only one reachable) is used. */
function mirrors(): { main: string; security: string } {
  const addresses = ownSources();
  const named = process.env[MIRROR_VARIABLE]?.replace(/\/$/, '');
  const main = named ?? addresses.find((address) => address.endsWith('/debian'));
  if (!main) {
    throw new LabError(
      `no Debian mirror is known on this machine: ${MIRROR_VARIABLE} names one, as https://HOST/debian`,
    );
  }
  return { main, security: addresses.find((address) => address.endsWith('/debian-security')) ?? `${main}-security` };
}

function otherSuites(cache: string): Source {
  if (!existsSync(KEYRING)) {
    throw new LabError(`Debian's keys are missing (${KEYRING}): install the package debian-archive-keyring`);
  }
  const folder = join(cache, 'apt');
  const { main, security } = mirrors();
  for (const part of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(
    join(folder, 'sources.list'),
    [
      ...SUITES.map((suite) => `deb [signed-by=${KEYRING}] ${main} ${suite} main`),
      ...SECURITY_SUITES.map((suite) => `deb [signed-by=${KEYRING}] ${security} ${suite} main`),
      '',
    ].join('\n'),
  );
  const source = Object.entries({
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(folder, 'cache'),
    'APT::Architecture': 'amd64',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const updated = join(folder, 'updated');
  if (!existsSync(updated) || Date.now() - statSync(updated).mtimeMs > LISTS_LAST_MS) {
    run('apt-get', [...source, '-qq', 'update']);
    writeFileSync(updated, '');
  }
  return source;
}

/** Compares version texts by their numbers: 6.1.0-9 before 6.1.0-56. */
function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function findIn(source: Source, line: string): string | undefined {
  const pattern = new RegExp(`^linux-image-${line.replaceAll('.', String.raw`\.`)}\\.\\d+(-\\d+)?(\\+deb\\d+)?-amd64$`);
  return run('apt-cache', [...source, 'pkgnames', 'linux-image-'])
    .split('\n')
    .filter((name) => pattern.test(name))
    .sort(byVersion)
    .at(-1);
}

/**
 * The newest image package of a kernel line such as "6.1".
 * @throws LabError when Debian has none or cannot be reached
 */
export function findImage(line: string, cache: string): { name: string; source: Source } {
  if (!/^\d+\.\d+$/.test(line)) throw new LabError(`'${line}' is not a kernel line such as 6.1`);
  const near = findIn(SYSTEM, line);
  if (near) return { name: near, source: SYSTEM };
  const source = otherSuites(cache);
  const far = findIn(source, line);
  if (!far) throw new LabError(`Debian has no kernel package of the line ${line} for amd64`);
  return { name: far, source };
}

/** Names that a package depends on. */
export function dependencies(name: string, source: Source): string[] {
  return run('apt-cache', [...source, 'depends', '--no-recommends', '--no-suggests', name])
    .split('\n')
    .flatMap((text) => /^\s*Depends:\s*(\S+)$/.exec(text)?.[1] ?? []);
}

/** Fetches packages and unpacks them below `root`. `work` holds the downloads. */
export function unpack(names: readonly string[], source: Source, work: string, root: string): void {
  mkdirSync(work, { recursive: true });
  run('apt-get', [...source, '-qq', '-o', 'APT::Sandbox::User=root', 'download', ...names], { cwd: work });
  for (const file of readdirSync(work).filter((name) => name.endsWith('.deb')))
    run('dpkg', ['-x', join(work, file), root]);
}

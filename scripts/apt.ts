/** Installs missing Debian and Ubuntu packages. Asks dpkg first, so that a complete machine costs a few milliseconds. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGES, type Group } from './packages.ts';
import { say, SetupError } from './say.ts';

/** apt's package lists; older than a day they are read anew before anything is installed. */
const LISTS = '/var/lib/apt/lists';
const LISTS_AGE = 24 * 3600 * 1000;

/**
 * Makes sure that the packages of these groups are installed.
 * @throws SetupError that lists the missing ones, when they cannot be installed here.
 */
export function ensurePackages(groups: readonly Group[]): void {
  const entries = [...new Set(groups.flatMap((group) => PACKAGES[group]))].map((entry) =>
    typeof entry === 'string' ? [entry] : entry,
  );
  const installed = installedAmong(entries.flat());
  const missing = entries.filter((names) => !names.some((name) => installed.has(name)));
  if (missing.length === 0) return;

  const wishes = missing.map((names) => names[0]).join(' ');
  if (!existsSync('/usr/bin/apt-get')) {
    throw new SetupError(
      `these packages (Debian's names) are missing, and this system has no apt: ${wishes}. Install their equivalents.`,
    );
  }
  const root = elevation(wishes);
  if (listsAreOld()) update(root);
  const chosen = choose(missing, groups);
  say(`installing ${String(chosen.length)} system packages: ${chosen.join(' ')}`);
  const failure = install(root, chosen);
  if (failure === undefined) return;
  // Lists that are a few hours old can already name files that are gone.
  update(root);
  const second = install(root, chosen);
  if (second !== undefined) {
    throw new SetupError(`apt could not install ${chosen.join(' ')}: ${second}. Is the network reachable?`);
  }
}

function installedAmong(names: readonly string[]): Set<string> {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names], {
    encoding: 'utf8',
  });
  // Without dpkg there is nothing to ask, and stdout is null.
  const lines = ((stdout as string | null) ?? '').split('\n');
  return new Set(lines.filter((line) => line.endsWith(' installed')).map((line) => line.split(' ')[0] ?? ''));
}

/** The words that make a command run as root. */
function elevation(wishes: string): string[] {
  if (process.getuid?.() === 0) return [];
  const advice = `as root: apt-get install ${wishes}`;
  if (!existsSync('/usr/bin/sudo')) {
    throw new SetupError(`system packages are missing and sudo is not installed; run this ${advice}`);
  }
  if (process.stdin.isTTY !== true && spawnSync('sudo', ['-n', 'true']).status !== 0) {
    throw new SetupError(`system packages are missing and sudo asks for a password; run this ${advice}`);
  }
  return ['sudo'];
}

function listsAreOld(): boolean {
  const newest = readdirSync(LISTS)
    .filter((name) => name.includes('_Packages') || name.endsWith('Release'))
    .map((name) => statSync(join(LISTS, name)).mtimeMs);
  const partial = join(LISTS, 'partial');
  const read = Math.max(0, ...newest, newest.length > 0 && existsSync(partial) ? statSync(partial).mtimeMs : 0);
  return Date.now() - read > LISTS_AGE;
}

function update(root: readonly string[]): void {
  say('reading the package lists');
  const failure = apt(root, ['update']);
  if (failure !== undefined) say(`the package lists could not be read: ${failure}`);
}

/** Picks of each entry the first name that apt can install. */
function choose(missing: readonly (readonly string[])[], groups: readonly Group[]): string[] {
  const { stdout } = spawnSync('apt-cache', ['policy', ...missing.flat()], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const available = new Set<string>();
  for (const block of stdout.split(/\n(?=\S)/)) {
    const name = /^(\S+):/.exec(block)?.[1];
    if (name !== undefined && /Candidate: (?!\(none\))/.test(block)) available.add(name);
  }
  const chosen = missing.map((names) => names.find((name) => available.has(name)));
  const unknown = missing.filter((_, index) => chosen[index] === undefined).map((names) => names[0]);
  // The tests' extras differ between systems; what needs them says so and skips.
  if (unknown.length > 0 && !groups.includes('test')) {
    throw new SetupError(`apt does not know these packages: ${unknown.join(' ')}. Is the network reachable?`);
  }
  if (unknown.length > 0) say(`apt does not know ${unknown.join(' ')}; going on without`);
  return chosen.filter((name) => name !== undefined);
}

function install(root: readonly string[], names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : apt(root, ['install', '-y', '--no-install-recommends', ...names]);
}

/** Runs apt-get without questions. Returns its first error, or undefined when it worked. */
function apt(root: readonly string[], args: readonly string[]): string | undefined {
  const quiet = ['DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C', 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300'];
  const words = [...root, 'env', ...quiet, ...args];
  const result = spawnSync(words[0] ?? '', words.slice(1), {
    encoding: 'utf8',
    stdio: ['inherit', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  });
  if (result.status === 0) return undefined;
  const told = `${result.stderr}\n${result.stdout}`.split('\n').find((line) => line.startsWith('E: '));
  return told?.slice(3) ?? result.error?.message ?? `apt-get ended with ${String(result.status)}`;
}

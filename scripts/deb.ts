/**
 * Makes the Debian package of the unpacked app, with dpkg-deb and nothing from a network. Programs that run as root lie
 * at fixed paths that only root can write: the polkit policy names the collector by its path.
 */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './places.ts';

const run = promisify(execFile);

/** Where the app lies when it is installed; electron-builder's other packages put it there too. */
export const INSTALLED = '/opt/Modtrail';

/** Names that the same library has in different releases stand as alternatives. */
const DEPENDS = [
  ...['libgtk-3-0t64 | libgtk-3-0', 'libnss3', 'libasound2t64 | libasound2', 'libgbm1', 'libxss1', 'libxtst6'],
  ...['libatspi2.0-0t64 | libatspi2.0-0', 'libdrm2', 'libnotify4'],
];

/** Without the first two a recording is started in a terminal; the last opens links. */
const RECOMMENDS = ['pkexec | policykit-1', 'polkitd | policykit-1', 'xdg-utils'];

/** Files outside of the app's folder, by where they come from in packaging/. */
export const FILES: Readonly<Record<string, string>> = {
  'dev.modtrail.policy': '/usr/share/polkit-1/actions/dev.modtrail.policy',
  'modtrail.desktop': '/usr/share/applications/modtrail.desktop',
  'modtrail.xml': '/usr/share/mime/packages/modtrail.xml',
  'modtrail.svg': '/usr/share/icons/hicolor/scalable/apps/modtrail.svg',
  'application-x-modtrail-capture.svg':
    '/usr/share/icons/hicolor/scalable/mimetypes/application-x-modtrail-capture.svg',
  'apparmor-profile': `${INSTALLED}/resources/apparmor-profile`,
};

/** Programs on the path, by what they lead to; packaging/rpm makes the same. */
export const LINKS: Readonly<Record<string, string>> = {
  '/usr/bin/modtrail': `${INSTALLED}/resources/bin/modtrail`,
  '/usr/sbin/modtrail-collector': `${INSTALLED}/resources/collector/modtrail-collector`,
};

/** Debian's names of processors, by Node's. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * @param app - the unpacked app.
 * @param compression - dpkg-deb's; a package that is only installed and thrown away is made faster without.
 * @returns the package's path, beside the app.
 */
export async function makeDeb(app: string, compression: 'xz' | 'none' = 'xz'): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'modtrail-deb-'));
  try {
    await chmod(tree, 0o755);
    const inside = join(tree, INSTALLED);
    await mkdir(dirname(inside), { recursive: true });
    await cp(app, inside, { recursive: true, verbatimSymlinks: true });
    for (const [name, path] of Object.entries(FILES)) await put(join(ROOT, 'packaging', name), join(tree, path));
    for (const [link, target] of Object.entries(LINKS)) {
      await mkdir(dirname(join(tree, link)), { recursive: true });
      await symlink(target, join(tree, link));
    }
    await put(join(ROOT, 'LICENSE'), join(tree, 'usr/share/doc/modtrail/copyright'));
    // Whatever the umask was, everybody reads and only root writes.
    await run('chmod', ['-R', 'u=rwX,go=rX', tree]);
    // Where the kernel lets nobody make user namespaces, Chromium's sandbox needs this helper.
    await chmod(join(inside, 'chrome-sandbox'), 0o4755);

    const control = join(tree, 'DEBIAN');
    await mkdir(control, { mode: 0o755 });
    for (const name of await readdir(join(ROOT, 'packaging/debian'))) {
      await put(join(ROOT, 'packaging/debian', name), join(control, name));
      await chmod(join(control, name), 0o755);
    }
    const { version, description, author } = await manifest();
    const architecture = ARCHITECTURES[process.arch] ?? process.arch;
    await writeFile(
      join(control, 'control'),
      fields({ version, description, author, architecture, size: await sizeOf(tree) }),
    );
    const file = join(dirname(app), `modtrail_${version}_${architecture}.deb`);
    await run('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', tree, file]);
    return file;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function put(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to);
}

interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly author: { readonly name: string; readonly email: string };
}

async function manifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest;
}

/** KiB, as Debian's Installed-Size has it. */
async function sizeOf(tree: string): Promise<number> {
  const { stdout } = await run('du', ['-sk', '--apparent-size', tree]);
  return Number.parseInt(stdout, 10);
}

function fields({
  version,
  description,
  author,
  architecture,
  size,
}: Manifest & { architecture: string; size: number }): string {
  return [
    'Package: modtrail',
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${author.name} <${author.email}>`,
    `Installed-Size: ${String(size)}`,
    `Depends: ${DEPENDS.join(', ')}`,
    `Recommends: ${RECOMMENDS.join(', ')}`,
    'Section: admin',
    'Priority: optional',
    'Description: forensics workbench for Linux kernel modules',
    ` ${description}.`,
    '',
  ].join('\n');
}

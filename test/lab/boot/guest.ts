/** One run in a guest: what goes in, QEMU, what comes out. */
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join as joinPath } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { join as joinArchives, packFolder } from './archive.ts';
import { readDisk } from './disk.ts';
import type { Kernel } from './kernel.ts';
import { LabError, run } from './run.ts';

export interface GuestRun {
  readonly kernel: Kernel;
  readonly collector: string;
  /** Path of a shell script. */
  readonly scenario: string;
  /** Files and folders that appear under /with by their base names. */
  readonly with: readonly string[];
  readonly collectorArgs: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly append: string;
  /** A disk image (disk.ts), mounted at /disk before the collector starts; capture and /out are on it. */
  readonly disk?: string | undefined;
  /** A unix socket to make: the other end of the guest's third serial port. */
  readonly line?: string | undefined;
  /** An empty folder for this run. */
  readonly work: string;
}

export interface GuestResult {
  /** Named parts that the guest sent or left on its disk: capture, capture-wal, out (tar), sanitizer, status. */
  readonly parts: ReadonlyMap<string, Buffer>;
  /** Whether the collector ended by itself with success. */
  readonly finished: boolean;
  /** Why not, where it did not. */
  readonly problem?: string;
}

/** kmod's own programs; everything else comes from busybox. */
const KMOD_NAMES = ['insmod', 'modprobe', 'rmmod', 'lsmod', 'modinfo', 'depmod'];

/** Libraries that programs given with --with may want beyond those of kmod. */
const MORE_LIBRARIES = ['libm.so.6', 'libpthread.so.0', 'libgcc_s.so.1', 'libdl.so.2', 'librt.so.1'];

/**
 * Warnings are shown, and where all processors are when one does not come back. Where the host is busy, the kernel would take
 * its emulated timer for a broken one.
 */
const KERNEL_OPTIONS = 'console=ttyS0 loglevel=5 softlockup_all_cpu_backtrace=1 panic=-1 no_timer_check';

/** What init.sh says first. */
const UP = 'lab: the kernel is up';

/** What the recorder says when it is attached; init.sh shows it. */
const RECORDING = 'recording to ';

/** What a kernel says of a processor that has not come back from kernel code for long. */
const LOCKED = 'BUG: soft lockup';

const PANICKED = 'the kernel of the guest panicked';
const LOCKED_UP = 'the kernel of the guest locked up before anything was recorded';

function which(name: string): string {
  const found = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].map((folder) => joinPath(folder, name)).find(existsSync);
  if (!found) throw new LabError(`${name} is not installed on this machine`);
  return found;
}

/** The libraries of a program and the loader; none for a static one, of which ldd says so and fails. */
function librariesOf(program: string): string[] {
  if (!readFileSync(program).includes('/ld-linux')) return [];
  return [...run('ldd', [program]).matchAll(/(\/\S+)\s+\(0x/g)].map(([, path]) => path ?? '');
}

/**
 * Debian's busybox sh runs its own applets before what lies in PATH. kmod's programs must win, so the applets of the same
 * names get others in this copy, which keep the sorted order that busybox searches by.
 */
function withoutKmodApplets(busybox: Buffer): Buffer {
  let text = busybox.toString('latin1');
  for (const name of KMOD_NAMES) text = text.replaceAll(`\0${name}\0`, `\0${name.slice(0, -1)}z\0`);
  return Buffer.from(text, 'latin1');
}

function copyInto(root: string, file: string): void {
  const target = joinPath(root, file);
  mkdirSync(dirname(target), { recursive: true });
  if (!existsSync(target)) copyFileSync(file, target);
}

function buildRoot(guest: GuestRun, root: string): void {
  for (const folder of ['bin', 'sbin', 'etc', 'with', 'usr/bin', 'usr/sbin', 'home/analyst']) {
    mkdirSync(joinPath(root, folder), { recursive: true });
  }
  const busybox = which('busybox');
  writeFileSync(joinPath(root, 'bin/busybox'), withoutKmodApplets(readFileSync(busybox)));
  // Linked here: an emulated guest takes seconds for some hundred links.
  const applets = run(busybox, ['--list']).split('\n').filter(Boolean);
  for (const name of applets.filter((applet) => applet !== 'busybox' && !KMOD_NAMES.includes(applet))) {
    symlinkSync('busybox', joinPath(root, 'bin', name));
  }
  const kmod = which('kmod');
  copyFileSync(kmod, joinPath(root, 'bin/kmod'));
  for (const name of KMOD_NAMES) symlinkSync('/bin/kmod', joinPath(root, 'sbin', name));
  const libraries = librariesOf(kmod);
  const libc = libraries.find((file) => basename(file) === 'libc.so.6');
  const more = libc ? MORE_LIBRARIES.map((name) => joinPath(dirname(libc), name)).filter(existsSync) : [];
  for (const file of [...libraries, ...more, ...librariesOf(guest.collector)]) copyInto(root, file);

  copyFileSync(guest.collector, joinPath(root, 'bin/modtrail-collector'));
  copyFileSync(guest.scenario, joinPath(root, 'scenario.sh'));
  copyFileSync(joinPath(import.meta.dirname, 'init.sh'), joinPath(root, 'init'));
  for (const file of ['init', 'bin/busybox', 'bin/kmod', 'bin/modtrail-collector'])
    chmodSync(joinPath(root, file), 0o755);
  writeFileSync(
    joinPath(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nanalyst:x:1000:1000::/home/analyst:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n',
  );
  writeFileSync(joinPath(root, 'etc/group'), 'root:x:0:\nanalyst:x:1000:\nnogroup:x:65534:\n');
  const args = guest.collectorArgs.replaceAll("'", String.raw`'\''`);
  writeFileSync(
    joinPath(root, 'lab.env'),
    `LAB_HOST=lab-${guest.kernel.line.replaceAll('.', '-')}\nLAB_COLLECTOR_ARGS='${args}'\nLAB_DISK=${guest.disk ? '/dev/vda' : ''}\n`,
  );
  cpSync(guest.kernel.testModules, joinPath(root, 'with/modules'), { recursive: true });
  for (const path of guest.with) {
    cpSync(path, joinPath(root, 'with', basename(path)), { recursive: true, force: true, dereference: true });
  }
  chmodSync(root, 0o755);
}

interface Boot {
  /** How far it came: whatever happens once something is recorded is never tried again. */
  readonly reached: 'nothing' | 'first process' | 'recording';
  readonly problem?: string;
}

function boot(guest: GuestRun, initrd: string, serial: string, console: (bytes: Buffer) => void): Promise<Boot> {
  const qemu = spawn(
    'qemu-system-x86_64',
    [
      ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', String(guest.memoryMb)],
      ...['-display', 'none', '-monitor', 'none', '-nic', 'none', '-no-reboot'],
      ...['-serial', 'stdio', '-serial', `file:${serial}`],
      ...(guest.line ? ['-serial', `unix:${guest.line},server=on,wait=off`] : []),
      ...(guest.disk ? ['-drive', `file=${guest.disk},format=raw,if=virtio,cache=unsafe`] : []),
      ...['-kernel', guest.kernel.image, '-initrd', initrd],
      ...['-append', `${KERNEL_OPTIONS} ${guest.append}`.trim()],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let reached: Boot['reached'] = 'nothing';
  let [panicked, locked, heard, complaint] = [false, false, '', ''];
  const stop = (): void => void qemu.kill('SIGKILL');
  qemu.stdout.on('data', (bytes: Buffer) => {
    heard = heard.slice(-UP.length) + bytes.toString('latin1');
    if (reached === 'nothing' && heard.includes(UP)) reached = 'first process';
    if (heard.includes(RECORDING)) reached = 'recording';
    panicked ||= heard.includes('Kernel panic');
    console(bytes);
    if (locked || reached !== 'first process' || !heard.includes(LOCKED)) return;
    locked = true;
    setTimeout(stop, 5000); // its kernel tells meanwhile where the processors are
  });
  qemu.stderr.on('data', (bytes: Buffer) => {
    complaint = bytes.toString();
    console(bytes);
  });
  process.once('exit', stop);
  return new Promise((done) => {
    const resolve = (problem?: string): void => {
      done(problem === undefined ? { reached } : { reached, problem });
    };
    const timer = setTimeout(() => {
      stop();
      resolve(`the guest did not end within ${String(guest.timeoutMs / 1000)} s`);
    }, guest.timeoutMs);
    qemu.on('error', (error) => {
      resolve(`qemu-system-x86_64 cannot be started: ${error.message}`);
    });
    qemu.on('close', (code) => {
      clearTimeout(timer);
      process.off('exit', stop);
      if (locked) resolve(LOCKED_UP);
      else if (code !== 0) resolve(`qemu ended with ${String(code)}: ${complaint.trim()}`);
      else resolve(panicked ? PANICKED : undefined);
    });
  });
}

/** Takes apart what came over the second serial port. A part whose hash does not fit is an error, not a part. */
export function readParts(bytes: Buffer): Map<string, Buffer> {
  const parts = new Map<string, Buffer>();
  let at = 0;
  for (;;) {
    const start = bytes.indexOf('modtrail-lab ', at);
    if (start < 0) return parts;
    const end = bytes.indexOf('\n', start);
    const [, name, length, hash] = bytes.subarray(start, end).toString('latin1').split(' ');
    const body = bytes.subarray(end + 1, end + 1 + Number(length));
    if (!name || end < 0 || createHash('sha256').update(body).digest('hex') !== hash?.trim()) {
      throw new LabError(`the transfer of '${name ?? '?'}' from the guest is damaged`);
    }
    parts.set(name, gunzipSync(body));
    at = end + 1 + Number(length);
  }
}

/**
 * Kernels patch their own code while they start and while programs are attached, which the emulation of two processors does
 * not always survive: they panic, or both processors wait for each other. Nothing is tried again once something is recorded.
 */
function isEmulationFault({ reached, problem }: Boot): boolean {
  return (reached === 'nothing' && problem === PANICKED) || (reached === 'first process' && problem === LOCKED_UP);
}

/** Boots, runs, and brings out. The guest's console goes to `console`. */
export async function runGuest(guest: GuestRun, console: (bytes: Buffer) => void): Promise<GuestResult> {
  const root = joinPath(guest.work, 'root');
  const archive = joinPath(guest.work, 'base.cpio');
  const initrd = joinPath(guest.work, 'initrd');
  const serial = joinPath(guest.work, 'serial');
  buildRoot(guest, root);
  packFolder(root, archive);
  await joinArchives([guest.kernel.modulesArchive, archive], initrd);
  let booted = await boot(guest, initrd, serial, console);
  for (let again = 0; again < 2 && isEmulationFault(booted); again++) {
    process.stderr.write(`lab: ${guest.kernel.line}: ${booted.problem ?? ''}; it is started again\n`);
    booted = await boot(guest, initrd, serial, console);
  }
  const { problem } = booted;
  const parts = readParts(existsSync(serial) ? readFileSync(serial) : Buffer.alloc(0));
  if (guest.disk) for (const [name, bytes] of readDisk(guest.disk, guest.work)) parts.set(name, bytes);
  const status = parts.get('status')?.toString().trim();
  const complaint = parts.get('sanitizer')?.toString('latin1').trim();
  const finished = status === '0' && parts.has('capture') && !complaint;
  if (finished) return { parts, finished };
  return {
    parts,
    finished,
    problem:
      (complaint ? `a sanitizer complains:\n${complaint}` : problem) ??
      (status === undefined
        ? 'the guest ended before it could send the capture'
        : `the collector ended with status ${status}`),
  };
}

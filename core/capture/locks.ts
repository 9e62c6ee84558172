/** Whether a process holds a file now, as the kernel's table of file locks says (proc_locks(5)). */
import { readFileSync, statSync } from 'node:fs';

/** The recorder's name in /proc/PID/comm, which the kernel cuts to 15 bytes. */
const RECORDER = 'modtrail-collec';

/** Device numbers as the kernel prints them: hexadecimal major:minor. Source: gnu_dev_major, gnu_dev_minor. */
function deviceText(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return `${major.toString(16).padStart(2, '0')}:${minor.toString(16).padStart(2, '0')}`;
}

function isRecorder(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === RECORDER;
  } catch {
    return false;
  }
}

/** One line of the table: "1: POSIX  ADVISORY  READ 4242 08:01:131 1073741826 1073742335". */
export interface Lock {
  readonly pid: string;
  readonly device: string;
  readonly inode: string;
}

export function parseLocks(table: string): Lock[] {
  return table.split('\n').flatMap((line) => {
    const [, kind, , , pid, place] = line.trim().split(/\s+/);
    const [major, minor, inode] = (place ?? '').split(':');
    if ((kind !== 'POSIX' && kind !== 'OFDLCK') || pid === undefined || minor === undefined || inode === undefined) {
      return []; // whole-file locks, leases, and waiters ("->"), which hold nothing
    }
    return [{ pid, device: `${major ?? ''}:${minor}`, inode }];
  });
}

function isLocked(path: string, locks: readonly Lock[]): boolean {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    const device = deviceText(dev);
    return locks.some(
      (lock) =>
        lock.inode === ino.toString() &&
        lock.pid !== String(process.pid) &&
        // Some filesystems (btrfs, overlay) show another device here than stat does.
        (lock.device === device || isRecorder(lock.pid)),
    );
  } catch {
    return false;
  }
}

/**
 * Whether a recorder still writes: as long as it lives it keeps a lock on its file or on the index of its log
 * (https://sqlite.org/walformat.html#wal_locks). What a killed one left has none.
 */
export function isHeld(path: string): boolean {
  let locks: readonly Lock[];
  try {
    locks = parseLocks(readFileSync('/proc/locks', 'utf8'));
  } catch {
    return false; // not Linux, or /proc is not there
  }
  return isLocked(path, locks) || isLocked(`${path}-shm`, locks);
}

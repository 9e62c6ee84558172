/** Whether a process holds a file now, as the kernel's table of file locks says (proc_locks(5)). */
import { readFileSync, statSync, type Stats } from 'node:fs';

/** Device numbers as the kernel prints them: hexadecimal major:minor. Source: gnu_dev_major, gnu_dev_minor. */
function deviceText(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return `${major.toString(16).padStart(2, '0')}:${minor.toString(16).padStart(2, '0')}`;
}

function hasOpen(pid: string, stats: Stats): boolean {
  try {
    return statSync(`/proc/${pid}/root`).isDirectory() && stats.ino > 0;
  } catch {
    return false;
  }
}

/** A recorder keeps SQLite's shared lock on its file as long as it lives; what a killed one left has none. */
export function isHeld(path: string): boolean {
  let table: string;
  let device: string;
  let inode: string;
  try {
    table = readFileSync('/proc/locks', 'utf8');
    const stats = statSync(path, { bigint: true });
    device = deviceText(stats.dev);
    inode = stats.ino.toString();
  } catch {
    return false;
  }
  for (const line of table.split('\n')) {
    const [, kind, , , pid, place] = line.trim().split(/\s+/);
    if (kind !== 'POSIX' && kind !== 'OFDLCK') continue;
    const [major, minor, number] = (place ?? '').split(':');
    if (number !== inode || pid === String(process.pid)) continue;
    if (`${major ?? ''}:${minor ?? ''}` === device) return true;
    // Some filesystems (btrfs, overlay) show another device here than stat does; the inode and a living holder decide.
    if (pid && hasOpen(pid, statSync(path))) return true;
  }
  return false;
}

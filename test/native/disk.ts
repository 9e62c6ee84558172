/** Small disks that tests mount, fill and break. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';

const MIB = 1024 * 1024;

/** How each kind is made; a tmpfs needs nothing. */
const MAKERS = {
  tmpfs: [],
  ext2: ['mkfs.ext2', '-q'],
  ext4: ['mkfs.ext4', '-q'],
  btrfs: ['mkfs.btrfs', '-q', '-m', 'single', '-d', 'single'],
} as const;

export type DiskKind = keyof typeof MAKERS;

/**
 * Mounts a new disk of so many bytes at `folder`, which it makes. The caller unmounts it. Returns undefined where this
 * machine cannot make or mount one.
 */
export function mountDisk(kind: DiskKind, folder: string, bytes: number, options = ''): string | undefined {
  mkdirSync(folder);
  const image = `${folder}.img`;
  const [maker, ...words] = MAKERS[kind];
  if (maker === undefined) {
    const mounted = spawnSync('mount', ['-t', kind, '-o', `size=${String(bytes)}`, kind, folder]);
    return mounted.status === 0 ? folder : undefined;
  }
  writeFileSync(image, '');
  truncateSync(image, bytes);
  if (spawnSync(maker, [...words, image]).status !== 0) return undefined;
  return remount(image, folder, options);
}

/** Mounts the disk of an image file that is there already. */
export function remount(image: string, folder: string, options = ''): string | undefined {
  const words = ['-o', options ? `loop,${options}` : 'loop'];
  return spawnSync('mount', [...words, image, folder]).status === 0 ? folder : undefined;
}

/** The most that a test's disk has: a file that grows beyond it lies somewhere else. */
const MOST = 256 * MIB;

/**
 * Writes a file until the disk is full.
 * @throws when it has written more than a test's disk holds
 */
export function fill(path: string): void {
  const file = openSync(path, 'w');
  let written = 0;
  try {
    for (const size of [MIB, 4096]) {
      const block = Buffer.alloc(size, 0x66);
      try {
        while (written < MOST) written += writeSync(file, block);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
      if (written >= MOST) throw new Error(`${path} is not on a small disk`);
    }
  } finally {
    closeSync(file);
  }
}

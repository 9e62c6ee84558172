/** A guest's disk: an image file with one ext4 on it, which is there after the guest, whatever became of the guest. */
import { copyFileSync, constants, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { LabError, run } from './run.ts';

const SIZE_MB = 1024;

/** Makes an empty disk; the file takes no more room than what is written to it. */
export function makeDisk(image: string, megabytes = SIZE_MB): void {
  writeFileSync(image, '');
  truncateSync(image, megabytes * 1024 * 1024);
  run('mkfs.ext4', ['-q', '-F', '-E', 'lazy_itable_init=1,nodiscard', '-L', 'modtrail-lab', image]);
}

/**
 * What a guest left on its disk, by the names of the parts that other guests send. The image itself is not touched: the
 * journal is replayed on a copy, as the next boot would do.
 * @param work a folder for what comes out
 */
export function readDisk(image: string, work: string): Map<string, Buffer> {
  const copy = join(work, 'disk');
  const out = join(work, 'disk-out');
  copyFileSync(image, copy, constants.COPYFILE_FICLONE);
  const check = spawnSync('e2fsck', ['-f', '-y', copy], { encoding: 'utf8' });
  // 0: nothing to do, 1: repaired. The rest is more than a journal replays.
  if (check.status !== 0 && check.status !== 1) {
    throw new LabError(`the guest's disk is damaged: ${check.stdout.trim().split('\n').at(-1) ?? ''}`);
  }
  mkdirSync(out);
  const parts = new Map<string, Buffer>();
  for (const [part, file] of [
    ['capture', 'lab.modtrail'],
    ['capture-wal', 'lab.modtrail-wal'],
  ] as const) {
    const target = join(work, part);
    run('debugfs', ['-R', `dump /${file} ${target}`, copy]);
    if (existsSync(target)) parts.set(part, readFileSync(target));
  }
  run('debugfs', ['-R', `rdump /out ${out}`, copy]);
  if (existsSync(join(out, 'out'))) {
    run('tar', ['-cf', join(work, 'disk-out.tar'), '-C', join(out, 'out'), '.']);
    parts.set('out', readFileSync(join(work, 'disk-out.tar')));
  }
  return parts;
}

/** Initramfs parts: cpio archives in the form that the kernel reads. Several of them one after the other are one. */
import { closeSync, createReadStream, createWriteStream, openSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { LabError } from './run.ts';

/** Packs all that lies in a folder, owned by root whoever runs this. */
export function packFolder(folder: string, archive: string): void {
  const output = openSync(archive, 'w');
  try {
    const result = spawnSync('sh', ['-c', 'find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0'], {
      cwd: folder,
      stdio: ['ignore', output, 'pipe'],
      encoding: 'utf8',
    });
    if (result.status !== 0) throw new LabError(`cpio failed on ${folder}: ${result.stderr.trim()}`);
  } finally {
    closeSync(output);
  }
}

/** Writes parts one after the other; cpio pads each to 512 bytes, so that the next one begins aligned. */
export async function join(parts: readonly string[], archive: string): Promise<void> {
  for (const [index, part] of parts.entries()) {
    await pipeline(createReadStream(part), createWriteStream(archive, { flags: index === 0 ? 'w' : 'a' }));
  }
}

/**
 * A kernel that need not unpack itself, which an emulated processor takes seconds for. QEMU starts it by its PVH entry;
 * it lies where it was linked to, not at a random address.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackKernel } from '#core/module/signature/kernel-image.ts';
import { kept } from './cache.ts';
import type { Kernel } from './kernel.ts';

/**
 * The same kernel, unpacked.
 * @param cache folder that outlives runs
 */
export async function unpacked(kernel: Kernel, cache: string): Promise<Kernel> {
  const folder = join(cache, `${kernel.release}-unpacked`);
  if (!existsSync(folder)) {
    const image = await unpackKernel(readFileSync(kernel.image));
    kept(folder, (empty) => {
      writeFileSync(join(empty, 'vmlinux'), image);
    });
  }
  return { ...kernel, image: join(folder, 'vmlinux') };
}

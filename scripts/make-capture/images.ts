/** The module images that a made-up capture knows of: their facts, and nothing of their bytes. */
import { FOREIGN, PROJECTS, TREE } from './names.ts';
import type { Random } from './random.ts';
import type { Filesystem, MadeFile } from './records.ts';

export const RELEASE = '6.12.111+deb12-amd64';

/** How many distinct images there are; a small capture does not get to see all of them. */
export const IMAGES = 10_000;

const DAY = 86_400e9;
const PAGE = 4096;

/** Bits of taint: P, C, O, E (kernel/panic.c). */
export const TAINT = { proprietary: 1, staging: 1 << 10, foreign: 1 << 12, unsigned: 1 << 13 } as const;

/** MODULE_INIT_COMPRESSED_FILE of finit_module(2): the kernel unpacks it. */
export const COMPRESSED = 4;

export interface MadeImage {
  readonly name: string;
  readonly file: MadeFile;
  readonly sha256: Buffer;
  readonly taints: number;
  readonly version: string | null;
  readonly sourceVersion: string | null;
  readonly signed: boolean;
  readonly parameters: number;
  /** What stays in memory, and what only init needs; whole pages. */
  readonly size: number;
  readonly initSize: number;
  /** Of finit_module. */
  readonly flags: number;
}

export function madeFile(
  random: Random,
  path: string | null,
  filesystem: Filesystem,
  facts: Partial<Omit<MadeFile, 'id' | 'path' | 'filesystem'>> = {},
): MadeFile {
  const device = { ext4: [259, 2], tmpfs: [0, 26], overlay: [0, 61], pipefs: [0, 14] } as const;
  return {
    ...{ id: 0, path, filesystem, device: device[filesystem], inode: random.between(1000, 9_000_000) },
    ...{ size: 4096, links: 1, mode: 0o100644, uid: 0, age: 40 * DAY, openFlags: 0o100000 },
    ...facts,
  };
}

const pages = (bytes: number): number => Math.max(2, Math.ceil(bytes / PAGE)) * PAGE;

export function madeImage(
  random: Random,
  name: string,
  path: string,
  filesystem: Filesystem,
  kind: { readonly taints: number; readonly age: number; readonly device?: readonly [number, number] },
): MadeImage {
  const compressed = path.endsWith('.xz');
  const bytes = Math.round(random.logarithmic(6000, 4_000_000) ** 0.93);
  const { taints, age, device } = kind;
  return {
    name,
    file: madeFile(random, path, filesystem, {
      size: compressed ? Math.round(bytes / 3.4) : bytes,
      age,
      ...(device && { device }),
    }),
    sha256: random.bytes(32),
    taints,
    version:
      taints !== 0 && random.chance(0.6) ? `${String(random.between(0, 9))}.${String(random.between(0, 40))}` : null,
    sourceVersion: taints !== 0 && random.chance(0.6) ? random.hex(23).toUpperCase() : null,
    signed: (taints & TAINT.unsigned) === 0,
    parameters: random.chance(0.5) ? 0 : random.between(1, 12),
    size: pages(bytes * 0.6),
    initSize: pages(bytes * 0.08),
    flags: compressed ? COMPRESSED : 0,
  };
}

export interface Images {
  /** Of the distribution's kernel. */
  readonly tree: readonly MadeImage[];
  /** Built on the machine by DKMS, in many versions. */
  readonly foreign: readonly MadeImage[];
  /** Built over and over, by people and their tests. */
  readonly builds: readonly MadeImage[];
}

export function makeImages(random: Random): Images {
  const base = `/usr/lib/modules/${RELEASE}`;
  const tree = TREE.map(({ name, path }) =>
    madeImage(random, name, `${base}/kernel/${path}.ko.xz`, 'ext4', { taints: 0, age: random.between(5, 40) * DAY }),
  );
  const foreign = Array.from({ length: 8 }).flatMap(() =>
    FOREIGN.map(([name, proprietary]) => {
      const taints = TAINT.foreign | (proprietary ? TAINT.proprietary : 0) | (random.chance(0.7) ? TAINT.unsigned : 0);
      return madeImage(random, name, `${base}/updates/dkms/${name}.ko`, 'ext4', {
        taints,
        age: random.unit() * 9 * DAY,
      });
    }),
  );
  const builds: MadeImage[] = [];
  const tainted = TAINT.foreign | TAINT.unsigned;
  for (let build = 1; tree.length + foreign.length + builds.length < IMAGES; build++) {
    const age = random.unit() * DAY;
    if (random.chance(0.15)) {
      const name = `stap_${random.hex(32)}_${String(random.between(1000, 99_999))}`;
      builds.push(madeImage(random, name, `/tmp/stap${random.hex(6)}/${name}.ko`, 'tmpfs', { taints: tainted, age }));
      continue;
    }
    const name = random.pick(PROJECTS);
    const path = `/builds/${name.replaceAll('_', '-')}/${String(100_000 + build)}/${name}.ko`;
    const device = [0, 61 + random.between(0, 24)] as const;
    builds.push(madeImage(random, name, path, 'overlay', { taints: tainted, age, device }));
  }
  return { tree, foreign, builds };
}

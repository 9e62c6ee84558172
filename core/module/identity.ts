/** Which module this is: digests of all its forms, names, build id, what it was built for and with. */
import { createHash } from 'node:crypto';
import type { Hashes, IdentityPart } from '#contract/inspect.ts';
import { unsignedSize } from './appended-signature.ts';
import { Problems } from './failure.ts';
import type { ModuleImage } from './image.ts';
import type { Making } from './inspect.ts';
import { structureName } from './struct-module.ts';

const ALGORITHMS = ['sha256', 'sha1', 'md5'] as const;
/** .comment has one text for each object file; distinct ones are few. */
const MOST_COMPILERS = 20;

export function identityPart({ image, part }: Making): IdentityPart {
  const problems = new Problems();
  const modinfo = part('modinfo');
  let structure: string | undefined;
  let compilers: string[] = [];
  problems.attempt(() => {
    structure = structureName(image);
    compilers = readCompilers(image);
  });
  const named = modinfo?.name;
  const name = structure ?? named;
  const build = part('notes')?.entries.find(({ typeName }) => typeName === 'NT_GNU_BUILD_ID');
  return {
    ...(name === undefined ? {} : { name }),
    names: { ...(structure === undefined ? {} : { structure }), ...(named === undefined ? {} : { modinfo: named }) },
    namesDiffer: structure !== undefined && named !== undefined && structure !== named,
    size: image.data.length,
    hashes: hashesOf(image),
    ...(build ? { buildId: build.hex } : {}),
    ...(modinfo?.srcversion === undefined ? {} : { srcversion: modinfo.srcversion }),
    ...(modinfo?.version === undefined ? {} : { version: modinfo.version }),
    ...architectureOf(part('elf')?.machine.text),
    compilers,
    ...(modinfo?.vermagic === undefined ? {} : { vermagic: modinfo.vermagic }),
    problems: problems.all(),
  };
}

const architectureOf = (text: string | undefined): { architecture?: string } =>
  text === undefined ? {} : { architecture: text };

/** The unsigned form is the beginning of the image: one pass gives both digests. */
function hashesOf({ stored, data, container }: ModuleImage): IdentityPart['hashes'] {
  const unsigned = unsignedSize(data);
  const whole = {} as Record<keyof Hashes, string>;
  const start = {} as Record<keyof Hashes, string>;
  for (const name of ALGORITHMS) {
    const hash = createHash(name).update(data.subarray(0, unsigned));
    if (unsigned === data.length) whole[name] = start[name] = hash.digest('hex');
    else {
      start[name] = hash.copy().digest('hex');
      whole[name] = hash.update(data.subarray(unsigned)).digest('hex');
    }
  }
  if (container.compression === 'none') return { stored: whole, decompressed: whole, unsigned: start };
  const kept = {} as Record<keyof Hashes, string>;
  for (const name of ALGORITHMS) kept[name] = createHash(name).update(stored).digest('hex');
  return container.complete ? { stored: kept, decompressed: whole, unsigned: start } : { stored: kept };
}

function readCompilers(image: ModuleImage): string[] {
  const range = image.filled('.comment')?.range;
  const found = new Set<string>();
  if (!range) return [];
  const end = range.offset + range.size;
  for (let at = range.offset; at < end && found.size < MOST_COMPILERS;) {
    const stop = image.bytes.endOfText(at, end);
    if (stop > at) found.add(image.bytes.text(at, Math.min(stop, at + 256)));
    at = stop + 1;
  }
  return [...found];
}

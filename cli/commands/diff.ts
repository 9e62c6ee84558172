/** `modtrail diff`: two module images, or the image of a capture and the file that it came from. */
import { existsSync } from 'node:fs';
import { CaptureError } from '#core/capture/failure.ts';
import { diffModules, type Compared } from '#core/module/diff/diff.ts';
import { openImage } from '#core/module/image.ts';
import { readModuleFile } from '#core/module/read-file.ts';
import { certificatesFrom } from '../certificates.ts';
import { diffText } from '../diff-text.ts';
import { withCapture } from '../open.ts';
import { CommandFailure, write } from '../output.ts';
import { keepYoungMemorySmall } from '../young-memory.ts';

export interface DiffOptions {
  readonly json?: true;
  /** The first is a capture; this is the image in it, by its SHA-256. */
  readonly image?: string;
  /** Files and folders that signatures are held against. */
  readonly certificates?: readonly string[];
}

/** Resolves to the exit code: 0 where both are the same, bit for bit, else 1. */
export async function diff(first: string, second: string | undefined, options: DiffOptions): Promise<number> {
  const [a, b] =
    options.image === undefined ? await twoFiles(first, second) : await ofCapture(first, options.image, second);
  const result = await diffModules(a, b, await certificatesFrom(options.certificates));
  await write(options.json ? `${JSON.stringify(result)}\n` : diffText(result));
  return result.identical ? 0 : 1;
}

async function module(file: string): Promise<Compared> {
  try {
    return checked({ file, image: await openImage(readModuleFile(file)) });
  } catch (error) {
    throw error instanceof CaptureError ? new CommandFailure(error.message) : error;
  }
}

function checked(compared: Compared): Compared {
  keepYoungMemorySmall(compared.image.data.length);
  try {
    void compared.image.header;
    return compared;
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    throw new CommandFailure(`${compared.file} is no module: ${why}`);
  }
}

async function twoFiles(first: string, second: string | undefined): Promise<readonly [Compared, Compared]> {
  if (second === undefined) throw new CommandFailure('diff needs two modules, or a capture and --image SHA-256');
  return [await module(first), await module(second)];
}

/** The image as it was loaded comes second: what it has more than the file is what was added to it. */
async function ofCapture(
  capture: string,
  image: string,
  file: string | undefined,
): Promise<readonly [Compared, Compared]> {
  let bytes: Uint8Array = Buffer.alloc(0);
  let name = '';
  let paths: readonly string[] = [];
  await withCapture(capture, (opened) => {
    const found = opened.imageBytes({ sha256: image });
    bytes = found.bytes;
    name = `${found.sha256}.ko`;
    paths = opened.images().find(({ sha256 }) => sha256 === found.sha256)?.paths ?? [];
    return Promise.resolve();
  });
  const loaded = checked({ file: name, image: await openImage(bytes) });
  return [await module(file ?? atHand(paths)), loaded];
}

/** The file that the capture names, where this machine has one there; another machine's may be another file. */
function atHand(paths: readonly string[]): string {
  const found = paths.find((path) => path.startsWith('/') && existsSync(path));
  if (found !== undefined) return found;
  const said = paths.length === 0 ? 'the capture names no file for this image' : `${paths.join(', ')} is not here`;
  throw new CommandFailure(`${said}; name the file to compare with`);
}

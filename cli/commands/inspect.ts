/** `modtrail inspect`: everything that is known of a module image, from its bytes alone. */
import { basename } from 'node:path';
import { PART_NAMES, type DisassemblyPart, type InCapture, type Inspection, type PartName } from '#contract/inspect.ts';
import { CaptureError } from '#core/capture/failure.ts';
import { disassemble } from '#core/module/code/disassemble.ts';
import { stretchNamed } from '#core/module/code/stretch.ts';
import { ImageError } from '#core/module/failure.ts';
import { openImage } from '#core/module/image.ts';
import { Inspector } from '#core/module/inspect.ts';
import { writeAnswer } from '#core/module/json/answer.ts';
import { JsonBytes } from '#core/module/json/bytes.ts';
import { readModuleFile, Room } from '#core/module/read-file.ts';
import type { Certificate } from '#core/module/signature/certificate.ts';
import { certificatesFrom } from '../certificates.ts';
import { inCapture } from '../in-capture.ts';
import { inspectionText } from '../inspection-text.ts';
import { CommandFailure, complain, EXIT_UNUSABLE, write, writeBytes } from '../output.ts';
import { keepYoungMemorySmall } from '../young-memory.ts';

export interface InspectOptions {
  readonly json?: true;
  /** The image of a capture, by its SHA-256. */
  readonly image?: string;
  /** Names of parts, with commas between them. */
  readonly parts?: string;
  readonly relocations?: true;
  /** Functions whose code is told: names, "init", "exit", or places as `.text+0x20`. */
  readonly code?: readonly string[];
  /** Files and folders that the signature is held against. */
  readonly certificates?: readonly string[];
}

/** Resolves to the exit code: 2 where one of several files is no module. */
export async function inspect(paths: readonly string[], options: InspectOptions): Promise<number> {
  const parts = options.parts === undefined ? undefined : partNames(options.parts);
  const certificates = await certificatesFrom(options.certificates);
  if (options.image !== undefined) {
    if (paths.length !== 1) throw new CommandFailure('--image names an image of one capture');
    const { withCapture } = await import('../open.ts');
    await withCapture(paths[0] ?? '', async (capture) => {
      const { bytes, sha256 } = capture.imageBytes({ sha256: options.image ?? '' });
      await print(bytes, `${sha256}.ko`, parts, options, certificates, (answer) => inCapture(capture, sha256, answer));
      await writeRest();
    });
    return 0;
  }
  let code = 0;
  const room = new Room();
  for (const path of paths) {
    try {
      await print(readModuleFile(path, room), path, parts, options, certificates);
    } catch (error) {
      if (!(error instanceof CaptureError || error instanceof CommandFailure)) throw error;
      await writeRest();
      complain(error.message);
      code = EXIT_UNUSABLE;
    }
  }
  await writeRest();
  return code;
}

async function print(
  bytes: Uint8Array,
  name: string,
  parts: readonly PartName[] | undefined,
  options: InspectOptions,
  certificates: readonly Certificate[],
  ofCapture?: (inspection: Inspection) => InCapture,
): Promise<void> {
  const image = await openImage(bytes);
  keepYoungMemorySmall(image.data.length);
  const wanted = options.code ?? [];
  // Code alone where nothing else is asked for.
  const chosen: readonly PartName[] | undefined = parts ? ['elf', ...parts] : wanted.length > 0 ? ['elf'] : undefined;
  const inspector = new Inspector(image, {
    ...(chosen === undefined ? {} : { parts: chosen }),
    file: basename(name),
    certificates,
    allRelocations: options.relocations === true,
  });
  const made = inspector.answer();
  if (made.elf === undefined) {
    const why = [...made.container.problems, ...made.problems.filter(({ where }) => where === 'elf')][0];
    throw new CommandFailure(`${name} is no module: ${why?.text ?? 'it cannot be read'}`);
  }
  const inspection: Inspection = {
    ...made,
    ...(ofCapture ? { capture: ofCapture(made) } : {}),
    ...(wanted.length > 0 ? { code: await codeOf(inspector, wanted) } : {}),
  };
  if (options.json) await writeJson(inspection);
  else await writeText(inspectionText(inspection));
}

/** Bytes that are collected before they are written. */
const ENOUGH = 256 * 1024;
const json = new JsonBytes();
let text = '';

/** What several small modules are told in is written at once. */
async function writeText(more: string): Promise<void> {
  text += more;
  if (text.length > ENOUGH) await writeRest();
}

async function writeJson(inspection: Inspection): Promise<void> {
  for (const out of writeAnswer(json, inspection)) if (out.size > ENOUGH) await writeBytes(out.take());
}

async function writeRest(): Promise<void> {
  if (json.size > 0) await writeBytes(json.take());
  if (text !== '') await write(text);
  text = '';
}

/** @throws CommandFailure where nothing is called so, or its code is not taken apart */
async function codeOf({ image, part }: Inspector, names: readonly string[]): Promise<DisassemblyPart[]> {
  const functions = part('functions')?.entries ?? [];
  const found: DisassemblyPart[] = [];
  for (const name of names) {
    try {
      found.push(await disassemble(image, stretchNamed(image, functions, name)));
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      throw new CommandFailure(`no code for '${name}': ${error.message}`);
    }
  }
  return found;
}

function partNames(text: string): readonly PartName[] {
  return text.split(',').map((word) => {
    const name = PART_NAMES.find((known) => known === word.trim());
    if (name === undefined) throw new CommandFailure(`there is no part '${word}'; these are: ${PART_NAMES.join(', ')}`);
    return name;
  });
}

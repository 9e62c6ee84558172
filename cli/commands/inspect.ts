/** `modtrail inspect`: everything that is known of a module image, from its bytes alone. */
import { basename } from 'node:path';
import { PART_NAMES, type PartName } from '#contract/inspect.ts';
import { CaptureError } from '#core/capture/failure.ts';
import { openImage } from '#core/module/image.ts';
import { inspectModule } from '#core/module/inspect.ts';
import { readModuleFile } from '#core/module/read-file.ts';
import type { Certificate } from '#core/module/signature/certificate.ts';
import { certificatesFrom } from '../certificates.ts';
import { inspectionText } from '../inspection-text.ts';
import { CommandFailure, complain, EXIT_UNUSABLE, write } from '../output.ts';

export interface InspectOptions {
  readonly json?: true;
  /** The image of a capture, by its SHA-256. */
  readonly image?: string;
  /** Names of parts, with commas between them. */
  readonly parts?: string;
  readonly relocations?: true;
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
      await print(bytes, `${sha256}.ko`, parts, options, certificates);
    });
    return 0;
  }
  let code = 0;
  for (const path of paths) {
    try {
      await print(readModuleFile(path), path, parts, options, certificates);
    } catch (error) {
      if (!(error instanceof CaptureError || error instanceof CommandFailure)) throw error;
      complain(error.message);
      code = EXIT_UNUSABLE;
    }
  }
  return code;
}

async function print(
  bytes: Uint8Array,
  name: string,
  parts: readonly PartName[] | undefined,
  options: InspectOptions,
  certificates: readonly Certificate[],
): Promise<void> {
  const image = await openImage(bytes);
  const inspection = inspectModule(image, {
    ...(parts === undefined ? {} : { parts: ['elf', ...parts] }),
    file: basename(name),
    certificates,
    allRelocations: options.relocations === true,
  });
  if (inspection.elf === undefined) {
    const why = [...inspection.container.problems, ...inspection.problems.filter(({ where }) => where === 'elf')][0];
    throw new CommandFailure(`${name} is no module: ${why?.text ?? 'it cannot be read'}`);
  }
  await write(options.json ? `${JSON.stringify(inspection)}\n` : inspectionText(inspection));
}

function partNames(text: string): readonly PartName[] {
  return text.split(',').map((word) => {
    const name = PART_NAMES.find((known) => known === word.trim());
    if (name === undefined) throw new CommandFailure(`there is no part '${word}'; these are: ${PART_NAMES.join(', ')}`);
    return name;
  });
}

/** Real modules, as a real kernel read them: those that the recorded sample keeps. */
import { join } from 'node:path';
import { openImage, type ModuleImage } from '#core/module/image.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';

const SAMPLE = join(import.meta.dirname, '../../../samples/sample.modtrail');

/** The bytes of the module's image that was read from a file of that name. */
export function sampleBytes(file: string): Buffer {
  const capture = new OpenedCapture(SAMPLE);
  try {
    const row = capture.images().find(({ paths }) => paths.some((path) => path.endsWith(`/${file}`)));
    return capture.imageBytes({ sha256: row?.sha256 ?? '' }).bytes;
  } finally {
    capture.close();
  }
}

export const sampleImage = (file: string): Promise<ModuleImage> => openImage(sampleBytes(file));

/** The signature as a part of the answer. */
import type { SignaturePart } from '#contract/inspect.ts';
import { ImageError } from '../failure.ts';
import type { Making } from '../inspect.ts';
import { readSignature } from './verify.ts';

/** @throws ImageError of an image that is not whole: its end is where a signature would be */
export function signaturePart({ image, options }: Making): SignaturePart {
  if (!image.container.complete) {
    throw new ImageError('signature', 'the image is not whole; a signature would be at its end');
  }
  return readSignature(image.data, options.certificates);
}

/** What became of a module's bytes, in words. */
import type { ImageFact } from '#contract/event.ts';

/** "kept", or why not. */
export function imageState({ state, size, received, reason }: ImageFact): string {
  const why = reason === undefined ? '' : ` (${reason})`;
  if (state === 'incomplete') return `incomplete: ${String(received)} of ${String(size)} bytes arrived${why}`;
  if (state === 'skipped') return `only its hash is kept${why}`;
  return state === 'kept' ? 'kept' : `not copied${why}`;
}

export function imageText(image: ImageFact): string {
  const hash = image.sha256 === undefined ? '' : `, sha256 ${image.sha256}`;
  return `${String(image.size)} bytes, ${imageState(image)}${hash}`;
}

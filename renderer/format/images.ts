/** A module's bytes in words. */
import type { ImageFact } from '#contract/event.ts';
import { count, size } from './numbers.ts';

/** The recorder's words for why bytes are not there. */
const REASONS: Readonly<Record<string, string>> = {
  'no-images': 'this recording kept no bytes of modules',
  'not-under': 'its file does not lie under the path whose modules were kept',
  limit: 'it is longer than what the recording kept',
  decompressed: 'it is the unpacked form of bytes that this call holds already',
};

/** Why the bytes are not in the capture; undefined where they are. */
export function whyNotKept({ state, reason }: ImageFact): string | undefined {
  if (state === 'kept') return undefined;
  const why = reason === undefined ? undefined : (REASONS[reason] ?? reason);
  switch (state) {
    case 'skipped':
      return why ?? 'the recording did not keep them';
    case 'incomplete':
      return why ?? 'not all of them reached the recorder';
    case 'not-copied':
      return why ?? 'the recorder did not copy them';
  }
}

/** "kept whole", "only its hash is kept: …", "incomplete: 4,096 of 17,432 bytes arrived, no hash" */
export function imageStateWords(image: ImageFact): string {
  const why = whyNotKept(image);
  switch (image.state) {
    case 'kept':
      return 'kept whole in this capture';
    case 'skipped':
      return `hash kept, bytes not kept: ${why ?? ''}`;
    case 'incomplete': {
      const words = `incomplete: ${count(image.received)} of ${size(image.size)} arrived, no hash`;
      return image.reason === undefined ? words : `${words} (${why ?? ''})`;
    }
    case 'not-copied':
      return `not copied: ${why ?? ''}`;
  }
}

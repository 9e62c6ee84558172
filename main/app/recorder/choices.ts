/** What a person chose to record, in the collector's words. */
import type { RecordingOptions } from '#contract/recording.ts';

/** What is absent is left to the collector. */
export function wordsFor({ images, imageLimit, scanInterval, maxSize }: RecordingOptions): string[] {
  const values = { '--image-limit': imageLimit, '--scan-interval': scanInterval, '--max-size': maxSize };
  const given = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  return [...(images ? [] : ['--no-images']), ...given];
}

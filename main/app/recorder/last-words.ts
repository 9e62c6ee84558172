/** What a collector that ended said last. */

/** Characters of the collector's last words that are shown. */
const MOST_WORDS = 500;

/** Its own last sentence, or the code it ended with. */
export function lastSentence(said: string, code: unknown): string {
  const sentence = said
    .split('\n')
    .findLast((text) => text.startsWith('modtrail-collector: '))
    ?.slice('modtrail-collector: '.length, MOST_WORDS);
  return sentence ?? `the recorder ended with ${code === null ? 'a signal' : `code ${String(code)}`}`;
}

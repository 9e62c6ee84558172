/** What somebody may have meant: the nearest of the words that there are. */

/** Letters changed, left out, added or swapped with their neighbour (optimal string alignment), up to a bound. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      let least = Math.min((last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + same);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      next.push(least);
    }
    before = last;
    last = next;
  }
  return last[b.length] ?? most + 1;
}

/** Longer words are nobody's slip of a known one. */
const LONGEST = 64;

/**
 * The word that was probably meant; undefined where none is near. A third of the letters may be wrong, and the last part
 * of a dotted name stands for the whole: 'comm' for 'process.comm'.
 */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase();
  if (wanted === '' || wanted.length > LONGEST) return undefined;
  const same = words.find((word) => word.toLowerCase() === wanted);
  if (same !== undefined) return same;
  const tail = words.find((word) => word.toLowerCase().endsWith(`.${wanted}`));
  if (tail !== undefined) return tail;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const word of words) {
    const far = distance(wanted, word.toLowerCase(), least - 1);
    if (far < least) [best, least] = [word, far];
  }
  return best;
}

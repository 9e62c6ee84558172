/** Finds what is meant by a few letters: they occur in this order, best at the beginnings of words and side by side. */

export interface Match {
  /** Higher is better; only to be compared with matches of the same query. */
  readonly score: number;
  /** Where the letters stand in the text. */
  readonly places: readonly number[];
}

const AT_WORD = 8;
const BESIDE = 5;
const FIRST = 4;

/** For each letter that is skipped between two that match. */
const GAP = 0.2;

/** Longer texts are not looked at further. */
const MOST = 300;

const begins = (text: string, at: number): boolean => at === 0 || /[^\p{L}\p{N}]/u.test(text.charAt(at - 1));

/** How well a text fits; undefined where the letters are not in it. Blanks between words of the query are no letters. */
export function fuzzy(query: string, text: string): Match | undefined {
  const letters = [...query.toLowerCase().replaceAll(/\s+/g, '')];
  const whole = text.slice(0, MOST).toLowerCase();
  if (letters.length === 0) return { score: 0, places: [] };
  // Of all ways to place the letters the best; each row holds the best score with its letter at that place.
  let row: (Match | undefined)[] = [];
  for (const [index, letter] of letters.entries()) {
    const next: (Match | undefined)[] = [];
    let best: Match | undefined;
    for (let at = 0; at < whole.length; at++) {
      const before = row[at - 1];
      if (index > 0 && before && (!best || before.score >= best.score - GAP)) best = before;
      else if (best) best = { ...best, score: best.score - GAP };
      if (whole[at] !== letter || (index > 0 && !best)) continue;
      const own = (begins(whole, at) ? AT_WORD : 1) + (at === 0 ? FIRST : 0);
      const apart = best ? best.score + own : own - at * GAP;
      const beside = index > 0 && before ? before.score + own + BESIDE : Number.NEGATIVE_INFINITY;
      const from = beside >= apart ? before : best;
      next[at] = { score: Math.max(apart, beside), places: [...(from?.places ?? []), at] };
    }
    row = next;
  }
  let found: Match | undefined;
  for (const match of row) if (match && (!found || match.score > found.score)) found = match;
  return found;
}

/** What fits, the best first; what fits equally well in the order that it had. All of it where nothing is asked for. */
export function ranked<T>(
  query: string,
  all: readonly T[],
  textOf: (one: T) => string,
): readonly { readonly one: T; readonly match: Match }[] {
  return all
    .flatMap((one) => {
      const match = fuzzy(query, textOf(one));
      return match ? [{ one, match }] : [];
    })
    .sort((a, b) => b.match.score - a.match.score);
}

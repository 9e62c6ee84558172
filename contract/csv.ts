/** A cell of CSV, for every place that writes one. */

/** What a spreadsheet would take for a formula, and what it skips before one. */
const FORMULA = /^[\s\p{Cc}]*[=+\-@＝＋－＠]|^[\t\r]/u;

/** Separators, quotes, ends of lines and all other control characters. */
const QUOTED = /[",;\p{Cc}\u2028\u2029]/u;

/**
 * A cell of RFC 4180. A spreadsheet takes a text that begins like a formula for one, and what a capture holds was written
 * by whoever attacked the machine: such a cell begins with an apostrophe. Plain numbers stay.
 */
export function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Numbers that a person types. */

/** A number within a range, in units of so much; undefined where the text is none. Fractions of a unit are rounded. */
export function readLimit(text: string, [least, most]: readonly [number, number], unit = 1): number | undefined {
  if (!/^\s*\d{1,15}([.,]\d{1,6})?\s*$/.test(text)) return undefined;
  const value = Math.round(Number(text.trim().replace(',', '.')) * unit);
  return value >= least && value <= most ? value : undefined;
}

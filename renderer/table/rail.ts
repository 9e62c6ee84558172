/**
 * Rows of a fixed height behind a scroll bar. Browsers draw no element higher than some 33 million pixels, so a longer
 * table gets a shorter rail, on which each pixel stands for more than a pixel of rows.
 */
export const ROW = 24;

/** Well below every browser's limit. */
const LONGEST = 12_000_000;

export interface Rail {
  /** Height of what is scrolled, in pixels. */
  readonly height: number;
  /** Rows from one pixel to the next. */
  readonly rowsPerPixel: number;
}

/**
 * @param view - height of the part in sight
 * @param row - height of a row
 */
export function railOf(rows: number, view: number, row: number = ROW): Rail {
  const whole = rows * row;
  if (whole <= LONGEST) return { height: whole, rowsPerPixel: 1 / row };
  const inSight = view / row;
  return { height: LONGEST, rowsPerPixel: (rows - inSight) / (LONGEST - view) };
}

/** The row, with its fraction, at the top of what is in sight. */
export function topRow(rail: Rail, scrollTop: number): number {
  return Math.max(scrollTop, 0) * rail.rowsPerPixel;
}

/**
 * Where to scroll so that a row comes into sight; undefined when it is.
 * @param height - of a row
 */
export function scrollFor(
  rail: Rail,
  scrollTop: number,
  view: number,
  row: number,
  height: number = ROW,
): number | undefined {
  const top = topRow(rail, scrollTop);
  const inSight = view / height;
  // A browser scrolls to whole pixels, which on a short rail may be rows away: half a pixel's rows are left free.
  const spare = rail.rowsPerPixel * height > 1 ? rail.rowsPerPixel / 2 : 0;
  if (row < top) return Math.max((row - spare) / rail.rowsPerPixel, 0);
  if (row + 1 > top + inSight) return Math.min((row + 1 + spare - inSight) / rail.rowsPerPixel, rail.height - view);
  return undefined;
}

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

/** Whether a pixel of the bar stands for more than a pixel of rows. */
export const isShort = (rail: Rail, row: number = ROW): boolean => rail.rowsPerPixel * row > 1;

/** The row, with its fraction, at the top of what is in sight. */
export function topRow(rail: Rail, scrollTop: number): number {
  return Math.max(scrollTop, 0) * rail.rowsPerPixel;
}

/** The row, with its fraction, at the top where the last one stands at the bottom. */
export const lastTop = (rows: number, view: number, row: number = ROW): number => Math.max(rows - view / row, 0);

/**
 * Which row to bring to the top so that another comes into sight; undefined when it is.
 * @param height - of a row
 */
export function topFor(top: number, view: number, row: number, height: number = ROW): number | undefined {
  const inSight = view / height;
  if (row < top) return row;
  return row + 1 > top + inSight ? row + 1 - inSight : undefined;
}

/** Widths of texts, measured once: the same words are drawn frame after frame. */

/** Texts that are remembered; with more all are forgotten. */
const MOST = 4000;

const known = new Map<string, Map<string, number>>();
let amount = 0;

/**
 * Pixels of a text in the context's font.
 * @param font - what the context's font was set to
 */
export function textWidth(context: CanvasRenderingContext2D, font: string, text: string): number {
  let widths = known.get(font);
  if (!widths) known.set(font, (widths = new Map()));
  let width = widths.get(text);
  if (width === undefined) {
    if (++amount > MOST) {
      known.clear();
      known.set(font, (widths = new Map()));
      amount = 1;
    }
    width = context.measureText(text).width;
    widths.set(text, width);
  }
  return width;
}

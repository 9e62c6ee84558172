/** Marks as small pictures: hundreds of marks are copied in a fraction of the time in which they are drawn. */
import type { Verdict } from '#contract/attempt.ts';
import { DOTTED_DASH, SHAPE_PATHS, VERDICT_LOOKS, type Shape } from '../format/verdicts.ts';
import type { Palette } from './palette.ts';

/** CSS pixels of a mark's square, and of the room that its lines need around it. */
export const MARK = 12;
const ROOM = 1;

/** Places within a pixel of the screen, across and down, that a mark can have. */
const PLACES = 4;

/** Pictures that are kept: of all verdicts at all places, in one palette and at one scale. */
const kept = new Map<Verdict, ImageBitmap[]>();
let madeFor: Palette | undefined;
let madeAt = 0;

const paths = new Map<Shape, { fill?: Path2D; stroke?: Path2D }>();

function pathsOf(shape: Shape): { fill?: Path2D; stroke?: Path2D } {
  let found = paths.get(shape);
  if (!found) {
    const { fill, stroke } = SHAPE_PATHS[shape];
    found = { ...(fill ? { fill: new Path2D(fill) } : {}), ...(stroke ? { stroke: new Path2D(stroke) } : {}) };
    paths.set(shape, found);
  }
  return found;
}

function picture(palette: Palette, verdict: Verdict, scale: number, right: number, down: number): ImageBitmap {
  const { shape, color } = VERDICT_LOOKS[verdict];
  const size = Math.ceil((MARK + 2 * ROOM) * scale) + 1;
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('a canvas without a context');
  const { fill, stroke } = pathsOf(shape);
  context.setTransform(scale, 0, 0, scale, ROOM * scale + right / PLACES, ROOM * scale + down / PLACES);
  context.fillStyle = context.strokeStyle = palette(color);
  context.lineWidth = 1.8;
  context.lineCap = shape === 'dotted' ? 'butt' : 'round';
  context.setLineDash(shape === 'dotted' ? [...DOTTED_DASH] : []);
  if (fill) context.fill(fill);
  if (stroke) context.stroke(stroke);
  return canvas.transferToImageBitmap();
}

/**
 * Puts a verdict's mark around a point, at the nearest quarter of a pixel of the screen.
 * @param context - whose unit is a pixel of the screen now
 */
export function putMark(
  context: CanvasRenderingContext2D,
  palette: Palette,
  scale: number,
  verdict: Verdict,
  x: number,
  y: number,
): void {
  if (madeFor !== palette || madeAt !== scale) {
    kept.clear();
    [madeFor, madeAt] = [palette, scale];
  }
  const across = Math.round((x - MARK / 2 - ROOM) * scale * PLACES);
  const along = Math.round((y - MARK / 2 - ROOM) * scale * PLACES);
  const [left, top] = [Math.floor(across / PLACES), Math.floor(along / PLACES)];
  const [right, down] = [across - left * PLACES, along - top * PLACES];
  let pictures = kept.get(verdict);
  if (!pictures) kept.set(verdict, (pictures = []));
  const found = (pictures[right * PLACES + down] ??= picture(palette, verdict, scale, right, down));
  context.drawImage(found, left, top);
}

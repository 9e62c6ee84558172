/**
 * Drawing once a frame: whatever changes within one, what is drawn from it is drawn once, before the page's own changes
 * are laid out.
 */
import { effect, onScopeDispose, shallowRef, stop, type ReactiveEffectRunner, type Ref, type ShallowRef } from 'vue';
import { useResizeObserver } from './resize.ts';

/** What has changed since it was drawn, in the order in which it did. */
const waiting = new Set<ReactiveEffectRunner>();
let frame: number | undefined;

/** Draws what has changed, now instead of with the next frame: for who is called in a frame. */
export function drawNow(): void {
  if (frame !== undefined) cancelAnimationFrame(frame);
  frame = undefined;
  for (const draw of waiting) {
    waiting.delete(draw);
    // What was computed anew may be what it was.
    if (draw.effect.dirty) draw();
  }
}

/** Draws, and again in the next frame after something that was read for it has changed. */
export function useDrawing(draw: () => void): void {
  const runner = effect(draw, {
    scheduler: () => {
      waiting.add(runner);
      frame ??= requestAnimationFrame(drawNow);
    },
  });
  onScopeDispose(() => {
    stop(runner);
    waiting.delete(runner);
  });
}

/** CSS pixels inside an element. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An element's size, known without asking for layout; what is drawn in it follows in the same frame. */
export function useSize(element: Readonly<Ref<HTMLElement | undefined>>): Readonly<ShallowRef<Size>> {
  const size = shallowRef<Size>({ width: 0, height: 0 });
  useResizeObserver(element, ({ clientWidth: width, clientHeight: height }) => {
    if (width === size.value.width && height === size.value.height) return;
    size.value = { width, height };
    drawNow();
  });
  return size;
}

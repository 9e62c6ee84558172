/**
 * W, S, A and D while they are held: a movement by the frame, not by the keyboard's repeat. The first press is the
 * command's own step.
 */
import { onBeforeUnmount, onMounted } from 'vue';
import { drawNow } from './drawing.ts';

/** A press that is longer is a hold, in milliseconds. */
const HOLD = 140;

/** Frames that took longer than this move no further, in milliseconds: a stall must not become a jump. */
const LONGEST_FRAME = 50;

const KEYS: ReadonlySet<string> = new Set(['w', 's', 'a', 'd']);

/** They have keys of their own, and so have fields that text goes into. */
const ELSEWHERE = '[role="dialog"], [role="menu"], input, textarea, select, [contenteditable]';

export interface Held {
  /** 1 for W, -1 for S, 0 for neither or both. */
  readonly zoom: number;
  /** 1 for D, -1 for A. */
  readonly pan: number;
}

/** What the keys that are held long enough at a moment ask for. */
export function heldAt(since: ReadonlyMap<string, number>, now: number): Held {
  const on = (key: string): number => {
    const start = since.get(key);
    return start !== undefined && now - start >= HOLD ? 1 : 0;
  };
  return { zoom: on('w') - on('s'), pan: on('d') - on('a') };
}

/** @param move - is called once a frame with the time since the frame before, in milliseconds */
export function useHeldKeys(isMeant: () => boolean, move: (held: Held, elapsed: number) => void): void {
  const since = new Map<string, number>();
  let frame: number | undefined;
  let last = 0;

  function step(now: number): void {
    frame = undefined;
    if (since.size === 0) return;
    const held = heldAt(since, now);
    if (isMeant() && (held.zoom !== 0 || held.pan !== 0)) {
      move(held, Math.min(now - last, LONGEST_FRAME));
      // In this frame, and not with the one that is asked for next.
      drawNow();
    }
    last = now;
    frame = requestAnimationFrame(step);
  }

  function pressed(event: KeyboardEvent): void {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !KEYS.has(key) || !isMeant()) return;
    if (event.target instanceof Element && event.target.closest(ELSEWHERE)) return;
    // The keyboard's repeat is nobody's step: frames move.
    if (event.repeat) event.preventDefault();
    if (since.has(key)) return;
    since.set(key, performance.now());
    if (frame === undefined) {
      last = performance.now();
      frame = requestAnimationFrame(step);
    }
  }

  const released = (event: KeyboardEvent): void => void since.delete(event.key.toLowerCase());

  /** Keys that are let go in another window are not heard. */
  const forget = (): void => {
    since.clear();
  };

  onMounted(() => {
    window.addEventListener('keydown', pressed, { capture: true });
    window.addEventListener('keyup', released, { capture: true });
    window.addEventListener('blur', forget);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', pressed, { capture: true });
    window.removeEventListener('keyup', released, { capture: true });
    window.removeEventListener('blur', forget);
    forget();
  });
}

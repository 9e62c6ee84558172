/**
 * Which rows are drawn: those in sight, but while none of these has come, the ones that were there before, for a moment. So
 * whoever drags the bar through millions of rows sees rows all the way.
 */
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import type { RowsInSight } from './in-sight.ts';

/** Milliseconds after which rows that have not come are drawn as such. */
export const HELD_MS = 400;

/**
 * @param isThere - whether a row has come
 * @param total - rows in all
 * @returns the row, with its fraction, at the top of what is drawn
 */
export function useHeldSight(
  { top, first, last }: Pick<RowsInSight, 'top' | 'first' | 'last'>,
  isThere: (row: number) => boolean,
  total: Readonly<Ref<number>>,
): Readonly<Ref<number>> {
  const drawn = ref(top.value);
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function draw(): void {
    clearTimeout(waiting);
    waiting = undefined;
    drawn.value = top.value;
  }

  watch(
    [top, last, total, () => isThere(first.value) || isThere(last.value)] as const,
    ([, to, rows, there]) => {
      // What was drawn may be among what there is no more.
      const isGone = drawn.value >= rows || !isThere(Math.floor(drawn.value));
      if (there || to < first.value || isGone) draw();
      else waiting ??= setTimeout(draw, HELD_MS);
    },
    { flush: 'sync', immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(waiting);
  });
  return drawn;
}

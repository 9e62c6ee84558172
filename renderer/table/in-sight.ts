/** Which rows of a fixed height are in sight behind a scroll bar. */
import { computed, nextTick, onBeforeUnmount, onMounted, ref, watch, type ComputedRef, type Ref } from 'vue';
import { isShort, lastTop, railOf, topFor, topRow, type Rail } from './rail.ts';

export interface RowsInSight {
  readonly rail: ComputedRef<Rail>;
  /** The row, with its fraction, at the top. */
  readonly top: Readonly<Ref<number>>;
  readonly first: ComputedRef<number>;
  readonly last: ComputedRef<number>;
  /** Pixels that there are for rows. */
  readonly height: Readonly<Ref<number>>;
  /** Rows that a page key passes. */
  readonly inPage: ComputedRef<number>;
  /** Whether the last row is in sight, or would be if there were rows enough. */
  readonly atEnd: ComputedRef<boolean>;
  scrolled(): void;
  /** Whether a row is among those that are drawn. */
  isDrawn(row: number | undefined): row is number;
  /** Brings a row into sight, by as little as needed. */
  show(row: number): Promise<void>;
  /** Brings a row that is not well in sight to a third from the top, with what stands before and after it. */
  center(row: number): Promise<void>;
}

/** Pixels of a wheel's notch that is told in lines. */
const LINE = 40;

/**
 * @param scroller - the element that scrolls
 * @param total - rows in all
 * @param height - of a row, in pixels
 * @param ready - the height of what is in sight is known for the first time
 * @param above - pixels of what stays in sight above the rows
 */
export function useRowsInSight(
  scroller: Readonly<Ref<HTMLElement | undefined>>,
  total: Readonly<Ref<number>>,
  height: number,
  ready: () => void = () => undefined,
  above = 0,
): RowsInSight {
  const view = ref(0);
  const rail = computed(() => railOf(total.value, view.value, height));
  /**
   * On a rail shorter than its rows a pixel stands for many of them, so that the exact row is kept here; the scroll bar
   * shows where about that is.
   */
  const top = ref(0);
  /** Where the bar was put from here; its own movement is told apart by that. */
  let placed = 0;

  const first = computed(() => Math.floor(top.value));
  const last = computed(() => Math.min(first.value + Math.ceil(view.value / height) + 1, total.value - 1));
  const inPage = computed(() => Math.max(Math.floor(view.value / height) - 1, 1));
  const atEnd = computed(() => top.value >= lastTop(total.value, view.value, height) - 2 / height);

  function goTo(row: number): void {
    const element = scroller.value;
    if (!element) return;
    top.value = Math.min(Math.max(row, 0), lastTop(total.value, view.value, height));
    element.scrollTop = top.value / rail.value.rowsPerPixel;
    placed = element.scrollTop;
    // A rail without a pixel to spare for each row follows the bar, as the browser has rounded it.
    if (!isShort(rail.value, height)) top.value = topRow(rail.value, placed);
  }

  function scrolled(): void {
    const at = scroller.value?.scrollTop ?? 0;
    if (isShort(rail.value, height) && Math.abs(at - placed) < 1) return;
    placed = at;
    top.value = topRow(rail.value, at);
  }

  /** A notch of the wheel passes as many rows as it does in a short table, whatever a pixel of the bar stands for. */
  function wheel(event: WheelEvent): void {
    if (!isShort(rail.value, height) || event.deltaY === 0 || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const pixels =
      event.deltaMode === WheelEvent.DOM_DELTA_PIXEL
        ? event.deltaY
        : event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : view.value);
    goTo(top.value + pixels / height);
  }

  // Rows that arrive make each pixel stand for more of them; what is in sight stays there.
  watch(rail, (now) => {
    if (isShort(now, height))
      void nextTick(() => {
        goTo(top.value);
      });
  });

  async function show(row: number): Promise<void> {
    await nextTick();
    const to = topFor(top.value, view.value, row, height);
    if (to !== undefined) goTo(to);
  }

  async function center(row: number): Promise<void> {
    await nextTick();
    const at = (row - first.value) * height;
    if (at >= height && at < view.value - 3 * height) return;
    goTo(row - Math.floor(view.value / height / 3));
  }

  let observer: ResizeObserver | undefined;
  onMounted(() => {
    const element = scroller.value;
    if (!element) return;
    // The height is told when the page has been laid out anyway; asking for it here would lay it out twice.
    observer = new ResizeObserver(() => {
      const unknown = view.value === 0;
      view.value = Math.max(element.clientHeight - above, 0);
      if (unknown) ready();
    });
    observer.observe(element);
    element.addEventListener('wheel', wheel, { passive: false });
  });
  onBeforeUnmount(() => observer?.disconnect());

  const isDrawn = (row: number | undefined): row is number =>
    row !== undefined && row >= first.value && row <= last.value;
  return { rail, top, first, last, height: view, inPage, atEnd, isDrawn, scrolled, show, center };
}

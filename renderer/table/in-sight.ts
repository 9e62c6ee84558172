/** Which rows of a fixed height are in sight behind a scroll bar. */
import { computed, nextTick, onBeforeUnmount, onMounted, ref, type ComputedRef, type Ref } from 'vue';
import { railOf, scrollFor, topRow, type Rail } from './rail.ts';

export interface RowsInSight {
  readonly rail: ComputedRef<Rail>;
  /** The row, with its fraction, at the top. */
  readonly top: ComputedRef<number>;
  readonly first: ComputedRef<number>;
  readonly last: ComputedRef<number>;
  /** Rows that a page key passes. */
  readonly inPage: ComputedRef<number>;
  scrolled(): void;
  /** Whether a row is among those that are drawn. */
  isDrawn(row: number | undefined): row is number;
  /** Brings a row into sight, by as little as needed. */
  show(row: number): Promise<void>;
  /** Brings a row that is not well in sight to a third from the top, with what stands before and after it. */
  center(row: number): Promise<void>;
}

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
  const scrollTop = ref(0);
  const view = ref(0);
  const rail = computed(() => railOf(total.value, view.value, height));
  const top = computed(() => topRow(rail.value, scrollTop.value));
  const first = computed(() => Math.floor(top.value));
  const last = computed(() => Math.min(first.value + Math.ceil(view.value / height) + 1, total.value - 1));
  const inPage = computed(() => Math.max(Math.floor(view.value / height) - 1, 1));

  async function show(row: number): Promise<void> {
    await nextTick();
    const element = scroller.value;
    const to = element && scrollFor(rail.value, element.scrollTop, view.value, row, height);
    if (element && to !== undefined) element.scrollTop = to;
  }

  async function center(row: number): Promise<void> {
    await nextTick();
    const element = scroller.value;
    if (!element) return;
    const at = (row - first.value) * height;
    if (at >= height && at < view.value - 3 * height) return;
    const before = Math.floor(view.value / height / 3);
    element.scrollTop = Math.max(row - before, 0) / rail.value.rowsPerPixel;
  }

  let observer: ResizeObserver | undefined;
  onMounted(() => {
    // The height is told when the page has been laid out anyway; asking for it here would lay it out twice.
    observer = new ResizeObserver(() => {
      const unknown = view.value === 0;
      view.value = Math.max((scroller.value?.clientHeight ?? 0) - above, 0);
      if (unknown) ready();
    });
    if (scroller.value) observer.observe(scroller.value);
  });
  onBeforeUnmount(() => observer?.disconnect());

  const scrolled = (): void => {
    scrollTop.value = scroller.value?.scrollTop ?? 0;
  };
  const isDrawn = (row: number | undefined): row is number =>
    row !== undefined && row >= first.value && row <= last.value;
  return { rail, top, first, last, inPage, isDrawn, scrolled, show, center };
}

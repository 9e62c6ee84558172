/** The mouse on the timeline: the wheel scrolls the lanes and with Ctrl zooms at the pointer, drag moves, Shift and drag or a drag along the axis selects. */
import { onBeforeUnmount, onMounted, ref, shallowRef, type Ref } from 'vue';
import { useTimeline } from '../stores/timeline.ts';
import { AXIS } from './layout.ts';
import { lengthOf, ordered, shift, toOffset, type Span } from './span.ts';

/** A movement of fewer pixels is a click. */
const CLICK = 4;

/** One notch of a wheel is 100 units or so; this makes it a fifth. */
const WHEEL = 0.002;

export interface PointerUses {
  /** Undefined when the pointer leaves. */
  hover(x: number | undefined, y: number | undefined): void;
  click(x: number, y: number): void;
  /** Down by so many pixels. */
  scroll(by: number): void;
}

/** @returns the interval that is being drawn */
export function usePointer(
  element: Readonly<Ref<HTMLElement | undefined>>,
  uses: PointerUses,
): { readonly selecting: Readonly<Ref<Span | undefined>> } {
  const timeline = useTimeline();
  const selecting = shallowRef<Span>();
  const drag = ref<{ x: number; y: number; span: Span; selects: boolean; moved: boolean }>();

  function place(event: PointerEvent | WheelEvent): { x: number; y: number } {
    const box = element.value?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  }

  function down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { x, y } = place(event);
    drag.value = { x, y, span: timeline.span, selects: event.shiftKey || y < AXIS, moved: false };
    element.value?.setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent): void {
    const { x, y } = place(event);
    uses.hover(x, y);
    const start = drag.value;
    if (!start) return;
    start.moved ||= Math.abs(x - start.x) >= CLICK;
    if (!start.moved) return;
    if (start.selects) {
      const at = (position: number): number => toOffset(start.span, position, timeline.width);
      selecting.value = ordered(at(start.x), at(x));
      return;
    }
    const by = ((start.x - x) / timeline.width) * lengthOf(start.span);
    timeline.show(shift(start.span, by, timeline.limits));
  }

  function up(event: PointerEvent): void {
    const start = drag.value;
    drag.value = undefined;
    if (!start) return;
    if (selecting.value) timeline.interval = selecting.value;
    else if (!start.moved) uses.click(place(event).x, place(event).y);
    selecting.value = undefined;
  }

  function cancel(): void {
    drag.value = undefined;
    selecting.value = undefined;
  }

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 40 : 1;
    const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      timeline.panBy((sideways * pixels) / timeline.width);
      return;
    }
    if (!event.ctrlKey) {
      uses.scroll(event.deltaY * pixels);
      return;
    }
    timeline.zoomPart(place(event).x / Math.max(timeline.width, 1), Math.exp(event.deltaY * pixels * WHEEL));
  }

  const leave = (): void => {
    if (!drag.value) uses.hover(undefined, undefined);
  };

  onMounted(() => {
    const target = element.value;
    if (!target) return;
    target.addEventListener('pointerdown', down);
    target.addEventListener('pointermove', move);
    target.addEventListener('pointerup', up);
    target.addEventListener('pointercancel', cancel);
    target.addEventListener('pointerleave', leave);
    // Vue's listeners are passive where the browser likes them to be; this one keeps the page from scrolling.
    target.addEventListener('wheel', wheel, { passive: false });
  });
  onBeforeUnmount(cancel);

  return { selecting };
}

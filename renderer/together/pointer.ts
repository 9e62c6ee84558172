/** The mouse on the common axis: the wheel zooms at the pointer, a drag moves, a click opens. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';
import { useTogether } from '../stores/together.ts';
import { lengthOf, toOffset, type Span } from '../timeline/span.ts';

/** A movement of fewer pixels is a click. */
const CLICK = 4;

/** One notch of a wheel is 100 units or so; this makes it a fifth. */
const WHEEL = 0.002;

export interface PlotUses {
  /** Undefined when the pointer leaves. */
  hover(x: number | undefined, y: number | undefined): void;
  click(x: number, y: number): void;
}

export function useTogetherPointer(element: Readonly<Ref<HTMLElement | undefined>>, uses: PlotUses): void {
  const together = useTogether();
  let drag: { readonly x: number; readonly span: Span; moved: boolean } | undefined;

  function place(event: MouseEvent): { x: number; y: number } {
    const box = element.value?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  }

  function down(event: PointerEvent): void {
    if (event.button !== 0) return;
    drag = { x: place(event).x, span: together.span, moved: false };
    element.value?.setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent): void {
    const { x, y } = place(event);
    uses.hover(x, y);
    if (!drag) return;
    drag.moved ||= Math.abs(x - drag.x) >= CLICK;
    if (!drag.moved) return;
    const by = ((drag.x - x) / Math.max(together.width, 1)) * lengthOf(drag.span);
    together.moveTo({ from: drag.span.from + by, to: drag.span.to + by });
  }

  function up(event: PointerEvent): void {
    const clicked = drag && !drag.moved;
    drag = undefined;
    if (clicked) uses.click(place(event).x, place(event).y);
  }

  /** With Alt it scrolls the strips. */
  function wheel(event: WheelEvent): void {
    if (event.altKey) return;
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 40 : 1;
    const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      together.panBy((sideways * pixels) / Math.max(together.width, 1));
      return;
    }
    const at = toOffset(together.span, place(event).x, together.width);
    together.zoomAt(at, Math.exp(event.deltaY * pixels * WHEEL));
  }

  const leave = (): void => {
    if (!drag) uses.hover(undefined, undefined);
  };
  const cancel = (): void => {
    drag = undefined;
  };

  const listeners: readonly [string, (event: never) => void][] = [
    ['pointerdown', down],
    ['pointermove', move],
    ['pointerup', up],
    ['pointercancel', cancel],
    ['pointerleave', leave],
    ['wheel', wheel],
  ];
  const target = ref<HTMLElement>();
  onMounted(() => {
    target.value = element.value;
    // The wheel's listener keeps the page from scrolling, so that it is not passive.
    for (const [name, listener] of listeners) {
      target.value?.addEventListener(name, listener as EventListener, { passive: false });
    }
  });
  onBeforeUnmount(() => {
    for (const [name, listener] of listeners) target.value?.removeEventListener(name, listener as EventListener);
  });
}

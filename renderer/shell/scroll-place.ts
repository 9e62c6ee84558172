/** How far the shown view was scrolled, as a part of the place. */
import { nextTick, onBeforeUnmount, onMounted, shallowRef } from 'vue';
import { usePlaces } from '../stores/places.ts';
import { useView } from '../stores/view.ts';

/** What scrolls in a view: its table, or its page. */
const SCROLLER = '.center [role="grid"], .center [role="treegrid"], .center .page';

/** Rows come, and the selected one is brought into sight, within so many milliseconds after a view is put back. */
const PATIENCE = 800;

/** Pixels at most; beyond, Chromium has no scroll bar. */
const MOST = 40_000_000;

export function useScrollPlace(): void {
  const view = useView();
  const scrolled = shallowRef<{ readonly view: string; readonly top: number }>();
  /** Where it is put back to, until it stays there or a person scrolls. */
  let wanted: { readonly top: number; readonly until: number } | undefined;

  function follow(): void {
    if (!wanted || performance.now() > wanted.until) {
      wanted = undefined;
      return;
    }
    const element = document.querySelector(SCROLLER);
    if (element && Math.abs(element.scrollTop - wanted.top) >= 1) element.scrollTop = wanted.top;
    requestAnimationFrame(follow);
  }

  const end = usePlaces().register({
    name: 'scroll',
    take: () =>
      scrolled.value && scrolled.value.view === view.own() && scrolled.value.top > 0 ? scrolled.value : undefined,
    put: (value) => {
      const { view: of, top } = (value ?? {}) as { view?: unknown; top?: unknown };
      const own = view.own();
      const fits = of === own && typeof top === 'number' && top > 0 && top < MOST;
      scrolled.value = fits ? { view: own, top } : undefined;
      wanted = fits ? { top, until: performance.now() + PATIENCE } : undefined;
      if (wanted) void nextTick(follow);
    },
  });

  function noticed({ target }: Event): void {
    if (!(target instanceof HTMLElement) || !target.matches(SCROLLER)) return;
    const own = view.own();
    // The table hears of it after this, and knows then whether it is still at its end.
    setTimeout(() => {
      if (wanted || !target.isConnected) return;
      const { dataset, scrollTop } = target;
      // A table that follows what is recorded has no place but its end.
      scrolled.value = dataset['follows'] ? undefined : { view: own, top: Math.round(scrollTop) };
    });
  }
  const taken = (): void => {
    wanted = undefined;
  };

  const GESTURES = ['wheel', 'pointerdown', 'keydown'] as const;
  onMounted(() => {
    window.addEventListener('scroll', noticed, { capture: true, passive: true });
    for (const name of GESTURES) window.addEventListener(name, taken, { capture: true, passive: true });
  });
  onBeforeUnmount(() => {
    end();
    window.removeEventListener('scroll', noticed, { capture: true });
    for (const name of GESTURES) window.removeEventListener(name, taken, { capture: true });
  });
}

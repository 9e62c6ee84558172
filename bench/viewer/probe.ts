/**
 * Looks at the window with every frame, from inside the page, so that the driver's own time is in no figure:
 * when something is seen after a click or a key, for how long the table was empty, and how far apart frames came.
 */
import type { Page } from 'playwright';

/** Milliseconds since the click or the key; undefined where it was not seen. */
export interface Times {
  readonly rows: number | undefined;
  readonly exact: number | undefined;
  readonly overview: number | undefined;
}

/** What was seen while something moved. Milliseconds. */
export interface Watched {
  readonly frames: number;
  /** The longest time between two frames. */
  readonly longestGap: number;
  /** The longest time for which no row was to be seen, and for which some row was missing. */
  readonly empty: number;
  readonly missing: number;
}

/** What tells that the rows in sight are those that were asked for, beside being there. */
export type Sign =
  | { readonly kind: 'any' }
  /** The filter's text has been applied. */
  | { readonly kind: 'filter' }
  /** The heading says so. */
  | { readonly kind: 'sort'; readonly column: string };

interface Probe {
  arm(sign: Sign, on: string): void;
  times(): Times;
  watch(): void;
  watched(): Watched;
}

declare global {
  var benchProbe: Probe;
}

/** Puts the probe into the page, once. */
export async function install(window: Page): Promise<void> {
  await window.evaluate(() => {
    const PLACES = [0.1, 0.5, 0.9];
    const table = (): HTMLElement | null => document.querySelector<HTMLElement>('[role=grid]');
    const seen = (): number => {
      const grid = table();
      if (!grid) return 0;
      const box = grid.getBoundingClientRect();
      return PLACES.filter((part) => {
        const y = box.top + 24 + (grid.clientHeight - 24) * part;
        const row = document.elementFromPoint(box.left + 60, y)?.closest('[role=row]');
        const text = row?.querySelector('[role=gridcell]')?.textContent?.trim() ?? '';
        return text !== '' && text !== '…';
      }).length;
    };
    const oneRow = (): boolean => {
      const text = table()?.querySelector('[role=row] > [role=gridcell]')?.textContent?.trim() ?? '';
      return text !== '' && text !== '…';
    };
    const drawn = (): boolean => {
      const canvas = document.querySelector<HTMLCanvasElement>('[data-overview] canvas');
      if (!canvas?.width || !canvas.height) return false;
      const small = document.createElement('canvas');
      small.width = 64;
      small.height = 8;
      const context = small.getContext('2d', { willReadFrequently: true });
      context?.drawImage(canvas, 0, 0, 64, 8);
      return context?.getImageData(0, 0, 64, 8).data.some((value, at) => at % 4 === 3 && value > 0) ?? false;
    };
    const filterState = (): string | undefined =>
      document.querySelector<HTMLElement>('[data-filter-state]')?.dataset['filterState'];
    const holds = (sign: { kind: string; column?: string }): boolean => {
      if (sign.kind === 'filter') return ['running', 'applied'].includes(filterState() ?? '');
      if (sign.kind === 'sort') {
        const sort = document.querySelector(`[data-heading="${sign.column ?? ''}"]`)?.getAttribute('aria-sort');
        return sort === 'ascending' || sort === 'descending';
      }
      return true;
    };
    let armed = 0;
    let found: { rows?: number; exact?: number; overview?: number } = {};
    const arm = (sign: { kind: string; column?: string }, on: string): void => {
      const mine = ++armed;
      found = {};
      const begin = (): void => {
        const start = performance.now();
        const look = (): void => {
          if (mine !== armed) return;
          const now = performance.now() - start;
          if (found.rows === undefined && holds(sign) && oneRow()) found.rows = now;
          if (sign.kind === 'filter' && found.exact === undefined && filterState() === 'applied') found.exact = now;
          if (sign.kind === 'any' && found.overview === undefined && drawn()) found.overview = now;
          // Looking asks for frames itself, and ends with what there is to see.
          const left = sign.kind === 'any' ? found.overview : sign.kind === 'filter' ? found.exact : found.rows;
          if (found.rows === undefined || left === undefined) requestAnimationFrame(look);
        };
        // After the frame that the deed belongs to.
        requestAnimationFrame(look);
      };
      if (on === 'now') begin();
      else globalThis.addEventListener(on, begin, { capture: true, once: true });
    };
    let watching = 0;
    let state = { frames: 0, longestGap: 0, empty: 0, missing: 0 };
    const watch = (): void => {
      const mine = ++watching;
      state = { frames: 0, longestGap: 0, empty: 0, missing: 0 };
      let last = performance.now();
      let [full, some] = [last, last];
      const look = (): void => {
        if (mine !== watching) return;
        const now = performance.now();
        const rows = seen();
        state.frames += 1;
        state.longestGap = Math.max(state.longestGap, now - last);
        // Counted until the frame in which the rows are there again.
        state.empty = Math.max(state.empty, rows > 0 && some === last ? 0 : now - some);
        state.missing = Math.max(state.missing, rows === PLACES.length && full === last ? 0 : now - full);
        if (rows > 0) some = now;
        if (rows === PLACES.length) full = now;
        last = now;
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    globalThis.benchProbe = {
      arm,
      times: () => ({ rows: found.rows, exact: found.exact, overview: found.overview }),
      watch,
      watched: () => {
        watching += 1;
        return state;
      },
    };
  });
}

/** Waits for the next event of that name, or for nothing, and times from there on what is seen. */
export async function arm(window: Page, sign: Sign, on: 'click' | 'keydown' | 'now'): Promise<void> {
  await window.evaluate(
    ([what, event]) => {
      globalThis.benchProbe.arm(what, event);
    },
    [sign, on] as const,
  );
}

/** What was seen, once this was; as far as it was when the time is over. */
export async function timesOf(window: Page, until: keyof Times, longest: number): Promise<Times> {
  const end = performance.now() + longest;
  for (;;) {
    const times = await window.evaluate(() => globalThis.benchProbe.times());
    if (times[until] !== undefined || performance.now() > end) return times;
    await window.waitForTimeout(50);
  }
}

/** What is seen while something is done and for a while after it. */
export async function watching(window: Page, deed: () => Promise<void>, after = 600): Promise<Watched> {
  await window.evaluate(() => {
    globalThis.benchProbe.watch();
  });
  await deed();
  await window.waitForTimeout(after);
  return await window.evaluate(() => globalThis.benchProbe.watched());
}

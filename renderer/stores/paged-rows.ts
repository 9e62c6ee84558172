/**
 * Rows of a sorted table, fetched a page at a time for what is in sight. A page whose capture has grown is shown as it was
 * until the new one is there.
 */
import type { Interval, Page, PageRequest, Progress, RowOrder } from '#contract/page.ts';
import type { Result } from '#contract/result.ts';
import { fromWide, type Wide } from '#contract/wide.ts';
import { computed, ref, shallowReactive, shallowRef, watch, type Ref } from 'vue';
import { useNotices } from './notices.ts';
import { BESIDE, tailRows } from './tail-rows.ts';

export const PAGE_ROWS = 100;

/** Pages that are kept; others are fetched again when they come into sight. */
export const KEPT_PAGES = 80;

/** Pages that are asked for at once, so that what was passed on the way does not come before what is in sight. */
const AT_ONCE = 2;

/**
 * Milliseconds until a page is asked for again whose rows are still being looked for, at first. Then it takes longer from
 * one time to the next, up to so long: questions must not take the time that the work needs. How many rows there are costs
 * next to nothing, and is asked as often as at first.
 */
export const ASK_AGAIN = 40;
const LONGER = 1.1;
const ASK_AT_LATEST = 300;

/** Nor is a page that is full asked for again sooner than so many times what its last answer took, up to so long. */
const REST_SHARE = 6;
const LONGEST_REST = 1200;

/** Nor the rest of a page of which only what is in sight came. */
const PART_REST = 400;

/** How often a page is asked for again whose question was lost with the store. */
const ASK_LOST = 3;

/** The last moment there can be. */
const LAST_NS = '9223372036854775807';

/** Rows that one question fetches for copying. */
const READ_ROWS = 1000;

export interface PagedRowsSource<Row, Column extends string> {
  /** The capture's handle; undefined where none is open. */
  readonly capture: Readonly<Ref<string | undefined>>;
  readonly firstSort: Column;
  /** The column of moments, where rows have one. */
  readonly inTime?: Column;
  /** Whether anybody looks: nothing is asked for before. Always where absent. */
  readonly isShown?: Readonly<Ref<boolean>>;
  /** Whether it tells how many rows there are without any of them. */
  readonly tellsTotal?: boolean;
  fetch(capture: string, request: PageRequest<Column>): Promise<Result<Page<Row>>>;
  indexOf(capture: string, id: number, order: RowOrder<Column>): Promise<Result<number>>;
}

export interface PagedRows<Row, Column extends string> {
  readonly sort: Ref<Column>;
  readonly descending: Ref<boolean>;
  readonly within: Ref<Interval | undefined>;
  /** A text of the filter language; empty where all rows are shown. */
  readonly filter: Ref<string>;
  /** Whether the rows stand as they were recorded, so that new ones come at the end. */
  readonly natural: Readonly<Ref<boolean>>;
  /** Rows in all; undefined until the first page is there. */
  readonly total: Ref<number | undefined>;
  /** How far rows have been looked for; undefined once the total is exact and the order final. */
  readonly progress: Ref<Progress | undefined>;
  readonly order: Readonly<Ref<RowOrder<Column>>>;
  row(index: number): Row | undefined;
  /** Index of the row with that id in the order of now; undefined where these rows do not hold it. */
  indexOf(id: number): Promise<number | undefined>;
  /**
   * Makes sure that these rows come, both ends included.
   * @param follows whether they are wanted as the last ones, wherever these lie when there are more
   */
  want(first: number, last: number, follows?: boolean): void;
  sortBy(column: Column): void;
  /** Only the rows of an interval, or all again. */
  restrict(interval: Interval | undefined): void;
  /** Only the rows that a filter keeps, or all again. The text is valid. */
  narrow(filter: string): void;
  /** Rows of a stretch of the order of now, both ends included; undefined where that could not be read or was changed. */
  read(first: number, last: number): Promise<readonly Row[] | undefined>;
  /** The first row at or after a moment, among those that are shown; undefined where there is none. */
  firstFrom(ns: Wide): Promise<Row | undefined>;
  /** The capture has grown: what is in sight is fetched again. */
  refresh(): void;
  /** Nothing of before is right, and nothing is asked for until somebody wants to see rows. */
  forget(): void;
  /** Another capture or another order: nothing of before is right. */
  reset(): void;
}

const pageOf = (row: number): number => Math.floor(row / PAGE_ROWS);

export function pagedRows<Row, Column extends string>(source: PagedRowsSource<Row, Column>): PagedRows<Row, Column> {
  const notices = useNotices();
  const sort = ref(source.firstSort) as Ref<Column>;
  const descending = ref(false);
  const within = ref<Interval>();
  const filter = ref('');
  const total = ref<number>();
  const progress = shallowRef<Progress>();
  const pages = shallowReactive(new Map<number, readonly Row[]>());
  const fresh = new Set<number>();
  const underWay = new Set<number>();
  /** Pages that came before all rows had been looked at. */
  const unfinished = new Set<number>();
  /** Whether of the first page only what was in sight was asked for, as long as rows are being looked for. */
  let isPart = false;
  let askingAgain: ReturnType<typeof setTimeout> | undefined;
  let counting: ReturnType<typeof setTimeout> | undefined;
  let rest = ASK_AGAIN;
  /** Milliseconds that the last page took, where it was full. */
  let took = 0;
  /** Questions in a row that were lost with the store. */
  let lost = 0;
  let wanted: readonly [number, number] = [0, 0];
  /** How many rows were in sight last; undefined where nobody has looked yet. */
  let inSight: number | undefined;
  let generation = 0;

  const order = computed(() => ({
    sort: sort.value,
    descending: descending.value,
    ...(within.value ? { within: { ...within.value } } : {}),
    ...(filter.value === '' ? {} : { filter: filter.value }),
  }));

  const natural = computed(() => sort.value === source.firstSort && !descending.value);

  const tail = tailRows<Row>({
    fetch: async (limit) => {
      const capture = source.capture.value;
      const asked = generation;
      const result = capture && (await source.fetch(capture, { ...order.value, start: -limit, limit }));
      return result && asked === generation ? notices.valueOf(result) : undefined;
    },
    came: (page) => {
      take(page);
      // Of these rows pages hold what was there before.
      for (let at = pageOf(page.start); at <= pageOf(page.start + page.rows.length); at++) drop(at);
      if (page.progress) askAgain();
      count(page);
    },
    rested: () => void ask(),
  });

  async function load(page: number): Promise<void> {
    const capture = source.capture.value;
    if (capture === undefined || underWay.has(page)) return;
    const asked = generation;
    underWay.add(page);
    fresh.add(page);
    const started = performance.now();
    const limit = firstRows(page);
    const result = await source.fetch(capture, { ...order.value, start: page * PAGE_ROWS, limit });
    if (asked !== generation) return;
    underWay.delete(page);
    const found = notices.valueOf(result);
    took = found?.rows.length === limit ? performance.now() - started : 0;
    if (!found) {
      const isOld = !fresh.delete(page);
      // Another store takes the place of one that is gone; what else failed is asked again when it next comes into sight.
      const isLost = !result.ok && result.error.code === 'store-gone' && lost++ < ASK_LOST;
      if (isLost) {
        unfinished.add(page);
        askAgain();
      }
      // The capture may have grown while the page was under way.
      ask(isOld && !isLost ? undefined : page);
      return;
    }
    lost = 0;
    take(found);
    pages.set(page, found.rows);
    const isCut = limit < PAGE_ROWS && found.rows.length === limit;
    // What is below comes after the number of rows, which it would keep waiting.
    if (isCut) isPart = found.progress !== undefined && !found.counted;
    if (isCut && !isPart) fresh.delete(page);
    else if (found.progress && (isCut || !found.settled)) unfinished.add(page);
    if (unfinished.size > 0) askAgain();
    count(found);
    if (pages.size > KEPT_PAGES) forgetFarthest();
    // The capture may have grown while the page was under way, and others may have come into sight.
    ask();
  }

  /** Of another filter or order what is in sight comes first: each row takes the store some time. */
  function firstRows(page: number): number {
    if (page > 0 || (total.value !== undefined && !isPart) || inSight === undefined) return PAGE_ROWS;
    return Math.min(inSight + BESIDE, PAGE_ROWS);
  }

  function take(found: Page<Row>): void {
    total.value = found.total;
    progress.value = found.counted ? undefined : found.progress;
  }

  function drop(page: number): void {
    pages.delete(page);
    fresh.delete(page);
  }

  function askAgain(): void {
    if (askingAgain !== undefined) return;
    const least = isPart ? PART_REST : rest;
    askingAgain = setTimeout(flush, Math.max(least, Math.min(REST_SHARE * took, LONGEST_REST)));
    rest = Math.min(rest * LONGER, ASK_AT_LATEST);
  }

  function flush(): void {
    clearTimeout(askingAgain);
    askingAgain = undefined;
    for (const page of unfinished) fresh.delete(page);
    unfinished.clear();
    isPart = false;
    tail.refresh();
    ask();
  }

  /** Nobody asks any more how many there are: who wants to know asks for pages again. */
  function leave(): void {
    for (const page of pages.keys()) unfinished.add(page);
  }

  /** Asks how far a filter or an order is for as long as it is not through; then what came before is asked for at once. */
  function count(found: Page<Row>): void {
    const capture = source.capture.value;
    const isAsRecorded = filter.value === '' && natural.value;
    const isKnown = !found.progress || found.counted === true || isAsRecorded;
    if (isKnown || !source.tellsTotal || counting !== undefined || capture === undefined) return;
    const asked = generation;
    counting = setTimeout(() => {
      if (source.isShown?.value === false) {
        counting = undefined;
        leave();
        return;
      }
      void source.fetch(capture, { ...order.value, start: 0, limit: 0 }).then((result) => {
        if (asked !== generation) return;
        counting = undefined;
        if (result.ok) {
          take(result.value);
          count(result.value);
          if (!result.value.progress && unfinished.size > 0) flush();
        } else {
          // What is wrong is told once the pages are asked for.
          leave();
          askAgain();
        }
      });
    }, ASK_AGAIN);
  }

  /** The page farthest from what is in sight. */
  function forgetFarthest(): void {
    const from = pageOf(wanted[0]);
    let farthest = from;
    for (const page of pages.keys()) if (Math.abs(page - from) > Math.abs(farthest - from)) farthest = page;
    drop(farthest);
  }

  function want(first: number, last: number, follows = false): void {
    wanted = [first, last];
    if (last > first) inSight = last - first + 1;
    if (isPart && last >= (pages.get(0)?.length ?? 0)) {
      isPart = false;
      fresh.delete(0);
    }
    tail.follow(follows ? last - first + 1 : 0);
    ask();
  }

  /** For the rows at the end, where they are followed, else for the pages in sight that are not under way, but one. */
  function ask(except?: number): void {
    if (source.isShown?.value === false) return;
    const [first, last] = wanted;
    if (tail.ask() || tail.covers(first, last)) return;
    for (let page = pageOf(first); page <= pageOf(last) && underWay.size < AT_ONCE; page++) {
      if (!fresh.has(page) && page !== except) void load(page);
    }
  }

  function forget(): void {
    generation += 1;
    pages.clear();
    fresh.clear();
    underWay.clear();
    unfinished.clear();
    isPart = false;
    tail.forget();
    clearTimeout(askingAgain);
    clearTimeout(counting);
    askingAgain = counting = undefined;
    rest = ASK_AGAIN;
    lost = 0;
    total.value = undefined;
    progress.value = undefined;
  }

  function reset(): void {
    forget();
    if (source.capture.value !== undefined) want(0, 0);
  }

  function refresh(): void {
    fresh.clear();
    tail.refresh();
    ask();
  }

  async function indexOf(id: number): Promise<number | undefined> {
    const capture = source.capture.value;
    if (capture === undefined) return undefined;
    const answer = await source.indexOf(capture, id, order.value);
    // A selection that these rows do not hold is shown elsewhere; that is no error.
    return answer.ok ? answer.value : undefined;
  }

  function sortBy(column: Column): void {
    if (sort.value === column) descending.value = !descending.value;
    else {
      sort.value = column;
      descending.value = false;
    }
    reset();
  }

  function restrict(interval: Interval | undefined): void {
    within.value = interval;
    reset();
  }

  function narrow(text: string): void {
    if (text === filter.value) return;
    filter.value = text;
    reset();
  }

  async function read(first: number, last: number): Promise<readonly Row[] | undefined> {
    const capture = source.capture.value;
    const asked = generation;
    const rows: Row[] = [];
    while (capture !== undefined && first + rows.length <= last) {
      const start = first + rows.length;
      const limit = Math.min(last - start + 1, READ_ROWS);
      const found = notices.valueOf(await source.fetch(capture, { ...order.value, start, limit }));
      if (!found || asked !== generation) return undefined;
      if (found.rows.length === 0) break;
      rows.push(...found.rows);
    }
    return rows;
  }

  async function firstFrom(ns: Wide): Promise<Row | undefined> {
    const capture = source.capture.value;
    if (capture === undefined || source.inTime === undefined) return undefined;
    const { fromNs = ns, toNs = LAST_NS } = within.value ?? {};
    const span = { fromNs: fromWide(fromNs) > fromWide(ns) ? fromNs : ns, toNs };
    const asked = { ...order.value, sort: source.inTime, descending: false, within: span, start: 0, limit: 1 };
    for (;;) {
      const found = notices.valueOf(await source.fetch(capture, asked));
      if (!found || found.rows.length > 0 || !found.progress) return found?.rows[0];
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
    }
  }

  if (source.isShown) {
    watch(source.isShown, (isShown) => {
      if (isShown) flush();
    });
  }

  return {
    sort,
    descending,
    within,
    filter,
    natural,
    total,
    progress,
    order,
    row: (index) => pages.get(pageOf(index))?.[index % PAGE_ROWS] ?? tail.row(index),
    indexOf,
    want,
    sortBy,
    restrict,
    narrow,
    read,
    firstFrom,
    refresh,
    forget,
    reset,
  };
}

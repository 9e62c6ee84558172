/**
 * The rows at the end of a table that grows, for whoever follows them: one question brings them together with how many rows
 * there are, so that what is in sight is never of two moments, and no more is fetched than that.
 */
import type { Page } from '#contract/page.ts';
import { shallowRef } from 'vue';

/** Rows beyond those in sight: what is in sight may begin in the middle of a row, and end in one. */
export const BESIDE = 4;

/** Milliseconds between an answer and the next question, at least; where the answer took longer, so long, but not for ever. */
export const REST = 30;
const LONGEST_REST = 300;

interface Stretch<Row> {
  readonly start: number;
  readonly rows: readonly Row[];
}

export interface TailUses<Row> {
  /** Asks for that many rows at the end; undefined where there is no answer, or nobody wants it any more. */
  fetch(rows: number): Promise<Page<Row> | undefined>;
  /** They have come. */
  came(page: Page<Row>): void;
  /** Another question could be asked. */
  rested(): void;
}

export interface TailRows<Row> {
  row(index: number): Row | undefined;
  /** @param rows how many are in sight at the end; 0 where nobody follows */
  follow(rows: number): void;
  /** Whether the rows that came last hold these, both ends included. */
  covers(first: number, last: number): boolean;
  /** There are more now. */
  refresh(): void;
  /** Asks where somebody follows and there are more. Returns whether an answer is under way, or being shown. */
  ask(): boolean;
  /** Nothing of before is right. */
  forget(): void;
}

export function tailRows<Row>(uses: TailUses<Row>): TailRows<Row> {
  /** The last one and the one before it, which is shown until the last one is scrolled to. */
  const stretches = shallowRef<readonly Stretch<Row>[]>([]);
  let followed = 0;
  let isFresh = false;
  let busy = false;
  let generation = 0;
  let resting: ReturnType<typeof setTimeout> | undefined;

  async function load(): Promise<void> {
    const asked = generation;
    const started = performance.now();
    busy = isFresh = true;
    const page = await uses.fetch(followed);
    if (asked !== generation) return;
    if (page) {
      stretches.value = [page, ...stretches.value.slice(0, 1)];
      uses.came(page);
    }
    resting = setTimeout(
      () => {
        busy = false;
        uses.rested();
      },
      Math.min(Math.max(REST, performance.now() - started), LONGEST_REST),
    );
  }

  return {
    row(index) {
      for (const { start, rows } of stretches.value) {
        const row = index < start ? undefined : rows[index - start];
        if (row !== undefined) return row;
      }
      return undefined;
    },
    follow(rows) {
      followed = rows === 0 ? 0 : rows + BESIDE;
    },
    covers(first, last) {
      const [newest] = stretches.value;
      return isFresh && newest !== undefined && first >= newest.start && last < newest.start + newest.rows.length;
    },
    refresh() {
      isFresh = false;
    },
    ask() {
      if (followed === 0) return false;
      if (!isFresh && !busy) void load();
      return busy;
    },
    forget() {
      generation += 1;
      busy = isFresh = false;
      clearTimeout(resting);
      stretches.value = [];
    },
  };
}

/** Two open images held against each other: a step at a time, and then what differs, a page at a time. */
import type { ModuleDiff } from '#contract/diff.ts';
import {
  DIFFERENCE_GROUPS,
  type CompareStep,
  type Comparison as Told,
  type DifferenceGroup,
  type DifferenceRow,
  type DifferencesRequest,
} from '#contract/module-compare.ts';
import type { Page } from '#contract/page.ts';
import { diffSteps, type Compared } from '../module/diff/diff.ts';
import { differenceRows, Locator, type PlainRow } from '../module/diff/rows.ts';

/** Milliseconds of one step: others are answered in between. */
const STEP = 80;

/** Characters of a name that a row shows; all of it is in the bytes. */
const LONGEST = 500;

export class Comparison {
  readonly here: Compared;
  readonly there: Compared;
  readonly #steps: AsyncGenerator<number, ModuleDiff>;
  #done = 0;
  #told: Told | undefined;
  #rows: readonly PlainRow[] = [];
  #locators: readonly [Locator, Locator] | undefined;
  /** Numbers of the rows in the order that was asked for last. */
  #order: { readonly key: string; readonly ids: readonly number[] } | undefined;

  constructor(here: Compared, there: Compared) {
    this.here = here;
    this.there = there;
    this.#steps = diffSteps(here, there);
  }

  async step(): Promise<CompareStep> {
    for (const end = performance.now() + STEP; !this.#told && performance.now() < end;) {
      const step = await this.#steps.next();
      if (step.done) this.#finish(step.value);
      else this.#done = step.value;
    }
    return this.#told ? { comparison: this.#told } : { done: this.#done };
  }

  page(request: DifferencesRequest): Page<DifferenceRow> {
    const { start, limit } = request;
    const ids = this.#ordered(request);
    return { start, rows: ids.slice(start, start + limit).map((id) => this.#row(id)), total: ids.length };
  }

  #finish(diff: ModuleDiff): void {
    this.#rows = differenceRows(diff);
    const counts = Object.fromEntries(DIFFERENCE_GROUPS.map((group) => [group, 0])) as Record<DifferenceGroup, number>;
    for (const { group } of this.#rows) counts[group] += 1;
    const { a: here, b: there, identical, functions, bytes, problems } = diff;
    this.#told = {
      ...{ here, there, identical, counts, problems },
      sameFunctions: functions.same,
      differentBytes: bytes.different,
      moreBytes: bytes.more,
    };
  }

  #row(id: number): DifferenceRow {
    const row = this.#rows[id];
    if (!row) throw new RangeError(`no difference ${String(id)}`);
    this.#locators ??= [new Locator(this.here), new Locator(this.there)];
    const [here, there] = this.#locators;
    const hereRange = row.side === 'there' ? undefined : (row.hereRange ?? here.rangeOf(row, row.here));
    const thereRange = row.side === 'here' ? undefined : (row.thereRange ?? there.rangeOf(row, row.there));
    const name = row.name.length > LONGEST ? `${row.name.slice(0, LONGEST)} …` : row.name;
    return { id, ...row, name, ...(hereRange ? { hereRange } : {}), ...(thereRange ? { thereRange } : {}) };
  }

  #ordered({ sort, descending, filter = '', only }: DifferencesRequest): readonly number[] {
    const key = JSON.stringify([sort, descending, filter, only]);
    if (this.#order?.key === key) return this.#order.ids;
    const wanted = filter.toLowerCase();
    const ids: number[] = [];
    for (const [id, row] of this.#rows.entries()) {
      if (only !== undefined && row.group !== only) continue;
      if (wanted === '' || wordsOf(row).toLowerCase().includes(wanted)) ids.push(id);
    }
    if (sort !== 'group') {
      const value = (id: number): string => this.#rows[id]?.[sort] ?? '';
      ids.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a - b));
    }
    if (descending) ids.reverse();
    this.#order = { key, ids };
    return ids;
  }
}

const wordsOf = ({ name, here = '', there = '', remark = '' }: PlainRow): string =>
  [name, here, there, remark].join('\n');

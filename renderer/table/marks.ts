/**
 * Several rows selected at once. One of them is the active row, which timeline and inspector show; what else is selected
 * is known to the table alone, and only until the active row is moved by something else or the order changes.
 */
import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { amountOf, isIn, nearestIn, rangeOf, withoutRow, withRange, type RowRanges } from './ranges.ts';

export interface Marks {
  /** The active row among them. */
  readonly ranges: ComputedRef<RowRanges>;
  readonly amount: ComputedRef<number>;
  has(row: number): boolean;
  /** This row alone. */
  only(row: number): void;
  /** One more, or one less. */
  toggle(row: number): void;
  /** From where the last selection began up to this row; `adding` keeps what was selected before. */
  extend(row: number, adding?: boolean): void;
  all(total: number): void;
}

/**
 * @param active - index of the active row
 * @param order - another object whenever rows stand in another order
 * @param activate - makes a row the active one
 */
export function useMarks(
  active: Readonly<Ref<number | undefined>>,
  order: () => object,
  activate: (row: number) => void,
): Marks {
  /** Empty where the active row is the only one. */
  const several = shallowRef<RowRanges>([]);
  let anchor: number | undefined;
  /** The active row as it was last moved from here. */
  let expected: number | undefined;

  const ranges = computed<RowRanges>(() => {
    if (several.value.length > 0) return several.value;
    return active.value === undefined ? [] : [rangeOf(active.value, active.value)];
  });

  function go(row: number, next: RowRanges): void {
    several.value = next;
    expected = row;
    activate(row);
  }

  function only(row: number): void {
    anchor = row;
    go(row, []);
  }

  function toggle(row: number): void {
    anchor = row;
    if (!isIn(ranges.value, row)) {
      go(row, withRange(ranges.value, rangeOf(row, row)));
      return;
    }
    const left = withoutRow(ranges.value, row);
    go(nearestIn(left, row) ?? row, left);
  }

  function extend(row: number, adding = false): void {
    anchor ??= active.value ?? row;
    const range = rangeOf(anchor, row);
    go(row, adding ? withRange(ranges.value, range) : [range]);
  }

  function all(total: number): void {
    if (total === 0) return;
    const row = active.value ?? 0;
    anchor = 0;
    go(row, [rangeOf(0, total - 1)]);
  }

  watch([active, order], ([row], [, before]) => {
    if (row === expected && order() === before) return;
    several.value = [];
    anchor = expected = row;
  });

  return {
    ranges,
    amount: computed(() => amountOf(ranges.value)),
    has: (row) => isIn(ranges.value, row),
    only,
    toggle,
    extend,
    all,
  };
}

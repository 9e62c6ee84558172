/** A table's columns as the user has arranged them, kept in the settings. */
import type { TableLayout } from '#contract/api.ts';
import { computed, shallowRef, type ComputedRef } from 'vue';
import { useSettings } from '../stores/settings.ts';
import type { Column } from './column.ts';
import { arranged, firstLayout, moved, sized, toggled, unsized } from './layout.ts';

/** What headings need to be arranged. */
export interface Arrangement {
  /** All columns there are, in their first order. */
  readonly all: readonly Column<string>[];
  isShown(name: string): boolean;
  /** Shows a column after another one, or hides it. */
  toggle(name: string, after?: string): void;
  /** @param to - its place among the columns that are shown */
  move(name: string, to: number): void;
  /** Shown at once; kept by `settle`. */
  resize(name: string, pixels: number): void;
  /** The column is as wide as at first. */
  unsize(name: string): void;
  settle(): void;
  /** Everything as at first. */
  restore(): void;
}

export interface ArrangedColumns<Name extends string> extends Arrangement {
  readonly all: readonly Column<Name>[];
  readonly shown: ComputedRef<readonly Column<Name>[]>;
}

/** @param table - under which the settings hold it */
export function useArrangement<Name extends string>(
  table: string,
  all: readonly Column<Name>[],
): ArrangedColumns<Name> {
  const settings = useSettings();
  /** While a width is dragged. */
  const dragged = shallowRef<TableLayout>();
  const layout = computed(() => dragged.value ?? settings.layout(table) ?? firstLayout(all));

  function keep(next: TableLayout): void {
    dragged.value = undefined;
    void settings.arrange(table, next);
  }

  return {
    all,
    shown: computed(() => arranged(all, layout.value)),
    isShown: (name) => layout.value.columns.includes(name),
    toggle: (name, after) => {
      keep(toggled(layout.value, name, after));
    },
    move: (name, to) => {
      keep(moved(layout.value, name, to));
    },
    resize: (name, pixels) => {
      dragged.value = sized(layout.value, name, pixels);
    },
    unsize: (name) => {
      keep(unsized(layout.value, name));
    },
    settle: () => {
      if (dragged.value) keep(dragged.value);
    },
    restore: () => {
      dragged.value = undefined;
      void settings.arrange(table, undefined);
    },
  };
}

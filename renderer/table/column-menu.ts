/** What can be done with a column: the menu of its heading. */
import type { MenuEntry } from '../stores/context-menu.ts';
import type { Arrangement } from './arrangement.ts';
import type { Column } from './column.ts';

export interface ColumnDeeds {
  sort(descending: boolean): void;
  /** As wide as what is in sight needs. */
  fit(): void;
}

/** @param shown - the columns as they stand */
export function columnMenu(
  column: Column<string>,
  shown: readonly Column<string>[],
  arrangement: Arrangement,
  { sort, fit }: ColumnDeeds,
): readonly MenuEntry[] {
  const { name } = column;
  const place = shown.findIndex((other) => other.name === name);
  return [
    {
      label: 'Sort upwards',
      disabled: column.unsorted === true,
      run: () => {
        sort(false);
      },
    },
    {
      label: 'Sort downwards',
      disabled: column.unsorted === true,
      run: () => {
        sort(true);
      },
    },
    'line',
    {
      label: 'Move left',
      hint: 'Ctrl Shift ←',
      disabled: place === 0,
      run: () => {
        arrangement.move(name, place - 1);
      },
    },
    {
      label: 'Move right',
      hint: 'Ctrl Shift →',
      disabled: place === shown.length - 1,
      run: () => {
        arrangement.move(name, place + 1);
      },
    },
    { label: 'Fit to what is in sight', run: fit },
    {
      label: 'Width as at first',
      run: () => {
        arrangement.unsize(name);
      },
    },
    {
      label: `Hide ${column.heading}`,
      disabled: shown.length === 1,
      run: () => {
        arrangement.toggle(name);
      },
    },
    'line',
    ...chosenColumns(arrangement, name),
  ];
}

/** Every column to be shown or hidden, and all as at first. */
export function chosenColumns(arrangement: Arrangement, after?: string): readonly MenuEntry[] {
  return [
    { heading: 'Columns' },
    ...arrangement.all.map(({ name, heading }) => ({
      label: heading,
      // The menu stays open for the next one.
      get checked() {
        return arrangement.isShown(name);
      },
      run: () => {
        arrangement.toggle(name, after);
      },
    })),
    'line',
    { label: 'Columns as at first', run: arrangement.restore },
  ];
}

import { describe, expect, test } from 'vitest';
import type { Column } from '../../../renderer/table/column.ts';
import { arranged, firstLayout, leastWidth, moved, sized, toggled, unsized } from '../../../renderer/table/layout.ts';

type Name = 'a' | 'b' | 'c';

const COLUMNS: readonly Column<Name>[] = [
  { name: 'a', heading: 'A', width: '100px' },
  { name: 'b', heading: 'B', width: 'minmax(90px, 2fr)' },
  { name: 'c', heading: 'C', width: '50px', hidden: true },
];
const FIRST = firstLayout(COLUMNS);
const namesOf = (layout = FIRST): string[] => arranged(COLUMNS, layout).map(({ name }) => name);

test('a table begins with the columns that are not hidden, each as wide as it says', () => {
  expect(arranged(COLUMNS, undefined)).toEqual(COLUMNS.slice(0, 2));
});

describe('a layout', () => {
  test('takes a column to another place, within the ends', () => {
    expect(namesOf(moved(FIRST, 'a', 1))).toEqual(['b', 'a']);
    expect(namesOf(moved(FIRST, 'b', -5))).toEqual(['b', 'a']);
    expect(namesOf(moved(FIRST, 'a', 99))).toEqual(['b', 'a']);
  });

  test('shows a column after another one and hides it again, but never the last one', () => {
    const shown = toggled(FIRST, 'c', 'a');
    expect(namesOf(shown)).toEqual(['a', 'c', 'b']);
    expect(namesOf(toggled(shown, 'c'))).toEqual(['a', 'b']);
    const one = toggled(FIRST, 'a');
    expect(toggled(one, 'b')).toBe(one);
  });

  test('keeps widths within bounds, and forgets them', () => {
    const wide = sized(FIRST, 'b', 250.4);
    expect(arranged(COLUMNS, wide)[1]?.width).toBe('250px');
    expect(arranged(COLUMNS, sized(FIRST, 'b', 3))[1]?.width).toBe('40px');
    expect(arranged(COLUMNS, unsized(wide, 'b'))[1]?.width).toBe('minmax(90px, 2fr)');
  });

  test('of another version shows what there is', () => {
    expect(namesOf({ columns: ['gone', 'b', 'b', '__proto__'], widths: { gone: 20 } })).toEqual(['b']);
    expect(namesOf({ columns: ['gone'], widths: {} })).toEqual(['a', 'b']);
  });
});

test('the least width is that of all tracks together', () => {
  expect(leastWidth(COLUMNS)).toBe(240);
});

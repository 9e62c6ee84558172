/** Which of a table's columns are shown, in which order, and how wide. */
import type { TableLayout } from '#contract/api.ts';
import type { Column } from './column.ts';

/** No column gets narrower, in pixels. */
export const NARROWEST = 40;
const WIDEST = 4000;

type Columns<Name extends string> = readonly Column<Name>[];

/** What a table looks like before anybody has changed it. */
export const firstLayout = <Name extends string>(columns: Columns<Name>): TableLayout => ({
  columns: columns.filter(({ hidden }) => hidden !== true).map(({ name }) => name),
  widths: {},
});

/** The columns to show. Names that no column has, as another version may have left them, are passed over. */
export function arranged<Name extends string>(
  columns: Columns<Name>,
  layout: TableLayout | undefined,
): readonly Column<Name>[] {
  const { columns: names, widths } = layout ?? firstLayout(columns);
  const found = [...new Set(names)].flatMap((name) => columns.find((column) => column.name === name) ?? []);
  if (found.length === 0) return arranged(columns, firstLayout(columns));
  return found.map((column) => {
    const width = Object.hasOwn(widths, column.name) ? widths[column.name] : undefined;
    return width === undefined ? column : { ...column, width: `${String(width)}px` };
  });
}

/** Takes a column to another place among those that are shown. */
export function moved(layout: TableLayout, name: string, to: number): TableLayout {
  const others = layout.columns.filter((column) => column !== name);
  const at = Math.min(Math.max(to, 0), others.length);
  return { ...layout, columns: [...others.slice(0, at), name, ...others.slice(at)] };
}

/** Shows a column after that one, or hides it; the last one stays. */
export function toggled(layout: TableLayout, name: string, after?: string): TableLayout {
  if (!layout.columns.includes(name)) {
    const at = after === undefined ? -1 : layout.columns.indexOf(after);
    return moved(layout, name, at < 0 ? layout.columns.length : at + 1);
  }
  if (layout.columns.length === 1) return layout;
  return { ...layout, columns: layout.columns.filter((column) => column !== name) };
}

export function sized(layout: TableLayout, name: string, pixels: number): TableLayout {
  const width = Math.round(Math.min(Math.max(pixels, NARROWEST), WIDEST));
  return { ...layout, widths: { ...layout.widths, [name]: width } };
}

/** The column is as wide as at first. */
export function unsized(layout: TableLayout, name: string): TableLayout {
  const others = Object.entries(layout.widths).filter(([column]) => column !== name);
  return { ...layout, widths: Object.fromEntries(others) };
}

/** The least that a grid track takes, in pixels: "minmax(90px, 1fr)" takes 90. */
const leastOf = (track: string): number => Number(/(\d+(?:\.\d+)?)px/.exec(track)?.[1] ?? NARROWEST);

/** Pixels that the columns need at least; a narrower table scrolls sideways. */
export const leastWidth = <Name extends string>(columns: Columns<Name>): number =>
  columns.reduce((sum, { width }) => sum + leastOf(width), 0);

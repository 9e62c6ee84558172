/** The table that people read. */
import type { Row } from './results.ts';

type Cell = readonly [title: string, text: (row: Row) => string];

const CELLS: readonly Cell[] = [
  ['tool', (row): string => row.tool],
  ['getppid', (row): string => times(row.getppid)],
  ['load of dummy', (row): string => times(row.dummy)],
  ['largest module', (row): string => times(row.large)],
  ['idle CPU', (row): string => unit(row.idleCpu, '%', 2)],
  ['idle memory', (row): string => unit(row.idleMemory, ' MiB', 1)],
  ['flood: calls', (row): string => unit(row.made, '', 0)],
  ['lost', (row): string => unit(row.lost, '%', 2)],
  ['CPU', (row): string => unit(row.floodCpu, '%', 0)],
  ['MB', (row): string => unit(row.floodMegabytes, '', 2)],
  ['bytes a call', (row): string => unit(row.identical, '', 2)],
  ['if distinct', (row): string => unit(row.distinct, '', 0)],
];

function times(value: number | undefined): string {
  return value === undefined ? '–' : `${value.toFixed(2)}×`;
}

function unit(value: number | undefined, name: string, digits: number): string {
  return value === undefined ? '–' : `${value.toFixed(digits)}${name}`;
}

/** A table in Markdown; a tool that did not run says so. */
export function tableOf(rows: readonly Row[]): string {
  const titles = CELLS.map(([title]) => title);
  const lines = rows.map((row) =>
    row.ran ? CELLS.map(([, text]) => text(row)) : [row.tool, 'did not run', ...CELLS.slice(2).map(() => '–')],
  );
  const widths = titles.map((title, at) => Math.max(title.length, ...lines.map((line) => line[at]?.length ?? 0)));
  const print = (line: readonly string[]): string =>
    `| ${line.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |\n`;
  return [print(titles), print(widths.map((width) => '-'.repeat(width))), ...lines.map(print)].join('');
}

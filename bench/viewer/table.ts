/** The tables that people read, in Markdown. */
import { sizeName } from './captures.ts';
import type { Numbers } from './deeds.ts';
import type { Peer } from './peers.ts';

/** What was found on a capture of one size. */
export interface Measured {
  readonly events: number;
  /** The machine's, in the minute before it began. */
  readonly load: number;
  readonly app: Numbers;
  readonly peers: readonly Peer[];
}

/** Questions that the others answer too, by what they are called there, and the app's name for each. */
const SHARED: readonly (readonly [theirs: string, ours: string])[] = [
  ['first screen', 'opening: first rows'],
  ['first screen, all counted', 'opening: overview'],
  ...['kind', 'comm', 'path', 'word'].flatMap((name) =>
    ['first rows', 'exact count'].map((what) => [`${name}: ${what}`, `filter, ${name}: ${what}`] as const),
  ),
  ...['kind', 'returned', 'what'].map((column) => [`events by ${column}`, `sort, events by ${column}`] as const),
];

const number = (value: number | undefined): string =>
  value === undefined ? '–' : value < 10 ? value.toFixed(1) : value.toFixed(0);

const times = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? '–' : `${value < 10 ? value.toFixed(2) : value.toFixed(0)}×`;

const divide = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined || b === 0 ? undefined : a / b;

function markdown(titles: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = titles.map((title, at) => Math.max(title.length, ...lines.map((line) => line[at]?.length ?? 0)));
  const print = (line: readonly string[]): string =>
    `| ${line.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |\n`;
  return [print(titles), print(widths.map((width) => '-'.repeat(width))), ...lines.map(print)].join('');
}

/** The app alone, with what each figure grows by from one size to the next. */
export function tableOf(measured: readonly Measured[]): string {
  const names = [...new Set(measured.flatMap(({ app }) => Object.keys(app)))];
  const titles = ['Modtrail, milliseconds', ...measured.map(({ events }) => sizeName(events)), 'grows by'];
  const lines = names.map((name) => {
    const values = measured.map(({ app }) => app[name]);
    const growth = values.slice(1).map((value, at) => times(divide(value, values[at])));
    return [name, ...values.map(number), growth.join(', ') || '–'];
  });
  return markdown(titles, lines);
}

/** What the others take, and that as a multiple of what the app takes. */
export function besideOthers({ events, app, peers }: Measured): string {
  const there = peers.filter(({ missing }) => missing === undefined);
  const left = peers.filter(({ missing }) => missing !== undefined);
  const lines = SHARED.map(([theirs, ours]) => [
    theirs,
    `${number(app[ours])} ms`,
    ...there.map(({ numbers }) => {
      const value = numbers[theirs];
      return value === undefined ? '–' : `${number(value)} ms, ${times(divide(value, app[ours]))}`;
    }),
  ]);
  const words = left.map(({ name, missing }) => `${name}: left out, ${missing ?? ''}\n`).join('');
  return `${markdown([sizeName(events), 'Modtrail', ...there.map(({ name }) => name)], lines)}${words}`;
}

/** `modtrail modules` and `modtrail processes`: what the attempts were about, and what led to them. */
import { VERDICTS, verdictsByName } from '#contract/attempt.ts';
import type { LineageRow } from '#contract/lineage.ts';
import type { RosterGrouping, RosterRow, Several } from '#contract/roster.ts';
import { VERDICT_MARKS } from '#core/attempt/story.ts';
import { eachPage, ndjson, withCapture } from '../open.ts';
import { Table, write } from '../output.ts';

/** "L12 R3": the marks of `attempts`, with how many of each. */
function counts(verdicts: readonly number[]): string {
  const marks = new Map<string, number>();
  VERDICTS.forEach((verdict, at) => {
    const mark = VERDICT_MARKS[verdict];
    marks.set(mark, (marks.get(mark) ?? 0) + (verdicts[at] ?? 0));
  });
  return Array.from(marks, ([mark, amount]) => (amount > 0 ? [`${mark}${String(amount)}`] : []))
    .flat()
    .join(' ');
}

const texts = ({ first, count, atLeast }: Several): string =>
  `${first.join(', ')}${count > first.length ? ` and ${String(count - first.length)}${atLeast ? ' or' : ''} more` : ''}`;

const signers = (row: RosterRow): string =>
  row.signers.map((signer) => (signer.state === 'signed' ? signer.by : signer.state)).join(', ');

function moduleRow(row: RosterRow): string[] {
  return [
    row.rest ? '(all others)' : texts(row.names),
    counts(row.verdicts),
    row.firstTime ?? '',
    row.lastTime ?? '',
    [...(row.live > 0 ? [`${String(row.live)} live`] : []), ...(row.hidden ? ['hidden'] : [])].join(', '),
    signers(row),
    texts(row.programs),
    row.sha256 ?? (row.images > 1 ? `${String(row.images)} images` : ''),
    texts(row.paths),
  ];
}

export function modules(path: string, options: { json?: true; by?: RosterGrouping }): Promise<void> {
  return withCapture(path, async (capture) => {
    const order = { grouping: options.by ?? 'name', sort: 'first', descending: false } as const;
    while (capture.roster({ ...order, start: 0, limit: 1 }).progress);
    await capture.readSigners();
    const page = (start: number, limit: number) => capture.roster({ ...order, start, limit });
    if (options.json) {
      return eachPage(page, Infinity, (rows) =>
        write(ndjson(rows.map((row) => ({ ...row, verdicts: verdictsByName(row.verdicts) })))),
      );
    }
    const table = new Table(['MODULES', 'ATTEMPTS', 'FIRST', 'LAST', 'NOW', 'SIGNER', 'BY', 'SHA-256', 'FROM'], 64);
    await eachPage(page, Infinity, (rows) => table.write(rows.map(moduleRow)));
    await table.end();
  });
}

function processRow(row: LineageRow): string[] {
  return [
    `${'  '.repeat(Math.min(row.level - 1, 20))}${row.comm ?? '(not recorded)'} ${String(row.pid ?? '')}`,
    counts(row.tree),
    counts(row.own),
    row.uid === undefined ? '' : String(row.uid),
    row.startTime ?? '',
    row.firstTime,
    row.lastTime,
    row.exe ?? '',
  ];
}

export function processes(path: string, options: { json?: true }): Promise<void> {
  return withCapture(path, async (capture) => {
    while (capture.lineage({ toggled: [], start: 0, limit: 1 }).progress);
    const page = (start: number, limit: number) => capture.lineage({ toggled: [], everything: true, start, limit });
    if (options.json) {
      return eachPage(page, Infinity, (rows) =>
        write(ndjson(rows.map((row) => ({ ...row, own: verdictsByName(row.own), tree: verdictsByName(row.tree) })))),
      );
    }
    const table = new Table(['PROCESS', 'ATTEMPTS OF ITS TREE', 'OWN', 'UID', 'STARTED', 'FIRST', 'LAST', 'PROGRAM']);
    await eachPage(page, Infinity, (rows) => table.write(rows.map(processRow)));
    await table.end();
  });
}

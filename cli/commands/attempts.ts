/** `modtrail attempts` and `modtrail story`: what each call came to. */
import type { Attempt } from '#contract/attempt.ts';
import { printable } from '#contract/printable.ts';
import { attemptStory, VERDICT_MARKS } from '#core/attempt/story.ts';
import type { OpenedCapture } from '#core/store/open-capture.ts';
import { line, Table, write } from '../output.ts';
import { eachPage, ndjson, withCapture, type RowOptions } from '../open.ts';

const pageOf = (capture: OpenedCapture, filter?: string) => {
  const order = { sort: 'time', descending: false, ...(filter === undefined ? {} : { filter }) } as const;
  return (start: number, limit: number) => capture.attempts({ ...order, start, limit });
};

function row(attempt: Attempt): string[] {
  const { process } = attempt;
  return [
    VERDICT_MARKS[attempt.verdict],
    attempt.time,
    attempt.verdict,
    attempt.operation,
    attempt.module?.name ?? '',
    attempt.errno ?? String(attempt.returnValue ?? 'no return'),
    process ? `${process.comm} (${String(process.pid)}) uid ${String(process.uid ?? '?')}` : '',
    attempt.file?.path ?? (attempt.kind === 'init_module' ? 'memory' : ''),
  ];
}

export function attempts(path: string, options: RowOptions): Promise<void> {
  return withCapture(path, async (capture) => {
    const limit = options.limit ?? Infinity;
    const page = pageOf(capture, options.filter);
    if (options.json) return eachPage(page, limit, (rows) => write(ndjson(rows)));
    const table = new Table(['', 'TIME', 'VERDICT', 'DOES', 'MODULE', 'RETURNED', 'BY', 'FROM']);
    await eachPage(page, limit, (rows) => table.write(rows.map(row)));
    await table.end();
  });
}

export function story(path: string): Promise<void> {
  return withCapture(path, async (capture) => {
    const info = capture.info();
    await line(
      printable(
        `${info.host ?? 'A machine'}, kernel ${info.kernel.release ?? 'unknown'}: ${String(info.attempts)} attempts from ${info.started} to ${info.stopped ?? 'an unrecorded end'}.`,
      ),
    );
    await eachPage(pageOf(capture), Infinity, (rows) =>
      write(
        rows.map((attempt) => `\n[${VERDICT_MARKS[attempt.verdict]}] ${printable(attemptStory(attempt))}\n`).join(''),
      ),
    );
  });
}

/** `modtrail attempts` and `modtrail story`: what each call came to. */
import type { Attempt } from '#contract/attempt.ts';
import { attemptStory, VERDICT_MARKS } from '#core/attempt/story.ts';
import type { OpenedCapture } from '#core/store/open-capture.ts';
import { line, printable, Table, write } from '../output.ts';
import { eachPage, ndjson, withCapture } from '../open.ts';

const pageOf = (capture: OpenedCapture) => (start: number, limit: number) =>
  capture.attempts({ sort: 'time', descending: false, start, limit });

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

export function attempts(path: string, options: { json?: true; limit?: number }): Promise<void> {
  return withCapture(path, async (capture) => {
    const limit = options.limit ?? Infinity;
    if (options.json) return eachPage(pageOf(capture), limit, (rows) => write(ndjson(rows)));
    const table = new Table(['', 'TIME', 'VERDICT', 'DOES', 'MODULE', 'RETURNED', 'BY', 'FROM']);
    await eachPage(pageOf(capture), limit, (rows) => table.write(rows.map(row)));
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

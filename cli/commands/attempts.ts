/** `modtrail attempts` and `modtrail story`: what each call came to. */
import type { Attempt } from '#contract/attempt.ts';
import { attemptStory, VERDICT_MARKS } from '#core/attempt/story.ts';
import type { Store } from '#core/store/store.ts';
import { line, printable, table, valueOf } from '../output.ts';
import { eachRow, withCapture } from '../open.ts';

const pageOf = (store: Store, handle: string) => (start: number, limit: number) =>
  valueOf(store.attempts(handle, { sort: 'time', descending: false, start, limit }));

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
  return withCapture(path, async (store, opened) => {
    const page = pageOf(store, opened.handle);
    const limit = options.limit ?? Infinity;
    if (options.json) {
      await eachRow(page, limit, (attempt) => line(JSON.stringify(attempt)));
      return;
    }
    const rows: string[][] = [];
    await eachRow(page, limit, (attempt) => {
      rows.push(row(attempt));
      return Promise.resolve();
    });
    await table(['', 'TIME', 'VERDICT', 'DOES', 'MODULE', 'RETURNED', 'BY', 'FROM'], rows);
  });
}

export function story(path: string): Promise<void> {
  return withCapture(path, async (store, opened) => {
    const { info } = opened;
    await line(
      printable(
        `${info.host ?? 'A machine'}, kernel ${info.kernel.release ?? 'unknown'}: ${String(info.attempts)} attempts from ${info.started} to ${info.stopped ?? 'an unrecorded end'}.`,
      ),
    );
    await eachRow(pageOf(store, opened.handle), Infinity, async (attempt) => {
      await line('');
      await line(`[${VERDICT_MARKS[attempt.verdict]}] ${printable(attemptStory(attempt))}`);
    });
  });
}

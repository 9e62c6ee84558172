/** Opens a capture for one command and lets go of it afterwards. */
import { constants } from 'node:os';
import { asFailure } from '#core/capture/open.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { CommandFailure } from './output.ts';

/** Leaving through process.exit removes what was copied for recovery; a signal's default would leave it behind. */
export function leaveInOrder(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

/** Runs a command on an open capture; what is wrong with the capture ends it with one sentence. */
export async function withCapture(path: string, work: (capture: OpenedCapture) => Promise<void>): Promise<void> {
  leaveInOrder();
  let capture: OpenedCapture | undefined;
  try {
    capture = new OpenedCapture(path);
    await work(capture);
  } catch (error) {
    throw error instanceof CommandFailure ? error : new CommandFailure(asFailure(error, path).message);
  } finally {
    capture?.close();
  }
}

/** Which rows a command prints, and how. */
export interface RowOptions {
  readonly json?: true;
  readonly limit?: number;
  /** A text of the filter language. */
  readonly filter?: string;
}

const PAGE = 500;

/** All rows up to a limit, a page at a time. */
export async function eachPage<Row>(
  page: (start: number, limit: number) => { rows: readonly Row[] },
  limit: number,
  work: (rows: readonly Row[]) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < limit;) {
    const { rows } = page(start, Math.min(PAGE, limit - start));
    if (rows.length === 0) return;
    await work(rows);
    start += rows.length;
  }
}

/** One JSON object a line. */
export function ndjson(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

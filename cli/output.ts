/** What goes to the terminal: lines, failures, and strings from outside that must not drive it. */
import type { Failure, Result } from '#contract/result.ts';

/** A failure that ends the command with exit code 2. */
export class CommandFailure extends Error {}

/** Ends the command: one line on stderr. Anything that is no expected failure is a defect and goes on. */
export function fail(error: unknown): never {
  if (!(error instanceof CommandFailure)) throw error;
  process.stderr.write(`modtrail: ${printable(error.message)}\n`);
  process.exit(2);
}

export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new CommandFailure(messageOf(result.error));
}

function messageOf(failure: Failure): string {
  return failure.message;
}

/** Control characters and what turns the direction of text appear as \xNN or \u{…}. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

// A reader that has seen enough (| head) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

/** Writes a line, waiting while the reader is slower. The text must already be printable. */
export async function line(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** Writes rows under headings, each column as wide as its widest cell up to a limit. */
export async function table(headings: readonly string[], rows: readonly (readonly string[])[]): Promise<void> {
  const cells = [headings, ...rows.map((row) => row.map(printable))];
  const widths = headings.map((_, column) => Math.min(60, Math.max(...cells.map((row) => (row[column] ?? '').length))));
  for (const row of cells) {
    const padded = row.map((cell, column) => (column === row.length - 1 ? cell : shorten(cell, widths[column] ?? 0)));
    await line(padded.join('  ').trimEnd());
  }
}

/** The end of a path says more than its beginning. */
function shorten(cell: string, width: number): string {
  return cell.length <= width ? cell.padEnd(width) : `…${cell.slice(cell.length - width + 1)}`;
}

/** What goes to the terminal: lines, tables, failures. Strings from outside are made printable first. */
import { getSystemErrorMap } from 'node:util';
import { printable } from '#contract/printable.ts';

/** A failure that ends the command with exit code 2. */
export class CommandFailure extends Error {}

/** The answer is "no". */
export const EXIT_NO = 1;
export const EXIT_UNUSABLE = 2;

/** One line on stderr. */
export function complain(text: string): void {
  process.stderr.write(`modtrail: ${printable(text)}\n`);
}

/** Ends the command: one line on stderr. A defect says that it is one, and shows where under MODTRAIL_DEBUG. */
export function fail(error: unknown): never {
  if (error instanceof CommandFailure) complain(error.message);
  else if (process.env['MODTRAIL_DEBUG']) console.error(error);
  else complain(`a defect in Modtrail: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(EXIT_UNUSABLE);
}

/** What is done when nobody reads any more; undefined where the command simply ends. */
let withoutReader: (() => void) | undefined;
let hasReader = true;

// A reader that has seen enough (| head) is no error. A full disk is one.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  const [, words = error.message] = getSystemErrorMap().get(error.errno ?? 0) ?? [];
  if (error.code !== 'EPIPE') fail(new CommandFailure(`the output cannot be written: ${words}`));
  if (!withoutReader) process.exit(0);
  if (hasReader) withoutReader();
  hasReader = false;
});

/** The command goes on to its end without a reader: its exit code is an answer, or something else is to be ended first. */
export function finishWithoutReader(first: () => void = () => undefined): void {
  withoutReader = first;
}

/** Writes text as it is, waiting while the reader is slower. */
export async function write(text: string): Promise<void> {
  if (!hasReader || process.stdout.write(text)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve).once('error', resolve));
}

/** Writes bytes, and resolves when they are needed no more. */
export function writeBytes(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(bytes, () => {
      resolve();
    });
  });
}

/** Writes a line. The text must already be printable. */
export function line(text: string): Promise<void> {
  return write(`${text}\n`);
}

const WIDEST_CELL = 60;

/**
 * Rows under headings, written as they come: the first rows decide how wide the columns are, and a later cell that is
 * wider pushes its row on rather than losing what it says.
 */
export class Table {
  readonly #headings: readonly string[];
  readonly #widest: number;
  #widths: readonly number[] | undefined;

  /** @param widest longer cells are cut */
  constructor(headings: readonly string[], widest = WIDEST_CELL) {
    this.#headings = headings;
    this.#widest = widest;
  }

  async write(rows: readonly (readonly string[])[]): Promise<void> {
    const cells = rows.map((row) => row.map(printable));
    if (!this.#widths) {
      cells.unshift([...this.#headings]);
      this.#widths = this.#headings.map((_, column) =>
        Math.min(this.#widest, longest(cells.map((row) => row[column] ?? ''))),
      );
    }
    const widths = this.#widths;
    const lines = cells.map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : fitted(cell, widths[column] ?? 0, this.#widest)))
        .join('  ')
        .trimEnd(),
    );
    await write(lines.map((text) => `${text}\n`).join(''));
  }

  /** A table without rows still says what its columns would be. */
  async end(): Promise<void> {
    if (!this.#widths) await this.write([]);
  }
}

const longest = (texts: readonly string[]): number => texts.reduce((most, { length }) => Math.max(most, length), 0);

/** Padded to a width; only the longest cells are cut, and of a path the end says more than the beginning. */
function fitted(cell: string, width: number, widest: number): string {
  return cell.length <= widest ? cell.padEnd(width) : `…${cell.slice(cell.length - widest + 1)}`;
}

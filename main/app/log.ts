/** Where defects go: the terminal, or the desktop's journal. The screen shows one sentence without a stack trace. */

/** Writes down something that should never happen. */
export function logDefect(where: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`modtrail: ${where}: ${text}\n`);
}

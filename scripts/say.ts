/**
 * What the set-up tells: plain lines on stderr, so that a verb's stdout stays its own. Nothing is said for a step
 * that has nothing to do.
 */

const started = performance.now();

/** Writes one line with the seconds since the verb began. */
export function say(text: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  process.stderr.write(`${seconds} s  ${text}\n`);
}

/** A set-up step that cannot work on this machine; the message says what is missing and what to do. */
export class SetupError extends Error {
  override name = 'SetupError';
}

/** The message of anything that was thrown, without its stack. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Runs a verb's entry: a SetupError becomes one line and exit code 2, a bug keeps its stack. */
export async function runEntry(entry: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await entry();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`modtrail: ${error.message}\n`);
    process.exitCode = 2;
  }
}

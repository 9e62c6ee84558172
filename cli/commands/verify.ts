/** `modtrail verify`: whether a capture is as its recorder wrote it. Exit code 1 where it is not. */
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { printable } from '#contract/printable.ts';
import type { SealProgress, SealVerdict } from '#contract/seal.ts';
import { type CaptureError } from '#core/capture/failure.ts';
import { describe } from '#core/capture/header.ts';
import { asFailure, openCapture, type Capture } from '#core/capture/open.ts';
import { readPublicKey } from '#core/seal/signature.ts';
import { SealWalk } from '#core/seal/verify.ts';
import { leaveInOrder } from '../open.ts';
import { CommandFailure, EXIT_NO, line } from '../output.ts';

const STEP_MS = 250;

/** Shorter walks say nothing before they are done. */
const PATIENCE_SECONDS = 1;

function readKey(path: string): Buffer {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandFailure(`the key ${path} cannot be read: ${describe(error)}`);
  }
  try {
    return readPublicKey(text);
  } catch (error) {
    throw new CommandFailure(`the key ${path}: ${(error as CaptureError).message}`);
  }
}

/** One line that writes over itself; only where somebody looks. */
function show({ rows, allRows, seconds }: SealProgress): void {
  if (!process.stderr.isTTY || seconds < PATIENCE_SECONDS) return;
  const percent = allRows === 0 ? 100 : Math.floor((100 * rows) / allRows);
  const rate = Math.round(rows / seconds).toLocaleString('en');
  process.stderr.write(`\r\u001b[K${String(percent)} % · ${rows.toLocaleString('en')} rows · ${rate} rows/s`);
}

async function walk(capture: Capture, key: Buffer | undefined): Promise<SealVerdict> {
  const seal = new SealWalk(capture, key);
  let shown = false;
  for (;;) {
    const step = seal.step(STEP_MS);
    if ('verdict' in step) {
      if (shown) process.stderr.write('\r\u001b[K');
      return step.verdict;
    }
    show(step.progress);
    shown = process.stderr.isTTY;
    await setImmediate();
  }
}

async function print(verdict: SealVerdict): Promise<void> {
  const { state, text, head, key } = verdict;
  await line(`${state}: ${printable(text)}`);
  if (head !== undefined) await line(`head ${head}`);
  if (key !== undefined) await line(`key  ${key}`);
}

/** Resolves to the exit code. */
export async function verify(path: string, options: { json?: true; key?: string }): Promise<number> {
  leaveInOrder();
  const key = options.key === undefined ? undefined : readKey(options.key);
  let capture: Capture | undefined;
  try {
    capture = openCapture(path, 'schema');
    const verdict = await walk(capture, key);
    await (options.json ? line(JSON.stringify(verdict)) : print(verdict));
    const answer = (verdict.state === 'holds' || verdict.state === 'unfinished') && verdict.signed !== 'invalid';
    return answer ? 0 : EXIT_NO;
  } catch (error) {
    throw error instanceof CommandFailure ? error : new CommandFailure(asFailure(error, path).message);
  } finally {
    capture?.close();
  }
}

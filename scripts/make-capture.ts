/** `npm run -s make-capture -- --events N --out F [--seed S]`: a made-up capture of any size (docs/make-capture.md). */
import { accessSync, constants, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeCapture } from './make-capture/make.ts';
import { ROOT } from './places.ts';
import { reason } from './say.ts';

const MOST_EVENTS = 100_000_000;
const USAGE = 'usage: make-capture --events N --out CAPTURE [--seed S]';

/** Between two lines that tell how far it is, in milliseconds. */
const TELL_EVERY = 5000;

class UsageError extends Error {}

/** @throws UsageError where it is no whole number within the bounds */
function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${name} is a whole number from ${String(least)} to ${String(most)}, not '${text}'`);
}

function readArguments(): { events: number; seed: number; out: string } {
  const options = {
    events: { type: 'string' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  } as const;
  let values;
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    throw new UsageError(`${reason(error).split(/\.\s/)[0] ?? ''}; ${USAGE}`);
  }
  const { events, seed, out } = values;
  if (events === undefined || out === undefined || out === '') throw new UsageError(USAGE);
  const numbers = {
    events: wholeNumber('events', events, 1, MOST_EVENTS),
    seed: wholeNumber('seed', seed, 0, Number.MAX_SAFE_INTEGER),
  };
  if (existsSync(out)) throw new UsageError(`${out} is there already`);
  try {
    accessSync(dirname(out), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(`${out} cannot be written: ${reason(error)}`);
  }
  return { ...numbers, out };
}

const group = (number: number): string => Math.round(number).toLocaleString('en');

function teller(events: number): (written: number) => void {
  const started = performance.now();
  let told = started;
  return (written) => {
    const now = performance.now();
    if (now - told < TELL_EVERY && written < events) return;
    told = now;
    const seconds = (now - started) / 1000;
    const rate = group(written / seconds);
    process.stderr.write(`${group(written)} of ${group(events)} events, ${rate} a second, ${seconds.toFixed(1)} s\n`);
  };
}

function run(): void {
  const { events, seed, out } = readArguments();
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  // Of a path that begins with a blank, better-sqlite3 would take it off.
  const growing = resolve(`${out}.${String(process.pid)}.part`);
  const remove = (): void => {
    rmSync(growing, { force: true });
  };
  try {
    makeCapture(growing, { events, seed, version, progress: teller(events) });
    renameSync(growing, out);
    process.stdout.write(`${out}\n`);
  } finally {
    remove();
  }
}

try {
  run();
} catch (error) {
  const words = error instanceof Error && 'code' in error ? `${reason(error)}` : undefined;
  if (!(error instanceof UsageError) && words === undefined) throw error;
  process.stderr.write(`make-capture: ${words ?? reason(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

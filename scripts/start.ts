/**
 * `npm start [CAPTURE…]`: sets up what is missing and opens the app, on the sample unless captures are named. Without a
 * display the same window is rendered on a virtual one, and the capture's story is told in the terminal.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { checkSandbox, hasDisplay, virtualDisplay } from './display.ts';
import { electronCommand } from './electron.ts';
import { NODE, ROOT, SAMPLE } from './places.ts';
import { prepare, prepareWhatWorks } from './prepare.ts';
import { ensureRuntime } from './runtime.ts';
import { runEntry, say, SetupError } from './say.ts';

/** Where the picture of the window goes when nobody can see it. */
const PICTURE = join(ROOT, 'out/first-light.png');

async function start(args: readonly string[]): Promise<number> {
  const captures = args.length > 0 ? args.map((file) => resolve(file)) : existsSync(SAMPLE) ? [SAMPLE] : [];
  const [withoutLibraries] = await prepareWhatWorks(['view']);
  if (withoutLibraries) say('going on without them');
  await prepare(['app']);
  const [withoutRecorder] = await prepareWhatWorks(['collector']);
  if (withoutRecorder) say('captures can be read, but nothing can be recorded here until that is solved');

  const { dir } = await ensureRuntime();
  checkSandbox(dir);
  if (process.getuid?.() === 0) {
    say('running as root: Chromium cannot use its sandbox then, so the window opens with --no-sandbox');
  }
  return hasDisplay() ? await openWindow(captures) : await withoutDisplay(captures[0]);
}

async function openWindow(captures: readonly string[]): Promise<number> {
  const { executable, args, env } = await electronCommand(captures);
  say('opening the app');
  return await run(executable, args, env);
}

async function withoutDisplay(capture: string | undefined): Promise<number> {
  say('no display (neither DISPLAY nor WAYLAND_DISPLAY is set): rendering the window on a virtual one');
  const words = [...virtualDisplay(), NODE, join(ROOT, 'scripts/picture.ts'), PICTURE, ...(capture ? [capture] : [])];
  const code = await run(words[0] ?? '', words.slice(1));
  if (code !== 0)
    throw new SetupError(`the window could not be rendered on a virtual display (exit code ${String(code)})`);
  say(`the window is in ${relative(process.cwd(), PICTURE)}`);
  if (capture === undefined) return 0;
  return await run(NODE, [join(ROOT, 'cli/main.ts'), 'story', capture]);
}

/** Runs a command with this process's streams and signals. Returns its exit code. */
async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGTERM', pass).on('SIGINT', pass).on('SIGHUP', pass);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
  } catch (error) {
    throw new SetupError(`${command} cannot be started: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    process.off('SIGTERM', pass).off('SIGINT', pass).off('SIGHUP', pass);
  }
}

await runEntry(() => start(process.argv.slice(2)));

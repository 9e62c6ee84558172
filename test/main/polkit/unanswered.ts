/**
 * Asks for rights where nothing answers, in a process that ends in one of these ways while it is asked, and
 * prints what of the asking ran before and runs when it has had time to end: `unanswered.ts COLLECTOR FILE (killed|ended|off)`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { RecordingState } from '#contract/recording.ts';
import { Recording } from '../../../main/app/recorder/recording.ts';

const [collector = '', file = '', way = '', begins] = process.argv.slice(2);

/** Names of processes that were started to ask for this file. */
function asking(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
        const isOf = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(file);
        return isOf && /^(pkexec|sh|bash)$/.test(name) ? [name] : [];
      } catch {
        // It ended while it was looked at.
        return [];
      }
    });
}

async function until(is: () => boolean): Promise<void> {
  for (let tries = 0; !is() && tries < 100; tries++) await pause(50);
}

if (begins !== undefined) {
  const states: RecordingState[] = [];
  const never = (): Promise<never> => Promise.reject(new Error('nothing is recorded'));
  const recording = new Recording({
    ...{ collector, captures: { open: never, hold: never, resume: never } },
    tell: (state) => void states.push(state),
  });
  const started = recording.start(file);
  await until(() => asking().includes('pkexec'));
  // The question has come to polkit.
  await pause(300);
  process.stdout.write(`${JSON.stringify({ asking: asking(), isOffered: 'asks' in (states.at(-1) ?? {}) })}\n`);
  if (way === 'killed') process.kill(process.pid, 'SIGKILL');
  if (way === 'ended') {
    await recording.end();
    process.exit(0);
  }
  await recording.stop();
  process.stdout.write(`${JSON.stringify(await started)}\n`);
  process.exit(0);
}
const child = spawn(process.execPath, [...process.argv.slice(1), 'begin'], { stdio: ['ignore', 'pipe', 'inherit'] });
let said = '';
child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
await once(child, 'close');
await until(() => asking().length === 0);
const [before = '{}', answer = 'null'] = said.trim().split('\n');
process.stdout.write(
  `${JSON.stringify({ ...(JSON.parse(before) as object), answer: JSON.parse(answer) as unknown, left: asking() })}\n`,
);

/**
 * Begins a recording that outlives the app, in a process that is killed then, meets it again as the next one, and stops
 * it; prints which programs of it ran as root meanwhile and afterwards: `kept.ts COLLECTOR FILE JOURNAL`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { OpenCapture } from '#contract/api.ts';
import { ok } from '#contract/result.ts';
import { RecordingJournal } from '../../../main/app/recorder/journal.ts';
import { Recording } from '../../../main/app/recorder/recording.ts';

const [collector = '', file = '', path = '', begins] = process.argv.slice(2);
const journal = new RecordingJournal(path);
const recording = new Recording({
  ...{ collector, journal, tell: () => undefined },
  captures: {
    open: (name) => Promise.resolve(ok({ id: 'c1', name } as OpenCapture)),
    hold: () => Promise.resolve(),
    resume: () => Promise.resolve(),
  },
});

/** Names of root's processes that asking for rights, or recording, has started. */
function roots(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const name = /^Name:\t(.*)$/m.exec(status)?.[1] ?? '';
        return /^Uid:\t0\t/m.test(status) && /^(pkexec|bash|modtrail-collec)$/.test(name) ? [name] : [];
      } catch {
        // It ended while it was looked at.
        return [];
      }
    });
}

if (begins !== undefined) {
  const started = await recording.start(file, { images: true, keep: true });
  process.stdout.write(JSON.stringify(started));
  process.kill(process.pid, 'SIGKILL');
}
const begun = spawnSync(process.execPath, [...process.argv.slice(1), 'begin'], { encoding: 'utf8' });
// What the app's end ends has no time to be seen otherwise.
await new Promise((resolve) => setTimeout(resolve, 500));
const [left] = new RecordingJournal(path).left();
const met = left && (await recording.rejoin(left));
const meanwhile = roots();
const stopped = await recording.stop();
process.stdout.write(
  `${JSON.stringify({ begun: begun.stdout, signal: begun.signal, met: met?.name, meanwhile, stopped, afterwards: roots() })}\n`,
);

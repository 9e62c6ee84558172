/**
 * Records as an ordinary user, with the agent and into the files that the arguments name, and prints what came of each as
 * a line of JSON: `ask.ts COLLECTOR AGENT FILE…`, where AGENT is an Answer or `none`.
 */
import { lstatSync } from 'node:fs';
import type { OpenCapture } from '#contract/api.ts';
import type { RecordingState } from '#contract/recording.ts';
import { ok } from '#contract/result.ts';
import { Recording } from '../../../main/app/recorder/recording.ts';
import { register, type Answer } from './agent.ts';

const [collector = '', agent = 'none', ...files] = process.argv.slice(2);
const socket = agent === 'none' ? undefined : await register(agent as Answer);

for (const file of files) {
  let command: string | undefined;
  const recording: Recording = new Recording({
    collector,
    captures: {
      open: (path) => Promise.resolve(ok({ id: 'c1', name: path } as OpenCapture)),
      hold: () => Promise.resolve(),
      resume: () => Promise.resolve(),
    },
    tell: (state: RecordingState) => {
      if (state.state !== 'starting' || !state.byHand) return;
      command = state.byHand.command;
      void recording.stop();
    },
  });
  const started = await recording.start(file);
  const stopped = started.ok ? await recording.stop() : undefined;
  const stats = lstatSync(file, { throwIfNoEntry: false });
  const made = stats && { uid: stats.uid, size: stats.size };
  process.stdout.write(`${JSON.stringify({ file, started, stopped, command, made })}\n`);
}
socket?.destroy();

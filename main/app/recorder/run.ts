/** Runs the collector for a session: as the receiver of a stream, as root, or by the hand of a person. */
import { setTimeout as pause } from 'node:timers/promises';
import { fail, ok, type Result } from '#contract/result.ts';
import { terminalCommand } from './by-hand.ts';
import { wordsFor } from './choices.ts';
import { deferred } from './deferred.ts';
import type { Elevated, runAsRoot } from './elevation.ts';
import type { CollectorLine } from './line.ts';
import type { LiveSession } from './live-session.ts';
import { receive } from './receiver.ts';

/** Longest time in which a dialog that is called off closes, in milliseconds. */
const MOST_CLOSING = 1000;

const CALLED_OFF = 'no recorder was started: the recording was called off';

const STILL_OPEN =
  'the recording was called off; the dialog that asks for administrator rights could not be closed from here, and whoever ' +
  'grants them there now starts nothing';

/** The line for a terminal, and why it is needed. */
export interface ByHand {
  readonly command: string;
  readonly reason: string;
}

/** The collector's program and its words, without a stream's. */
export function wordsOf(collector: string, session: LiveSession, line: CollectorLine): string[] {
  const { source, file, keeps } = session;
  const words = [collector, '--out', file, '--control', line.path];
  if ('stream' in source) return words;
  const user = `${String(process.getuid?.() ?? 0)}:${String(process.getgid?.() ?? 0)}`;
  return [...words, ...(keeps ? ['--keep', line.door] : []), '--user', user, ...wordsFor(source.options)];
}

/**
 * Resolves when the collector has ended: to a failure unless it ended well. Never rejects.
 * @param told takes the line for a terminal where nothing on the desktop can ask for root's rights
 */
export async function runRecorder(
  session: LiveSession,
  words: readonly string[],
  asRoot: typeof runAsRoot,
  hungUp: Promise<null>,
  told: (byHand: ByHand) => void,
): Promise<Result<null>> {
  if ('stream' in session.source) {
    session.receiving = receive(words, session.source.stream);
    return await session.receiving.ended;
  }
  const { promise: calledOff, resolve: callOff } = deferred<null>();
  session.callOff = () => {
    callOff(null);
  };
  const asking = new AbortController();
  const running = asRoot(words, asking.signal);
  const outcome: Elevated | null = await Promise.race([running, calledOff]);
  if (!outcome) {
    asking.abort();
    const isClosed = await Promise.race([running, pause(MOST_CLOSING, undefined, { ref: false })]);
    return fail('dismissed', isClosed || session.line?.met ? CALLED_OFF : STILL_OPEN);
  }
  if (outcome.ok || !outcome.byHand) return outcome;
  // Until the recorder that a person starts has come and gone, or for no longer.
  told({ command: terminalCommand(words), reason: outcome.error.message });
  const notStarted = calledOff.then(() =>
    fail('dismissed', 'no recorder was started in a terminal; the wait for it was called off'),
  );
  return await Promise.race([hungUp.then(() => ok(null)), notStarted]);
}

/**
 * Receives a stream from elsewhere with the collector, which needs no right for it: from a path, or from a recorder that
 * ssh starts on another machine. What crosses goes from ssh to the collector; none of it comes here.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { StreamSource } from '#contract/recording.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { lastSentence } from './last-words.ts';

/** ssh with an address whose parts were checked (SSH_PARTS), or a path that a person chose. */
export type StreamOrigin = Extract<StreamSource, { from: 'ssh' }> | { readonly from: 'path'; readonly path: string };

export interface Receiving {
  /** Resolves when the receiver has ended: to a failure unless the stream ended in order. Never rejects. */
  readonly ended: Promise<Result<null>>;
  /** What ssh, or the other machine, said of its end, once the receiver has ended and did not end well. */
  readonly there: Promise<string | undefined>;
  /** Asks the recorder over there to end, where the stream itself leads no way back. */
  stop(): void;
  /** Ends it at once. */
  abandon(): void;
}

/** The command that starts a recorder there. BatchMode: nobody could answer a question of ssh's, as it has no terminal. */
export function sshWords({ host, user, port, program }: Extract<StreamSource, { from: 'ssh' }>): string[] {
  return [
    ...['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=20', '-o', 'ServerAliveInterval=5'],
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-l', user]),
    ...['--', host, program, '--stdout'],
  ];
}

/** @param words the collector's program and its words, without those for the source */
export function receive(words: readonly string[], origin: StreamOrigin): Receiving {
  const [collector = '', ...args] = words;
  const ssh = origin.from === 'ssh' ? spawn('ssh', sshWords(origin), { stdio: ['pipe', 'pipe', 'pipe'] }) : undefined;
  const from = origin.from === 'ssh' ? '-' : origin.path;
  const receiver = spawn(collector, [...args, '--from', from], {
    stdio: [ssh?.stdout ?? 'ignore', 'ignore', 'pipe'],
    env: {},
    cwd: '/',
  });
  // The receiver has it now; kept open here it would never end.
  ssh?.stdout.destroy();
  ssh?.stdin.on('error', () => undefined);
  const sshEnded = ssh ? outcomeOf(ssh) : undefined;
  const received = outcomeOf(receiver);
  const there = received.then(async ({ code }) => {
    // It has closed its end, and says in a moment why; one that hangs is not waited for.
    const last = code === 0 ? undefined : await Promise.race([sshEnded, pause(LAST_WORDS, undefined, { ref: false })]);
    ssh?.kill();
    return last && sshSentence(last);
  });
  const ended = received.then(async ({ code, said }) => {
    const why = await there;
    if (code === 0) return ok(null);
    const own = lastSentence(said, code);
    // What it says of what did come is the reason; what ssh says then only follows from it.
    return fail('collector-failed', own === NOTHING_CAME ? (why ?? own) : own);
  });
  return {
    ended,
    there,
    stop: () => ssh?.stdin.write('stop\n'),
    abandon: () => {
      ssh?.kill();
      receiver.kill('SIGTERM');
    },
  };
}

/** The receiver's word for a stream that is over without a byte: why, the other side knows. Source: native/receive.c. */
const NOTHING_CAME = 'the stream ended before anything came';

interface Outcome {
  readonly code: number | null;
  readonly said: string;
}

/** Longest wait for ssh's last words, in milliseconds. */
const LAST_WORDS = 2000;

/** Characters of last words that are kept. */
const MOST_SAID = 4000;

function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-MOST_SAID)));
  return new Promise((done) => {
    child.on('error', (error) => {
      done({ code: 127, said: `${said}\n${error.message}` });
    });
    child.on('close', (code) => {
      done({ code, said });
    });
  });
}

/** What ssh, or the other machine's shell, said of why nothing comes; nothing where it ended because it was told to. */
function sshSentence({ code, said }: Outcome): string | undefined {
  if (code === null || code === 0) return undefined;
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const words = lines
    .at(-1)
    ?.replace(/^modtrail-collector: /, '')
    .trim();
  if (words === undefined) return `ssh ended with code ${String(code)}`;
  if (code === 127 && words.includes('ENOENT')) return 'ssh is not installed on this machine';
  const hint = /Permission denied|Host key verification/.test(words)
    ? '; ssh has no terminal here to ask in: log in there once with a key that needs no question, or use the command in ' +
      'docs/stream.md in a terminal'
    : '';
  return `the other machine says: ${words}${hint}`;
}

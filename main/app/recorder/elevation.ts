/**
 * Starts the collector with root's rights: directly where the app has them, otherwise through sudo-prompt, which asks
 * the desktop's authentication dialog.
 */
import { spawn } from 'node:child_process';
import { fail, type Result } from '#contract/result.ts';
import sudoPrompt from 'sudo-prompt';
import { lastSentence } from './last-words.ts';

/** pkexec's exit code when the dialog was closed (pkexec(1)). */
const DISMISSED = 126;

/** Characters of what a collector says that are kept. */
const MOST_SAID = 2000;

/** Starts a program as root. Resolves when it has ended: to a failure unless it ended well. Never rejects. */
export function runAsRoot(words: readonly string[]): Promise<Result<null>> {
  return process.getuid?.() === 0 ? runDirectly(words) : runThroughPrompt(words);
}

function runDirectly(words: readonly string[]): Promise<Result<null>> {
  const [command = '', ...args] = words;
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: {}, cwd: '/' });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told = (told + text).slice(-MOST_SAID);
    });
    child.on('error', (error) => {
      resolve(fail('collector-failed', `the recorder cannot be started: ${error.message}`));
    });
    child.on('close', (code) => {
      resolve(code === 0 ? { ok: true, value: null } : ended(told, code));
    });
  });
}

function runThroughPrompt(words: readonly string[]): Promise<Result<null>> {
  return new Promise((resolve) => {
    sudoPrompt.exec(words.map(promptWord).join(' '), { name: 'Modtrail' }, (error, _stdout, stderr) => {
      resolve(error ? promptFailure(error, String(stderr ?? '')) : { ok: true, value: null });
    });
  });
}

/**
 * A word for sudo-prompt's command, which a shell reads twice: once within double quotes, once as bash. Bytes other than
 * plain ones are spelled so that neither shell finds anything to expand.
 */
export function promptWord(word: string): string {
  if (/^[A-Za-z0-9._/:-]+$/.test(word)) return word;
  const bytes = [...Buffer.from(word)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9._/:-]/.test(character) ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `$'${bytes.join('')}'`;
}

/** sudo-prompt tells by its message what became of the dialog, and passes on the code of what it ran. */
export function promptFailure(error: Error & { code?: unknown }, stderr: string): Result<never> {
  if (error.message.startsWith('User did not grant permission')) {
    return error.code === DISMISSED
      ? fail('dismissed', 'recording needs administrator rights; the dialog that asks for them was closed')
      : fail('not-authorised', 'recording needs administrator rights, and the system did not grant them to this user');
  }
  if (error.message.startsWith('No polkit authentication agent')) {
    return fail(
      'not-authorised',
      'recording needs administrator rights, and no authentication agent runs in this session that could ask for them; ' +
        'record in a terminal instead: modtrail capture --out FILE',
    );
  }
  if (error.message.startsWith('Unable to find pkexec')) {
    return fail(
      'not-authorised',
      'recording needs administrator rights, and pkexec is not installed; install it, or record in a terminal: ' +
        'modtrail capture --out FILE',
    );
  }
  return ended(stderr, error.code);
}

function ended(told: string, code: unknown): Result<never> {
  return fail('collector-failed', lastSentence(told, code));
}

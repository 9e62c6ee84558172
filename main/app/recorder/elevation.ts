/**
 * Starts the collector with root's rights: directly where the app has them; through pkexec itself where the package's
 * polkit policy names the collector, so that the dialog says what is asked for; otherwise through sudo-prompt.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { fail, ok, type Failure, type Result } from '#contract/result.ts';
import sudoPrompt from 'sudo-prompt';
import { lastSentence } from './last-words.ts';
import { findImageObstacle } from './obstacle.ts';
import { PromptShell } from './prompt-shell.ts';
import { isRootsOwn, trustedPath } from '../../rights/trusted-path.ts';

/** pkexec's exit code when the dialog was closed (pkexec(1)). */
const DISMISSED = 126;

/** Its code when the user was not authorised, nobody could be asked, or it could not do its work. */
const REFUSED = 127;

/** What pkexec says where no system bus or no polkit runs. */
const NO_POLKIT = 'Error getting authority';

/** Characters of what a program says that are kept. */
const MOST_SAID = 2000;

const PKEXEC = '/usr/bin/pkexec';

/** The package's policy; it names the one program that it is about. */
const POLICY = '/usr/share/polkit-1/actions/dev.modtrail.policy';

/** Longest policy that is read, in characters. */
const LONGEST_POLICY = 100_000;

/** How a program that was to run as root ended. */
export type Elevated =
  | { readonly ok: true; readonly value: null }
  | {
      readonly ok: false;
      readonly error: Failure;
      /** Nothing on this machine can ask for the rights, but a person can grant them in a terminal. */
      readonly byHand?: true;
    };

/**
 * Starts a program as root. Resolves when it has ended: to a failure unless it ended well. Never rejects. A program that
 * root cannot start, or that somebody else could have replaced, is refused before anybody is asked.
 * @param calledOff nobody waits for it any more: a dialog that asks for the rights is closed. Who has them stays
 */
export async function runAsRoot(words: readonly string[], calledOff?: AbortSignal): Promise<Elevated> {
  const [program = '', ...args] = words;
  const who = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const obstacle = await findImageObstacle(program, who.uid);
  if (obstacle) return { ok: false, error: obstacle };
  const trusted = await trustedPath(program, who);
  if (!trusted.ok) return trusted;
  const real = [trusted.value, ...args];
  if (who.uid === 0) return await runDirectly(real);
  const isNamed = await hasPolicy(trusted.value);
  if (calledOff?.aborted) return fail('dismissed', dismissed);
  return isNamed ? await runThroughPolkit(real, calledOff) : await runThroughPrompt(real, calledOff);
}

async function hasPolicy(program: string): Promise<boolean> {
  const text = await readFile(POLICY, 'utf8').catch(() => '');
  const named = `<annotate key="org.freedesktop.policykit.exec.path">${program}</annotate>`;
  if (text.length > LONGEST_POLICY || !text.includes(named)) return false;
  return await access(PKEXEC, constants.X_OK)
    .then(() => isRootsOwn(program))
    .catch(() => false);
}

async function runDirectly([program = '', ...args]: readonly string[]): Promise<Elevated> {
  const { code, told } = await run(program, args, {});
  return code === 0 ? ok(null) : ended(told, code);
}

async function runThroughPolkit(words: readonly string[], calledOff?: AbortSignal): Promise<Elevated> {
  // What pkexec says is told apart by its words, which are English in this locale; the dialog has the desktop's.
  const env = { ...process.env, LC_ALL: 'C' };
  const { code, told } = await run(PKEXEC, ['--disable-internal-agent', ...words], env, calledOff);
  return code === 0 ? ok(null) : pkexecFailure(code, told);
}

interface Ended {
  /** Absent after a signal, or when it did not start. */
  readonly code: number | null;
  readonly told: string;
}

function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  calledOff?: AbortSignal,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env, cwd: '/' });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told = (told + text).slice(-MOST_SAID);
    });
    child.on('error', (error) => {
      resolve({ code: null, told: `modtrail-collector: the recorder cannot be started: ${error.message}\n` });
    });
    child.on('close', (code) => {
      resolve({ code, told });
    });
    calledOff?.addEventListener('abort', () => {
      askToEnd(child);
    });
  });
}

/** As long as it asks it takes its user's signals, and none any more once it has the rights. */
function askToEnd({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(pid);
  } catch {
    // The child's own `kill` would tell that as a failure of the child.
  }
}

/** What became of a call of pkexec that did not end well. The collector itself ends with neither of its codes. */
export function pkexecFailure(code: number | null, told: string): Elevated {
  if (code === DISMISSED) return fail('dismissed', dismissed);
  if (code !== REFUSED) return ended(told, code);
  if (told.includes('No authentication agent found')) return nobodyAsks(noAgent);
  if (told.includes(NO_POLKIT)) return nobodyAsks(noPolkit);
  return fail('not-authorised', notAuthorised);
}

function runThroughPrompt(words: readonly string[], calledOff?: AbortSignal): Promise<Elevated> {
  // sudo-prompt puts the working folder's name into a shell's line.
  if (!/^[A-Za-z0-9._/ -]*$/.test(process.cwd())) process.chdir('/');
  const command = words.map(promptWord).join(' ');
  const shell = new PromptShell(command);
  calledOff?.addEventListener('abort', () => {
    shell.end();
  });
  return new Promise((resolve) => {
    sudoPrompt.exec(command, { name: 'Modtrail' }, (error, _stdout, stderr) => {
      shell.ended();
      resolve(error ? promptFailure(error, String(stderr ?? '')) : ok(null));
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
export function promptFailure(error: Error & { code?: unknown }, stderr: string): Elevated {
  if (error.message.startsWith('User did not grant permission')) {
    if (stderr.includes(NO_POLKIT)) return nobodyAsks(noPolkit);
    return error.code === DISMISSED ? fail('dismissed', dismissed) : fail('not-authorised', notAuthorised);
  }
  if (error.message.startsWith('No polkit authentication agent')) return nobodyAsks(noAgent);
  if (error.message.startsWith('Unable to find pkexec')) return nobodyAsks(noPkexec);
  return ended(stderr, error.code);
}

const dismissed = 'recording needs administrator rights; the dialog that asks for them was closed';

const notAuthorised = 'recording needs administrator rights, and the system did not grant them to this user';

const noAgent =
  'recording needs administrator rights, and no authentication agent runs in this session that could ask for them';

const noPolkit =
  'recording needs administrator rights, and polkit, which grants them to programs of the desktop, does not run';

const noPkexec = 'recording needs administrator rights, and pkexec, which asks for them, is not installed';

function nobodyAsks(message: string): Elevated {
  return { ok: false, error: { code: 'not-authorised', message }, byHand: true };
}

function ended(told: string, code: unknown): Result<never> {
  return fail('collector-failed', lastSentence(told, code));
}

/** What keeps a recording from beginning, told before anybody is asked for rights. */
import { access, constants, lstat, realpath } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import type { Failure } from '#contract/result.ts';
import { systemWords } from '../system-words.ts';

/** The longest ending of a file that SQLite keeps beside a capture. */
const BESIDE = '-journal';

/** @param collector - the recorder's program. @param file - where the capture would lie, an absolute path. */
export async function findObstacle(collector: string, file: string): Promise<Failure | undefined> {
  const noProgram = await whyNot(access(collector, constants.X_OK));
  if (noProgram?.code === 'EACCES') {
    const message = `the recorder's program cannot be started (${collector}): it is there, but may not be executed`;
    return { code: 'collector-failed', message };
  }
  if (noProgram) {
    const message = `the recorder's program is missing (${collector}); npm run setup builds it in a checkout`;
    return { code: 'collector-missing', message };
  }
  if (file.includes('\0') || file.includes('\uFFFD')) {
    const message = 'a recording cannot be saved there: the name of the file or of a folder is not UTF-8';
    return { code: 'bad-request', message };
  }
  const exists = await whyNot(lstat(file));
  if (!exists) {
    const message = `${file} is there already; a recording never overwrites: choose another name`;
    return { code: 'already-exists', message };
  }
  if (exists.code === 'ENAMETOOLONG' || (await whyNot(lstat(file + BESIDE)))?.code === 'ENAMETOOLONG') {
    const message = `a recording cannot be saved there: the name is too long (${String(file.length)} characters)`;
    return { code: 'not-writable', message };
  }
  const folder = dirname(file);
  const reason = await whyNot(access(folder, constants.W_OK | constants.X_OK));
  if (!reason) return undefined;
  const words = REASONS[reason.code ?? ''] ?? systemWords(reason);
  return { code: 'not-writable', message: `a recording cannot be saved in ${folder}: ${words}` };
}

/**
 * Why root cannot start the recorder for a user where the app runs from an AppImage, of which streams and captures need
 * nothing (docs/decisions/0028). The variables alone do not say so: an AppImage hands them to whatever it starts.
 */
export async function findImageObstacle(collector: string, uid: number): Promise<Failure | undefined> {
  const { APPIMAGE: image, APPDIR: mounted } = process.env;
  if (uid === 0 || !image || !mounted) return undefined;
  const [program, folder] = await Promise.all([collector, mounted].map((path) => realpath(path).catch(() => path)));
  if (!program?.startsWith(`${folder ?? mounted}${sep}`)) return undefined;
  const message =
    'an AppImage cannot record the machine that it runs on: only its user can read what is inside, so that root cannot ' +
    'start the recorder; install the Debian package or the rpm for that, or attach to a stream';
  return { code: 'not-authorised', message };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is not a folder',
  EACCES: 'it may not be written to',
  EPERM: 'no file can be made there',
  EROFS: 'it is on a disk that is read-only',
  ELOOP: 'its links lead in a circle',
};

/** What went wrong; undefined where nothing did. */
async function whyNot(tried: Promise<unknown>): Promise<NodeJS.ErrnoException | undefined> {
  return await tried.then(
    () => undefined,
    (error: unknown) => error as NodeJS.ErrnoException,
  );
}

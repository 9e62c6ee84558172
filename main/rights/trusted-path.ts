/**
 * Whether a program may be started as root: nobody but root and the user must be able to put another in its place,
 * neither now nor between this look and the start.
 */
import type { Stats } from 'node:fs';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '#contract/result.ts';

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** Who starts it, and is trusted beside root. */
export interface Who {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The program's real path: each part of it belongs to root or to the user, and nobody else may write to it. A sticky
 * folder, such as /tmp, is fine, as what lies in it can be moved by its owner only.
 */
export async function trustedPath(program: string, who: Who): Promise<Result<string>> {
  const real = await realpath(program).catch(() => undefined);
  if (real === undefined) return fail('collector-missing', `the recorder's program is missing (${program})`);
  for (let part = real; ; part = dirname(part)) {
    const stats = await lstat(part).catch(() => undefined);
    if (!stats) return fail('collector-missing', `${part} went away while it was looked at; try again`);
    const reason = await whyNot(stats, who);
    if (reason !== undefined) {
      return fail(
        'not-authorised',
        `the recorder is not started as root: ${part} ${reason}, so that another user could put another program there`,
      );
    }
    if (part === '/') return ok(real);
  }
}

/** Whether root alone can put another program there; for programs that a policy lets run without asking again. */
export async function isRootsOwn(program: string): Promise<boolean> {
  return (await trustedPath(program, { uid: 0, gid: 0 })).ok && (await realpath(program)) === program;
}

/**
 * Where a file has an access control list, the bits of its group say what that list gives at most, to whomever: root's own
 * group proves nothing. What a user lets others write beside their private group, they have granted themselves.
 */
async function whyNot(stats: Stats, { uid, gid }: Who): Promise<string | undefined> {
  if (stats.uid !== 0 && stats.uid !== uid) return `belongs to user ${String(stats.uid)}`;
  if (stats.isDirectory() && (stats.mode & STICKY) !== 0) return undefined;
  if ((stats.mode & OTHERS_WRITE) !== 0) return 'may be written to by everybody';
  if ((stats.mode & GROUP_WRITES) === 0) return undefined;
  if (uid !== 0 && stats.gid === gid && (await isPrivateGroup(uid, gid))) return undefined;
  return `may be written to by group ${String(stats.gid)}`;
}

/** Many systems give each user a group of their own; what such a group may write is the user's alone. */
async function isPrivateGroup(uid: number, gid: number): Promise<boolean> {
  const lines = async (path: string): Promise<string[][]> =>
    (await readFile(path, 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  const users = await lines('/etc/passwd');
  const name = users.find(([, , id]) => id === String(uid))?.[0];
  const group = (await lines('/etc/group')).find(([, , id]) => id === String(gid));
  if (name === undefined || group?.[0] !== name) return false;
  const members = (group[3] ?? '').split(',').filter((member) => member !== '' && member !== name);
  return members.length === 0 && users.every(([, , id, main]) => main !== String(gid) || id === String(uid));
}

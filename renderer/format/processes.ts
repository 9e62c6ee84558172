/** Processes in words. */

/** Arguments as one line; an argument with blanks or quotes is quoted, so that the line can be told apart again. */
export function commandLine(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** "root", "uid 1000"; empty where it is not recorded. */
export const userWords = (uid: number | undefined): string =>
  uid === undefined ? '' : uid === 0 ? 'root' : `uid ${String(uid)}`;

/** Entry of `npm run format`: rewrites every file in the project's layout. */
import { join } from 'node:path';
import { cFiles, cFormatter } from './checks.ts';
import { runCommand } from './parallel.ts';
import { ROOT } from './places.ts';
import { runEntry, say } from './say.ts';

const LIMIT = 2 * 60_000;

await runEntry(async () => {
  const prettier = [join(ROOT, 'node_modules/.bin/prettier'), '--write', '--log-level', 'warn', '.'];
  const first = await runCommand(prettier, LIMIT, true);
  const formatter = cFormatter();
  if (formatter === undefined) {
    say('C files are left as they are: clang-format-16 is not installed');
    return first.code;
  }
  const second = await runCommand([...formatter, '-i', ...cFiles()], LIMIT, true);
  return Math.max(first.code, second.code);
});

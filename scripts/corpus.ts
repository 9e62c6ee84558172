/**
 * `node scripts/corpus.ts FOLDER…`: holds the inspector against modinfo, readelf, nm and xz on every module below the
 * folders, and prints each difference. Exit code 1 where there is one.
 */
import { compare } from './corpus/compare.ts';
import { modulesUnder } from './corpus/modules.ts';

const BATCH = 32;

const folders = process.argv.slice(2);
if (folders.length === 0) {
  process.stderr.write('usage: node scripts/corpus.ts FOLDER…\n');
  process.exit(2);
}
for (const folder of folders) {
  const paths = modulesUnder(folder);
  let differences = 0;
  for (let at = 0; at < paths.length; at += BATCH) {
    for (const { path, what, ours, theirs } of await compare(paths.slice(at, at + BATCH))) {
      differences++;
      console.log(`${path}: ${what}\n  inspect: ${ours}\n  others:  ${theirs}`);
    }
  }
  console.log(`${folder}: ${String(paths.length)} modules, ${String(differences)} differences`);
  if (differences > 0 || paths.length === 0) process.exitCode = 1;
}

/**
 * Looks into each capture of a folder as soon as it is there, and holds it for a moment, as a reader in a process of its own
 * does. Says `ready`, and of each capture whether that was before it had a log.
 */
import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';

/** Milliseconds. */
const HELD = 300;

/** Which says how a file is written to (https://sqlite.org/fileformat2.html#the_database_header). */
const JOURNAL_BYTE = 18;
const WITH_LOG = 2;

const [folder = ''] = process.argv.slice(2);
const seen = new Set<string>();

async function hold(path: string): Promise<void> {
  // Before: with another descriptor of a file, all locks on it are closed.
  const when = readFileSync(path)[JOURNAL_BYTE] === WITH_LOG ? 'late' : 'early';
  const reader = new Database(path, { readonly: true, timeout: 0 });
  try {
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM sqlite_schema').get();
    await sleep(HELD);
    reader.exec('COMMIT');
    process.stdout.write(`held ${when}\n`);
  } catch {
    process.stdout.write('too late\n');
  } finally {
    reader.close();
  }
}

// Whoever listened has seen enough.
process.stdout.on('error', () => process.exit());
watch(folder, (_, name) => {
  if (name?.endsWith('.modtrail') !== true || seen.has(name)) return;
  seen.add(name);
  void hold(join(folder, name));
});
process.stdout.write('ready\n');

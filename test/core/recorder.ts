/**
 * Writes a capture as the recorder does, from another process: log mode first, then the schema, then rows. It stands in
 * for the collector where a test must run without root and must stop it at one exact point; test/native does the same
 * with the collector itself. Commands on stdin: "call", "finish". Each is answered with a line.
 */
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { CaptureBuilder } from './builder.ts';

const [path = ''] = process.argv.slice(2);

const first = new Database(path);
first.pragma('journal_mode = WAL');
first.close();

const built = new CaptureBuilder(undefined, path);
built.database.pragma('wal_autocheckpoint = 0');
built.event('capture_start');
built.clock(1000, 1_700_000_000_000_001_000n);
process.stdout.write('ready\n');

for await (const command of createInterface({ input: process.stdin })) {
  if (command === 'call') built.call({ returned: -1, text: 'a=1' });
  if (command === 'finish') {
    built.event('capture_stop');
    built.insert('capture_stop', {
      id: 1,
      stopped_boot_ns: 2_000_000,
      stopped_wall_ns: 1_700_000_000_002_000_000n,
      reason: 'signal',
    });
    built.database.pragma('journal_mode = DELETE');
    built.database.close();
  }
  process.stdout.write(`${command}\n`);
  if (command === 'finish') break;
}
process.exit(0);

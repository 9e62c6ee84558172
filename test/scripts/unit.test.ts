/** The unit that records from early boot on, read as systemd reads it (systemd.service(5), "Command lines"). */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ROOT } from '../../scripts/places.ts';

const UNIT = readFileSync(join(ROOT, 'packaging/modtrail-collector.service'), 'utf8');

const SPECIFIERS: Readonly<Record<string, string>> = { '%%': '%', '%l': 'host', '%b': 'boot' };

/** Words in quotes or none, specifiers, and dollar signs that are doubled so that no variable is meant. */
function startedBy(unit: string): string[] {
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '';
  return (line.match(/'[^']*'|\S+/g) ?? [])
    .map((word) => word.replace(/^'(.*)'$/, '$1'))
    .map((word) => word.replaceAll(/%./g, (specifier) => SPECIFIERS[specifier] ?? `unknown ${specifier}`))
    .map((word) => word.replaceAll('$$', () => '$'));
}

test('each start of the unit records into a file of its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'modtrail-unit-'));
  try {
    const collector = join(folder, 'collector');
    writeFileSync(collector, `#!/bin/sh\nprintf '%s\\n' "$@"\n`);
    chmodSync(collector, 0o755);
    const [command = '', ...args] = startedBy(UNIT.replaceAll('/usr/local/bin/modtrail-collector', collector));
    const start = (): string[] => execFileSync(command, args, { encoding: 'utf8' }).trimEnd().split('\n');
    const first = start();
    const name = /^\/var\/lib\/modtrail\/host-boot-\d{8}T\d{6}Z\.modtrail$/;
    expect(first).toEqual(['--out', expect.stringMatching(name), '--max-size', '1073741824', '--rotate']);
    await pause(1000);
    expect(start()[1]).not.toBe(first[1]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A small sealed capture with rows in every table, in several commits. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { SealVerdict } from '#contract/seal.ts';
import type { Capture } from '#core/capture/open.ts';
import { SealWalk } from '#core/seal/verify.ts';
import { CaptureBuilder } from '../builder.ts';

export const KEYS = generateKeyPairSync('ed25519');

export function rawKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-32);
}

/** Path of a finished capture. */
export function sealedCapture({ signed = false, rounds = 3, path = undefined as string | undefined } = {}): string {
  const built = new CaptureBuilder(undefined, path);
  const key = signed ? KEYS.privateKey : undefined;
  if (signed) built.database.prepare('UPDATE capture SET signing_key = ?').run(rawKey(KEYS.publicKey));
  built.event('capture_start');
  built.clock(1000, 1_700_000_000_000_001_000n);
  built.snapshot('start', ['loop', 'ext4']);
  built.commit(key);
  for (let round = 0; round < rounds; round++) {
    const file = built.file(`/tmp/m${String(round)}.ko`, 40 + round);
    const call = built.call({ returned: 0, took: 9000, file, process: built.process({ pid: 300 + round }), text: `a=${String(round)}`, textInKernel: 'a=9', late: true }); // prettier-ignore
    built.keptImage(call, Buffer.alloc(5000, round), round === 1 ? [[0, 2000]] : undefined);
    built.request(`fs-${String(round)}`, 1);
    built.load(call, 0x1000 + round, `m${String(round)}`);
    built.commit(key);
    built.call({ returned: -1, text: Buffer.from([0xff, round]), repeat: 7 + round, like: 5 });
    built.call({ kind: 'delete_module', returned: -2, text: 'm\ufffd' });
    built.loss('ring-stage', 3, 10, 20);
    built.commit(key);
  }
  built.event('capture_stop');
  built.snapshot('stop', ['loop']);
  return built.finish();
}

/** A capture in memory that can be changed: what is at stake is rows, not files. */
export function inMemory(path: string): Database.Database {
  const database = new Database(readFileSync(path));
  database.pragma('foreign_keys = OFF');
  database.pragma('ignore_check_constraints = ON');
  database.defaultSafeIntegers(true);
  return database;
}

export function verdictOn(
  database: Database.Database,
  state: Partial<Pick<Capture, 'completeness' | 'log'>> = {},
  key?: Buffer,
): SealVerdict {
  const capture = { database, completeness: 'finished', log: false, ...state } as Capture;
  const walk = new SealWalk(capture, key);
  for (;;) {
    const step = walk.step(1000);
    if ('verdict' in step) return step.verdict;
  }
}

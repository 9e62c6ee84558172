/** Certificates that were given: read in a process of their own, kept, and forgotten. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Certificates } from '../../main/app/certificates.ts';
import type { CertificateBytes } from '../../main/store/messages.ts';
import { NODE, ROOT } from '../../scripts/places.ts';
import { signer, type Made } from '../core/module/signature/signed.ts';

const PROGRAM = { execPath: NODE, entry: join(ROOT, 'main/store/store.ts') };

let made: Made;
let told: (readonly CertificateBytes[])[];
let file: string;

const start = (): Certificates => new Certificates(file, PROGRAM, (all) => told.push(all));

beforeEach(() => {
  made = signer(['-newkey', 'rsa:2048']);
  told = [];
  file = join(made.folder, 'certificates.json');
});
afterEach(() => {
  made.remove();
});

test('are kept themselves: the file that they came from may go', async () => {
  const certificates = start();
  expect(certificates.given()).toEqual({ sources: [], count: 0 });
  const now = new Date('2026-11-24T12:00:00Z');
  const given = await certificates.add([made.certificate], now);
  const source = { name: 'signer.pem', folder: made.folder, read: now.toISOString(), count: 1 };
  expect(given).toEqual({ ok: true, value: { sources: [source], count: 1 } });
  rmSync(made.certificate);
  const again = start();
  expect(again.given()).toEqual({ sources: [source], count: 1 });
  expect(told.at(-1)).toMatchObject([{ from: made.certificate }]);
  expect(again.forget()).toEqual({ sources: [], count: 0 });
  expect(told.at(-1)).toEqual([]);
  expect(start().given().count).toBe(0);
});

test('read from one place twice count once, and what holds none changes nothing', async () => {
  const certificates = start();
  await certificates.add([made.certificate]);
  await certificates.add([made.certificate]);
  expect(certificates.given()).toMatchObject({ sources: [{ count: 1 }], count: 1 });
  const none = join(made.folder, 'none.pem');
  writeFileSync(none, 'nothing');
  expect(await certificates.add([none])).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  expect(certificates.given().count).toBe(1);
});

test('in a file that is garbled count as none', () => {
  writeFileSync(file, '{"sources":[{"path":"relative","read":"never","certificates":[]}]}');
  expect(start().given().count).toBe(0);
});

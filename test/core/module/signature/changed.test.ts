/** Signatures changed anywhere, signed by two, by somebody unknown, and folders of certificates that hold all sorts. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Certificate } from '#core/module/signature/certificate.ts';
import { readCertificates } from '#core/module/signature/certificates.ts';
import { readSignature } from '#core/module/signature/verify.ts';
import { random } from '../../../../scripts/corpus/mutate.ts';
import { sampleBytes } from '../sample-modules.ts';
import { appended, signer, type Made } from './signed.ts';

const FLIPS = 1000;
const CONTENT = sampleBytes('mt_params.ko');
let made: Made;
let other: Made;
let own: Certificate[];
beforeAll(async () => {
  made = signer(['-newkey', 'rsa:2048']);
  other = signer(['-newkey', 'rsa:2048']);
  own = await readCertificates([made.certificate]);
});
afterAll(() => {
  made.remove();
  other.remove();
});

/** How often each state is the answer, with one bit flipped between two offsets. */
function states(image: Buffer, from: number, to: number): Record<string, number> {
  const next = random(1);
  const found: Record<string, number> = {};
  for (let flip = 0; flip < FLIPS; flip++) {
    const bytes = Buffer.from(image);
    const at = from + Math.floor(next() * (to - from));
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(next() * 8));
    const { state, text } = readSignature(bytes, own);
    expect(text.length).toBeGreaterThan(10);
    found[state] = (found[state] ?? 0) + 1;
  }
  return found;
}

test('a bit of what was signed: broken, a thousand times', () => {
  const image = appended(CONTENT, made.sign(CONTENT));
  expect(states(image, 0, CONTENT.length)).toEqual({ broken: FLIPS });
});

test('a bit of the message: never an exception, and nothing but what carries no meaning still verifies', () => {
  const message = made.sign(CONTENT);
  const image = appended(CONTENT, message);
  const found = states(image, CONTENT.length, CONTENT.length + message.length);
  expect((found['broken'] ?? 0) + (found['malformed'] ?? 0) + (found['unverifiable'] ?? 0)).toBeGreaterThan(900);
  // The value itself, at the end, is more than half of the message: not one of its bits may be another.
  expect(states(image, image.length - 40 - 256, image.length - 40)).toEqual({ broken: FLIPS });
});

test('a bit of the trailer: unsigned, malformed, or told as a problem', () => {
  const image = appended(CONTENT, made.sign(CONTENT));
  const next = random(2);
  for (let flip = 0; flip < FLIPS; flip++) {
    const bytes = Buffer.from(image);
    const at = image.length - 40 + Math.floor(next() * 40);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(next() * 8));
    const { state, problems } = readSignature(bytes, own);
    expect(['unsigned', 'malformed', 'broken'].includes(state) || problems.length > 0, `flip ${String(flip)}`).toBe(
      true,
    );
  }
});

test('a digest that nobody knows: not verifiable, and which it is', () => {
  const message = made.sign(CONTENT);
  const sha256 = Buffer.from('0609608648016503040201', 'hex');
  for (let at = message.indexOf(sha256); at !== -1; at = message.indexOf(sha256, at + 1)) message[at + 10] = 0x7f;
  const facts = readSignature(appended(CONTENT, message), own);
  expect(facts.state).toBe('unverifiable');
  expect(facts.text).toContain('2.16.840.1.101.3.4.2.127');
});

test('two signers: both are told, and one that does not hold is enough', async () => {
  const key = join(other.folder, 'key.pem');
  const both = made.sign(CONTENT, ['-noattr', '-nocerts', '-signer', other.certificate, '-inkey', key]);
  const certificates = await readCertificates([made.certificate, other.certificate]);
  const image = appended(CONTENT, both);
  expect(readSignature(image, certificates)).toMatchObject({ state: 'verified', problems: [] });
  expect(readSignature(image, certificates).signers).toHaveLength(2);
  image[image.length - 41] = (image[image.length - 41] ?? 0) ^ 1;
  expect(readSignature(image, certificates).state).toBe('broken');
});

test('a certificate that has expired verifies, with its dates, as for the kernel', async () => {
  const expired = join(made.folder, 'expired.pem');
  const key = join(made.folder, 'key.pem');
  const config = join(made.folder, 'ca.cnf');
  const [database, request] = [join(made.folder, 'index.txt'), join(made.folder, 'request.pem')];
  writeFileSync(database, '');
  writeFileSync(
    config,
    `[ca]\ndefault_ca=c\n[c]\ndatabase=${database}\nnew_certs_dir=${made.folder}\nrand_serial=yes\ndefault_md=sha256\n` +
      'policy=p\n[p]\norganizationName=optional\ncommonName=supplied\n',
  );
  execFileSync('openssl', ['req', '-new', '-key', key, '-subj', '/O=Test/CN=Old', '-out', request]);
  const old = ['-startdate', '20010101000000Z', '-enddate', '20020101000000Z'];
  execFileSync(
    'openssl',
    [
      'ca',
      '-batch',
      '-selfsign',
      '-notext',
      '-config',
      config,
      '-keyfile',
      key,
      ...old,
      '-in',
      request,
      '-out',
      expired,
    ],
    { stdio: 'ignore' },
  );
  const message = made.sign(CONTENT, ['-noattr', '-nocerts', '-signer', expired, '-inkey', key]);
  const facts = readSignature(appended(CONTENT, message), await readCertificates([expired, made.certificate]));
  expect(facts.state).toBe('verified');
});

test('a folder with all sorts in it', { timeout: 60_000 }, async () => {
  const folder = join(made.folder, 'all-sorts');
  mkdirSync(join(folder, 'folder.pem'), { recursive: true });
  execFileSync('mkfifo', [join(folder, 'pipe.pem')]);
  symlinkSync('loop.pem', join(folder, 'loop.pem'));
  symlinkSync('/nowhere', join(folder, 'nowhere.der'));
  writeFileSync(join(folder, 'huge.der'), '0');
  truncateSync(join(folder, 'huge.der'), 2 ** 40);
  for (let index = 0; index < 10_000; index++) writeFileSync(join(folder, `${String(index)}.x509`), `0\x82\xff\xff`);
  writeFileSync(join(folder, 'zzz.pem'), readFileSync(made.certificate));
  const start = performance.now();
  const found = await readCertificates([folder]);
  expect(found.map(({ facts }) => facts.from)).toEqual([join(folder, 'zzz.pem')]);
  expect(performance.now() - start).toBeLessThan(20_000);
  await expect(readCertificates([join(folder, 'pipe.pem')])).rejects.toThrow('neither a file nor a folder');
  await expect(readCertificates([join(folder, 'loop.pem')])).rejects.toThrow('no such file');
});

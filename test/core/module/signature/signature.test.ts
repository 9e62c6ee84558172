import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCertificates } from '#core/module/signature/certificates.ts';
import { readSignature } from '#core/module/signature/verify.ts';
import { appended, signer, type Made } from './signed.ts';

const RSA = ['-newkey', 'rsa:2048'];
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1'];
const CONTENT = Buffer.from('what stands for a module, '.repeat(200), 'latin1');

/** One element of DER around these bytes. */
function element(tag: number, content: Buffer): Buffer {
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const head = Buffer.from([tag, 0x83, 0, 0, 0]);
  head.writeUIntBE(content.length, 2, 3);
  return Buffer.concat([head, content]);
}

function nested(tag: number, depth: number): Buffer {
  let bytes: Buffer = Buffer.alloc(0);
  for (let i = 0; i < depth; i += 1) bytes = element(tag, bytes);
  return bytes;
}

describe.each([
  ['RSA', RSA, 'rsaEncryption'],
  ['ECDSA', EC, 'ecdsa-with-SHA256'],
] as const)('%s', (_name, newkey, algorithm) => {
  let made: Made;
  let other: Made;
  beforeAll(() => {
    made = signer(newkey);
    other = signer(RSA);
  });
  afterAll(() => {
    made.remove();
    other.remove();
  });

  test('four answers that differ', async () => {
    const image = appended(CONTENT, made.sign(CONTENT));
    const [own, foreign] = [await readCertificates([made.certificate]), await readCertificates([other.certificate])];
    const changed = Buffer.from(image);
    changed[17] = (changed[17] ?? 0) ^ 1;
    expect(readSignature(image)).toMatchObject({ state: 'signed', problems: [] });
    expect(readSignature(image, own)).toMatchObject({ state: 'verified', certificatesTried: 1 });
    expect(readSignature(image, foreign)).toMatchObject({ state: 'unverifiable', problems: [] });
    expect(readSignature(changed, own)).toMatchObject({ state: 'broken', problems: [] });
    expect(readSignature(CONTENT, own)).toMatchObject({ state: 'unsigned', problems: [] });
    const [who] = readSignature(image).signers;
    expect(who).toMatchObject({
      name: 'Test signer',
      issuer: 'O=Test, CN=Test signer',
      digestAlgorithm: 'sha256',
      signatureAlgorithm: algorithm,
      signedAttributes: [],
    });
    const serial = execFileSync('openssl', ['x509', '-noout', '-serial', '-in', made.certificate], {
      encoding: 'utf8',
    });
    expect(`serial=${who?.serial?.replaceAll(':', '') ?? ''}`).toBe(serial.trim());
  });

  test('each of several modules of one signer is read as if it were alone', async () => {
    const own = await readCertificates([made.certificate]);
    const contents = ['one', 'another', 'a third'].map((text) => Buffer.from(text, 'latin1'));
    const images = contents.map((bytes) => appended(bytes, made.sign(bytes)));
    const [first, second] = images.map((image) => readSignature(image, own));
    expect(images.map((image) => readSignature(image, own).state)).toEqual(['verified', 'verified', 'verified']);
    // The signature of one behind the bytes of another.
    expect(readSignature(appended(Buffer.from('other'), made.sign(CONTENT)), own).state).toBe('broken');
    expect(second?.signers[0]).toMatchObject({ ...first?.signers[0], signature: second?.signers[0]?.signature });
    expect(second?.signers[0]?.signature).not.toEqual(first?.signers[0]?.signature);
  });

  test('with signed attributes the digest in them counts, also without a certificate', async () => {
    const image = appended(CONTENT, made.sign(CONTENT, ['-nocerts']));
    const own = await readCertificates([made.certificate]);
    const facts = readSignature(image, own);
    expect(facts.state).toBe('verified');
    const names = facts.signers[0]?.signedAttributes.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['contentType', 'messageDigest', 'signingTime']));
    image[0] = 0;
    expect(readSignature(image, own).state).toBe('broken');
    expect(readSignature(image).state).toBe('broken');
  });

  test('a signer named by key id, and certificates that come along', async () => {
    const image = appended(CONTENT, made.sign(CONTENT, ['-noattr', '-keyid']));
    const facts = readSignature(image, await readCertificates([made.certificate]));
    expect(facts.state).toBe('verified');
    expect(facts.signers[0]?.keyId).toBe(facts.verifiedWith?.keyId);
    expect(facts.certificates.map(({ from, subject }) => `${from}: ${subject}`)).toEqual([
      'the signature: O=Test, CN=Test signer',
    ]);
    expect(readSignature(image).state).toBe('signed');
  });

  test('certificates from DER, from a folder, and from other bytes', async () => {
    const der = execFileSync('openssl', ['x509', '-in', made.certificate, '-outform', 'DER']);
    const folder = join(made.folder, 'certificates');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.x509'), der);
    writeFileSync(join(folder, 'b.pem'), readFileSync(other.certificate));
    writeFileSync(join(folder, 'c.der'), 'nothing');
    writeFileSync(join(folder, 'notes.txt'), 'nothing');
    const within = join(made.folder, 'within');
    writeFileSync(within, Buffer.concat([Buffer.alloc(1000, 0x30), Buffer.from([0x82]), der, Buffer.alloc(7)]));
    const image = appended(CONTENT, made.sign(CONTENT));
    expect(await readCertificates([folder])).toHaveLength(2);
    expect(readSignature(image, await readCertificates([folder])).state).toBe('verified');
    const [found] = await readCertificates([within]);
    expect(found?.facts.from).toBe(`${within} at 0x3e9`);
    await expect(readCertificates([join(folder, 'notes.txt')])).rejects.toThrow('there is no certificate in it');
    await expect(readCertificates([join(folder, 'none')])).rejects.toThrow('there is no such file or folder');
  });
});

describe('hostile', () => {
  test.each([
    ['sequences', nested(0x30, 100_000)],
    ['octet strings', nested(0x04, 100_000)],
    ['without lengths', Buffer.from('3080'.repeat(100_000), 'hex')],
  ])('nested %s', (_name, message) => {
    const start = performance.now();
    const facts = readSignature(appended(CONTENT, message));
    expect(facts).toMatchObject({ state: 'malformed', signers: [] });
    expect(facts.problems[0]?.text).toContain('deep');
    expect(performance.now() - start).toBeLessThan(500);
  });

  test('a million elements side by side', () => {
    const facts = readSignature(appended(CONTENT, element(0x30, Buffer.alloc(1_000_000, '0500', 'hex'))));
    expect(facts.problems[0]?.text).toContain('elements');
  });

  test('lengths that do not fit, another type, fields that are not zero', () => {
    expect(readSignature(appended(CONTENT, Buffer.alloc(8), 0xffffffff)).text).toContain('4294967295 bytes long');
    expect(readSignature(appended(CONTENT, Buffer.alloc(8), 8, 1)).text).toContain('X.509');
    expect(readSignature(appended(Buffer.alloc(0), Buffer.alloc(0))).state).toBe('malformed');
    expect(readSignature(Buffer.from('~Module signature appended~\n')).state).toBe('malformed');
  });

  test('bytes changed anywhere in the message: an answer, never an exception', async () => {
    const made = signer(EC);
    const message = made.sign(CONTENT, []);
    const own = await readCertificates([made.certificate]);
    made.remove();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(message.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(message.length),
        (changes, cut) => {
          const altered = Buffer.from(message);
          for (const [at, byte] of changes) altered[at] = byte;
          for (const bytes of [altered, altered.subarray(0, cut)]) {
            const { text } = readSignature(appended(CONTENT, bytes), own);
            expect(text.length).toBeGreaterThan(10);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

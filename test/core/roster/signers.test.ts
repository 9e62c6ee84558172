/** Who signed an image, on images that OpenSSL signed as the kernel's sign-file does. */
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { signerOf } from '#core/roster/signers.ts';
import { appended, signer } from '../module/signature/signed.ts';

const made = signer(['-newkey', 'rsa:2048']);
afterAll(() => {
  made.remove();
});

const CODE = Buffer.from('\x7fELF and the rest of a module');

test('a signed image names its signer, packed or not', async () => {
  const signed = appended(CODE, made.sign(CODE));
  expect(await signerOf(signed)).toEqual({ state: 'signed', by: 'Test signer' });
  expect(await signerOf(gzipSync(signed))).toEqual({ state: 'signed', by: 'Test signer' });
});

test('an image without a signature is unsigned', async () => {
  expect(await signerOf(CODE)).toEqual({ state: 'unsigned' });
});

test('a signature or a stream that cannot be read says why', async () => {
  expect(await signerOf(appended(CODE, Buffer.from('no message')))).toMatchObject({ state: 'unreadable' });
  expect(await signerOf(appended(CODE, made.sign(CODE), 1 << 30))).toMatchObject({ state: 'unreadable' });
  expect(await signerOf(appended(CODE, made.sign(CODE), undefined, 1))).toMatchObject({ state: 'unreadable' });
  expect(await signerOf(gzipSync(CODE).subarray(0, 20))).toMatchObject({ state: 'unreadable' });
  expect(await signerOf(new Uint8Array(0))).toEqual({ state: 'unsigned' });
});

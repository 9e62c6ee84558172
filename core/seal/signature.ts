/** Ed25519 signatures over the digests of commits, and keys as people give them. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { CaptureError } from '../capture/failure.ts';

/** What is signed begins with this; docs/seal.md. */
const PREFIX = Buffer.from('modtrail seal 1\n', 'latin1');

/** What stands before the 32 bytes of an Ed25519 public key in a SubjectPublicKeyInfo (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;

export function publicKey(bytes: Buffer): KeyObject | undefined {
  if (bytes.length !== KEY_BYTES) return undefined;
  try {
    return createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/**
 * The 32 bytes of a public key from a PEM file's text, or from 64 hexadecimal digits.
 * @throws CaptureError 'bad-request' where it is neither
 */
export function readPublicKey(text: string): Buffer {
  const digits = text.trim();
  if (/^[0-9a-f]{64}$/i.test(digits)) return Buffer.from(digits, 'hex');
  if (text.includes('PRIVATE KEY')) {
    throw new CaptureError('bad-request', 'that is a private key; verifying takes the public one');
  }
  try {
    const key = createPublicKey(text);
    if (key.asymmetricKeyType === 'ed25519') return key.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
  } catch {
    // It is told below.
  }
  throw new CaptureError('bad-request', 'that is no Ed25519 public key: PEM or 64 hexadecimal digits are expected');
}

export function isSignature(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  return signature.length === 64 && verify(null, Buffer.concat([PREFIX, digest]), key, signature);
}

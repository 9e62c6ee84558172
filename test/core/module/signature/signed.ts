/** Modules' signatures made by OpenSSL, as the kernel's sign-file makes them, and with what it never does. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MARKER = '~Module signature appended~\n';

/** The message with struct module_signature and the marker behind these bytes. */
export function appended(bytes: Buffer, message: Buffer, length = message.length, idType = 2): Buffer {
  const structure = Buffer.alloc(12);
  structure.writeUInt8(idType, 2);
  structure.writeUInt32BE(length >>> 0, 8);
  return Buffer.concat([bytes, message, structure, Buffer.from(MARKER, 'latin1')]);
}

export interface Made {
  readonly folder: string;
  /** Path of the signer's certificate, PEM. */
  readonly certificate: string;
  /** The message of a signature over these bytes. */
  readonly sign: (bytes: Buffer, options?: readonly string[]) => Buffer;
  readonly remove: () => void;
}

/** A key of that kind with a certificate of its own, in a folder of its own. */
export function signer(newkey: readonly string[]): Made {
  const folder = mkdtempSync(join(tmpdir(), 'modtrail-signer-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'signer.pem')];
  const subject = ['-subj', '/O=Test/CN=Test signer', '-days', '30', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...newkey, '-keyout', key, '-out', certificate, ...subject], {
    stdio: 'ignore',
  });
  return {
    folder,
    certificate,
    sign(bytes, options = ['-noattr', '-nocerts']) {
      const [input, output] = [join(folder, 'in'), join(folder, 'out')];
      writeFileSync(input, bytes);
      const files = ['-in', input, '-out', output, '-signer', certificate, '-inkey', key];
      execFileSync('openssl', ['cms', '-sign', '-binary', '-outform', 'DER', '-md', 'sha256', ...files, ...options]);
      return readFileSync(output);
    },
    remove() {
      rmSync(folder, { recursive: true });
    },
  };
}

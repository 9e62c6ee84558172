/** Certificates from what a user names: a file (DER, PEM, or a kernel's image that holds some) or a folder of such files. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptureError } from '../../capture/failure.ts';
import { certificateFrom, certificatesOfPem, type Certificate } from './certificate.ts';
import { isKernelImage, KernelImageError, unpackKernel } from './kernel-image.ts';
import { scanCertificates } from './scan.ts';

const LARGEST_FILE = 1024 * 1024 * 1024;
const MOST_FILES = 100_000;
/** Of those in a folder: bundles of all that browsers trust have some 200 kB. */
const LARGEST_IN_FOLDER = 4 * 1024 * 1024;
/** What certificates are called in a folder; others there are passed over. */
const NAMES = /\.(?:pem|crt|cer|der|x509)$/i;

/**
 * All certificates of the files and folders named, each once.
 * @throws CaptureError where one cannot be read, or holds no certificate
 */
export async function readCertificates(paths: readonly string[]): Promise<Certificate[]> {
  const found = new Map<string, Certificate>();
  for (const path of paths) {
    const certificates = await ofPath(path);
    if (certificates.length === 0) throw new CaptureError('bad-request', `${path}: there is no certificate in it`);
    for (const certificate of certificates) {
      if (!found.has(certificate.facts.sha256)) found.set(certificate.facts.sha256, certificate);
    }
  }
  return [...found.values()];
}

async function ofPath(path: string): Promise<Certificate[]> {
  const facts = await stat(path).catch(() => {
    throw new CaptureError('not-found', `${path}: there is no such file or folder`);
  });
  if (facts.isDirectory()) {
    return ofFolder(path);
  }
  if (!facts.isFile()) throw new CaptureError('bad-request', `${path}: this is neither a file nor a folder`);
  if (facts.size > LARGEST_FILE)
    throw new CaptureError('bad-request', `${path}: this file is too large for certificates`);
  return ofFile(path);
}

/** What is there besides files of that name and size is passed over: pipes, folders, links that lead nowhere. */
async function ofFolder(path: string): Promise<Certificate[]> {
  const all = await readdir(path).catch(() => {
    throw new CaptureError('not-readable', `${path}: this folder cannot be read`);
  });
  const names = all.filter((name) => NAMES.test(name)).sort();
  if (names.length > MOST_FILES) {
    throw new CaptureError('bad-request', `${path}: more than ${String(MOST_FILES)} files are named as certificates`);
  }
  const found: Certificate[] = [];
  // One after the other: a thousand open files at once are more than a process may have.
  for (const name of names) {
    const file = join(path, name);
    const facts = await stat(file).catch(() => undefined);
    if (!facts?.isFile() || facts.size > LARGEST_IN_FOLDER) continue;
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    const single = bytes[0] === 0x30 ? certificateFrom(bytes, file) : undefined;
    found.push(...(single ? [single] : certificatesOfPem(bytes.toString('latin1'), file)));
  }
  return found;
}

async function ofFile(path: string): Promise<Certificate[]> {
  const bytes = await readFile(path).catch(() => {
    throw new CaptureError('not-readable', `${path}: this file cannot be read`);
  });
  return certificatesOf(bytes, path);
}

/** The certificates that a file's bytes are or hold. @throws CaptureError of a kernel's image that cannot be unpacked */
export async function certificatesOf(bytes: Buffer, source: string): Promise<Certificate[]> {
  const single = bytes[0] === 0x30 ? certificateFrom(bytes, source) : undefined;
  if (single) return [single];
  if (isKernelImage(bytes)) {
    try {
      return scanCertificates(await unpackKernel(bytes), source);
    } catch (error) {
      if (error instanceof KernelImageError) throw new CaptureError('bad-request', `${source}: ${error.message}`);
      throw error;
    }
  }
  const pem = certificatesOfPem(bytes.toString('latin1'), source);
  return pem.length > 0 ? pem : scanCertificates(bytes, source);
}

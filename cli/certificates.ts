/** Certificates that somebody names on the command line. */
import { CaptureError } from '#core/capture/failure.ts';
import type { Certificate } from '#core/module/signature/certificate.ts';
import { readCertificates } from '#core/module/signature/certificates.ts';
import { CommandFailure } from './output.ts';

export async function certificatesFrom(paths: readonly string[] = []): Promise<Certificate[]> {
  try {
    return await readCertificates(paths);
  } catch (error) {
    throw error instanceof CaptureError ? new CommandFailure(error.message) : error;
  }
}

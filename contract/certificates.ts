/** Certificates that the user has given, for signatures to be held against. */

/** A file or folder that they were read from. */
export interface CertificateSource {
  readonly name: string;
  /** Its folder, to be shown; never sent back. */
  readonly folder: string;
  /** RFC 3339. What was read then is used, whatever became of the file. */
  readonly read: string;
  readonly count: number;
}

export interface GivenCertificates {
  readonly sources: readonly CertificateSource[];
  /** How many in all, each once. */
  readonly count: number;
}

/** What a dialog lets one choose: files (.pem, .der, .x509, a vmlinuz), or a folder of certificates. */
export const CERTIFICATE_CHOICES = ['files', 'folder'] as const;
export type CertificateChoice = (typeof CERTIFICATE_CHOICES)[number];

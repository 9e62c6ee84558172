/** Answers the page's questions about certificates, and asks for the files that hold them. */
import type { ShellApi } from '#contract/api.ts';
import type { CertificateChoice, GivenCertificates } from '#contract/certificates.ts';
import { ok, type Result } from '#contract/result.ts';
import type { Certificates } from './certificates.ts';
import { chooseFiles } from './choose-files.ts';
import type { RecentFile } from './recent.ts';
import type { AppWindow } from './windows.ts';

export interface CertificateDeskParts {
  readonly own: AppWindow;
  readonly certificates: Certificates;
  readonly recent: RecentFile;
}

const CERTIFICATE_SUFFIXES = ['pem', 'crt', 'cer', 'der', 'x509'];

type Verbs = Pick<ShellApi, 'certificates' | 'chooseCertificates' | 'forgetCertificates'>;

export class CertificateDesk implements Verbs {
  readonly #parts: CertificateDeskParts;

  constructor(parts: CertificateDeskParts) {
    this.#parts = parts;
  }

  certificates(): Promise<Result<GivenCertificates>> {
    return Promise.resolve(ok(this.#parts.certificates.given()));
  }

  async chooseCertificates(what: CertificateChoice): Promise<Result<GivenCertificates | null>> {
    const { certificates, own, recent } = this.#parts;
    const paths = await chooseFiles(own.window, recent, {
      title: what === 'files' ? 'Certificates, or a kernel that holds some' : 'A folder of certificates',
      properties: what === 'files' ? ['openFile', 'multiSelections'] : ['openDirectory'],
      // A kernel's image has a release for a suffix: no filter would fit.
      ...(what === 'files'
        ? {
            filters: [
              { name: 'All files', extensions: ['*'] },
              { name: 'Certificates', extensions: CERTIFICATE_SUFFIXES },
            ],
          }
        : {}),
    });
    return paths.length === 0 ? ok(null) : await certificates.add(paths);
  }

  forgetCertificates(): Promise<Result<GivenCertificates>> {
    return Promise.resolve(ok(this.#parts.certificates.forget()));
  }
}

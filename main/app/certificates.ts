/**
 * Certificates that the user has given. They are kept themselves, not where they lay: a signature is held against the same
 * ones tomorrow, and no kernel's image has to be unpacked again.
 */
import { basename, dirname, isAbsolute } from 'node:path';
import type { GivenCertificates } from '#contract/certificates.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { z } from 'zod';
import { certificateBytes, MOST_CERTIFICATES, type CertificateBytes } from '../store/messages.ts';
import { JsonFile } from './json-file.ts';
import { StoreProcess, type StoreProgram } from './store-process.ts';

/** Bytes of the file that keeps them: as many as may be kept, each of a usual size. */
const MOST_BYTES = 16 << 20;

const source = z.object({
  path: z.string().max(4096).refine(isAbsolute),
  read: z.iso.datetime(),
  certificates: z.array(certificateBytes).max(MOST_CERTIFICATES),
});
const stored = z.object({ sources: z.array(source).max(100) });

type Source = z.infer<typeof source>;

export class Certificates {
  readonly #file: JsonFile<z.infer<typeof stored>>;
  readonly #program: StoreProgram;
  readonly #changed: (all: readonly CertificateBytes[]) => void;
  #sources: readonly Source[];

  /** @param changed - told now, and whenever there are others */
  constructor(path: string, program: StoreProgram, changed: (all: readonly CertificateBytes[]) => void) {
    this.#file = new JsonFile(path, stored, MOST_BYTES);
    this.#program = program;
    this.#changed = changed;
    this.#sources = this.#file.read()?.sources ?? [];
    if (this.#sources.length > 0) changed(this.#all());
  }

  given(): GivenCertificates {
    const sources = this.#sources.map(({ path, read, certificates }) => ({
      ...{ name: basename(path), folder: dirname(path), read },
      count: certificates.length,
    }));
    return { sources, count: new Set(this.#all().map(({ der }) => der)).size };
  }

  /** Reads those of files and folders, in a process of its own, and adds them; those read from there before give way. */
  async add(paths: readonly string[], now: Date = new Date()): Promise<Result<GivenCertificates>> {
    const found: Source[] = [];
    const process = new StoreProcess(this.#program);
    try {
      for (const path of paths) {
        // The process has checked the answer's shape; here it gets its type.
        const answer = (await process.ask('readCertificates', [path])) as Result<CertificateBytes[]>;
        if (!answer.ok) return answer;
        found.push({ path, read: now.toISOString(), certificates: answer.value });
      }
    } finally {
      await process.end();
    }
    const sources = [...this.#sources.filter(({ path }) => !paths.includes(path)), ...found];
    if (sources.reduce((sum, { certificates }) => sum + certificates.length, 0) > MOST_CERTIFICATES)
      return fail('bad-request', `these are more than ${String(MOST_CERTIFICATES)} certificates; fewer can be kept`);
    this.#keep(sources);
    return ok(this.given());
  }

  forget(): GivenCertificates {
    this.#keep([]);
    return this.given();
  }

  #keep(sources: readonly Source[]): void {
    this.#sources = sources;
    this.#file.write({ sources: [...sources] });
    this.#changed(this.#all());
  }

  #all(): CertificateBytes[] {
    return this.#sources.flatMap(({ certificates }) => certificates);
  }
}

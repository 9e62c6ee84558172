/** What the process for modules serves: open images by handle, every answer a Result. */
import type { ModuleApi } from '#contract/api.ts';
import type { CompareStep } from '#contract/module-compare.ts';
import type { ModuleFacts } from '#contract/module.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { CaptureError } from '../capture/failure.ts';
import { asFailure } from '../capture/open.ts';
import { openImage } from '../module/image.ts';
import { readModuleFile } from '../module/read-file.ts';
import { Comparison } from './comparison.ts';
import { certificateFrom, type Certificate } from '../module/signature/certificate.ts';
import { readCertificates } from '../module/signature/certificates.ts';
import { OpenedCapture } from './open-capture.ts';
import { OpenedModule } from './open-module.ts';

/** Verbs whose answer takes a library that is loaded first, or more than one turn. */
type Slow = 'moduleCode' | 'codeText' | 'findInCode' | 'compareStep';

type Synchronous<Method> = Method extends (...args: infer Args) => Promise<infer Answer>
  ? (...args: Args) => Answer
  : never;

/** An open image as far as the store knows it. */
export interface OpenedModuleFacts {
  readonly handle: string;
  readonly facts: ModuleFacts;
}

/** A certificate: its DER as Base64, and where it was found. */
export interface CertificateBytes {
  readonly der: string;
  readonly from: string;
}

export type ModuleStore = { [Verb in Exclude<keyof ModuleApi, Slow>]: Synchronous<ModuleApi[Verb]> } & Pick<
  ModuleApi,
  Slow
> & {
    /** Opens a module's file. */
    openModule(path: string): Promise<Result<OpenedModuleFacts>>;
    /** Opens a kept image of the capture in a file. */
    openModuleImage(path: string, sha256: string): Promise<Result<OpenedModuleFacts>>;
    /** Lets go of an image; an unknown handle is fine. */
    closeModule(handle: string): Result<null>;
    /** The certificates of a file, a kernel's image among them, or of a folder. */
    readCertificates(path: string): Promise<Result<CertificateBytes[]>>;
    /** What signatures are held against from now on, of the images that are open too. What is no certificate is left out. */
    useCertificates(list: readonly CertificateBytes[]): Result<null>;
  };

const NOT_OPEN = fail('no-such-row', 'this module is not open any more');

/** Whether a file is named as a module. */
const NAMED = /\.ko(\.(gz|xz|zst))?$/i;

/** The bytes of an image of a capture; the capture is closed again. */
function imageOf(path: string, sha256: string): Uint8Array {
  const capture = new OpenedCapture(path);
  try {
    return capture.imageBytes({ sha256 }).bytes;
  } finally {
    capture.close();
  }
}

export function createModuleStore(): ModuleStore {
  const modules = new Map<string, OpenedModule>();
  let last = 0;
  let certificates: readonly Certificate[] = [];
  let comparison: { readonly here: string; readonly there: string; readonly of: Comparison } | undefined;

  function failed(error: unknown, what: string): Result<never> {
    const { failure } = asFailure(error, what);
    return { ok: false, error: failure };
  }

  function guarded<T>(what: string, work: () => T): Result<T> {
    try {
      return ok(work());
    } catch (error) {
      return failed(error, what);
    }
  }

  /** @param sure - it was given to the kernel, or is named as a module: then it is looked at whatever it is */
  async function take(name: string, sure: boolean, read: () => Uint8Array): Promise<Result<OpenedModuleFacts>> {
    try {
      const module = new OpenedModule(name, await openImage(read()), certificates);
      if (!sure && !module.isElf) throw new CaptureError('not-a-module', `${name} is neither a capture nor a module`);
      return ok(keep(module));
    } catch (error) {
      return failed(error, name);
    }
  }

  function keep(module: OpenedModule): OpenedModuleFacts {
    const handle = `m${String(++last)}`;
    modules.set(handle, module);
    return { handle, facts: module.facts };
  }

  function within<T>(handle: string, work: (module: OpenedModule) => T): Result<T> {
    const module = modules.get(handle);
    if (!module) return NOT_OPEN;
    return guarded(module.name, () => work(module));
  }

  async function asked<T>(handle: string, work: (module: OpenedModule) => Promise<T>): Promise<Result<T>> {
    const module = modules.get(handle);
    if (!module) return NOT_OPEN;
    try {
      return ok(await work(module));
    } catch (error) {
      return failed(error, module.name);
    }
  }

  /** The comparison of two images, as far as it has come. */
  function compared(here: string, there: string): Comparison | undefined {
    return comparison?.here === here && comparison.there === there ? comparison.of : undefined;
  }

  async function compareStep(here: string, there: string, restart: boolean): Promise<Result<CompareStep>> {
    const other = modules.get(there);
    if (!other) return NOT_OPEN;
    return await asked(here, (module) => {
      let found = restart ? undefined : compared(here, there);
      if (!found) {
        found = new Comparison(module.compared, other.compared);
        comparison = { here, there, of: found };
      }
      return found.step();
    });
  }

  async function certificatesOf(path: string): Promise<Result<CertificateBytes[]>> {
    try {
      const found = await readCertificates([path]);
      return ok(found.map(({ der, facts }) => ({ der: der.toString('base64'), from: facts.from })));
    } catch (error) {
      return failed(error, path);
    }
  }

  function useCertificates(list: readonly CertificateBytes[]): Result<null> {
    certificates = list.flatMap(({ der, from }) => certificateFrom(Buffer.from(der, 'base64'), from) ?? []);
    for (const module of modules.values()) module.useCertificates(certificates);
    comparison = undefined;
    return ok(null);
  }

  return {
    readCertificates: certificatesOf,
    useCertificates,
    openModule: (path) => take(path, NAMED.test(path), () => readModuleFile(path)),
    openModuleImage: (path, sha256) => take(`image ${sha256}`, true, () => imageOf(path, sha256)),
    closeModule: (handle) => {
      modules.delete(handle);
      if (comparison?.here === handle || comparison?.there === handle) comparison = undefined;
      return ok(null);
    },
    moduleBytes: (handle, offset, length) => within(handle, (module) => module.bytes(offset, length)),
    searchModule: (handle, search) => within(handle, (module) => module.search(search)),
    modulePart: (handle, part) => within(handle, (module) => JSON.stringify(module.part(part))),
    moduleRows: (handle, list, request) => within(handle, (module) => module.rows(list, request)),
    moduleRowIndex: (handle, list, row, order) => within(handle, (module) => module.rowIndex(list, row, order)),
    placeInModule: (handle, offset) => within(handle, (module) => module.placeOf(offset)),
    findInModule: (handle, text) => within(handle, (module) => module.find(text)),
    moduleCode: (handle, request) => asked(handle, (module) => module.code((code) => code.page(request))),
    codeText: (handle, at) => asked(handle, (module) => module.code((code) => code.text(at))),
    findInCode: (handle, at, text) => asked(handle, (module) => module.code((code) => code.find(at, text))),
    compareStep,
    differences: (here, there, request) =>
      within(here, () => {
        const found = compared(here, there);
        if (!found) throw new CaptureError('no-such-row', 'these two are not compared any more');
        return found.page(request);
      }),
  };
}

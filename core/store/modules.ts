/** What the process for modules serves: open images by handle, every answer a Result. */
import type { ModuleApi } from '#contract/api.ts';
import type { ModuleFacts } from '#contract/module.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { CaptureError } from '../capture/failure.ts';
import { asFailure } from '../capture/open.ts';
import { openImage } from '../module/image.ts';
import { readModuleFile } from '../module/read-file.ts';
import { OpenedCapture } from './open-capture.ts';
import { OpenedModule } from './open-module.ts';

type Synchronous<Method> = Method extends (...args: infer Args) => Promise<infer Answer>
  ? (...args: Args) => Answer
  : never;

/** An open image as far as the store knows it. */
export interface OpenedModuleFacts {
  readonly handle: string;
  readonly facts: ModuleFacts;
}

export type ModuleStore = { [Verb in keyof ModuleApi]: Synchronous<ModuleApi[Verb]> } & {
  /** Opens a module's file. */
  openModule(path: string): Promise<Result<OpenedModuleFacts>>;
  /** Opens a kept image of the capture in a file. */
  openModuleImage(path: string, sha256: string): Promise<Result<OpenedModuleFacts>>;
  /** Lets go of an image; an unknown handle is fine. */
  closeModule(handle: string): Result<null>;
};

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
      const module = new OpenedModule(name, await openImage(read()));
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
    if (!module) return fail('no-such-row', 'this module is not open any more');
    return guarded(module.name, () => work(module));
  }

  return {
    openModule: (path) => take(path, NAMED.test(path), () => readModuleFile(path)),
    openModuleImage: (path, sha256) => take(`image ${sha256}`, true, () => imageOf(path, sha256)),
    closeModule: (handle) => {
      modules.delete(handle);
      return ok(null);
    },
    moduleBytes: (handle, offset, length) => within(handle, (module) => module.bytes(offset, length)),
    searchModule: (handle, search) => within(handle, (module) => module.search(search)),
    modulePart: (handle, part) => within(handle, (module) => module.part(part)),
    moduleRows: (handle, list, request) => within(handle, (module) => module.rows(list, request)),
    moduleRowIndex: (handle, list, row, order) => within(handle, (module) => module.rowIndex(list, row, order)),
    placeInModule: (handle, offset) => within(handle, (module) => module.placeOf(offset)),
    findInModule: (handle, text) => within(handle, (module) => module.find(text)),
  };
}

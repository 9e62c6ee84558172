/** Whole loads and unloads: every event that one of them causes, in the order of the kernel's own code. */
import type { MadeImage } from './images.ts';
import type { Loaded } from './kernel.ts';
import type { MadeFile, MadeProcess } from './records.ts';
import { ERROR, O_NONBLOCK, text, type Scene } from './scene.ts';

/** How many events each of them makes. */
export const COST = { live: 3, failed: 4, known: 2, rejected: 2, refused: 1, removed: 2 } as const;

/** Most inits are done at once; some wait for a device, longer than the recorder waits for the call's return. */
function initNs({ random }: Scene): number {
  return random.chance(0.03) ? random.logarithmic(60_000_000, 400_000_000) : random.logarithmic(20_000, 30_000_000);
}

export interface LoadOptions {
  readonly parameters?: string;
  /** From memory and not from a file. */
  readonly memory?: boolean;
  /** In place of the image's own, such as one that is deleted. */
  readonly file?: MadeFile;
  /** How long init runs, in nanoseconds. */
  readonly init?: number;
}

interface Opened {
  readonly callId: number;
  readonly kind: 'finit_module' | 'init_module';
  /** When the bytes were read. */
  readonly readNs: number;
  readonly facts: { readonly file: MadeFile | undefined; readonly args: readonly [number, number, number] };
}

/** Up to where the bytes are read. */
function begin(scene: Scene, ns: number, process: MadeProcess, image: MadeImage, options: LoadOptions): Opened {
  const { random, journal } = scene;
  const callId = journal.nextCallId();
  const file = options.file ?? image.file;
  const readNs = ns + 30_000 + file.size * (0.4 + random.unit());
  scene.read(readNs, callId, process, file.size, image.sha256, options.memory === true ? 'load_data' : 'read_file');
  if (options.memory === true) {
    return {
      callId,
      kind: 'init_module',
      readNs,
      facts: { file: undefined, args: [scene.pointer(), file.size, scene.pointer()] },
    };
  }
  return {
    callId,
    kind: 'finit_module',
    readNs,
    facts: { file, args: [random.between(3, 9), scene.pointer(), image.flags] },
  };
}

function textOf(kind: Opened['kind'], options: LoadOptions, seenByKernel: boolean) {
  return text(kind === 'finit_module' ? 1 : 2, options.parameters ?? '', seenByKernel);
}

/** The module becomes live: 3 events. Undefined, and nothing, where one of that name is there. Returns when it is done. */
export function load(
  scene: Scene,
  ns: number,
  process: MadeProcess,
  image: MadeImage,
  options: LoadOptions = {},
): number | undefined {
  const module = scene.kernel.load(image, ns);
  if (!module) return undefined;
  const { callId, kind, readNs, facts } = begin(scene, ns, process, image, options);
  const loadNs = readNs + 150_000 + scene.random.unit() * 900_000;
  scene.loaded(loadNs, callId, process, module);
  const took = loadNs - ns + (options.init ?? initNs(scene));
  scene.call(kind, ns, callId, process, { ...facts, returned: 0, took, texts: textOf(kind, options, true) });
  module.liveAt = ns + took;
  module.loading = false;
  return ns + took;
}

/** Its init runs and fails: 4 events. */
export function failInit(
  scene: Scene,
  ns: number,
  process: MadeProcess,
  image: MadeImage,
  error: number,
  options: LoadOptions = {},
): number | undefined {
  const module = scene.kernel.load(image, ns);
  if (!module) return undefined;
  const { callId, kind, readNs, facts } = begin(scene, ns, process, image, options);
  const loadNs = readNs + 150_000 + scene.random.unit() * 900_000;
  scene.loaded(loadNs, callId, process, module);
  const freeNs = loadNs + (options.init ?? initNs(scene));
  scene.freed(freeNs, callId, process, module);
  const took = freeNs - ns + 60_000;
  scene.call(kind, ns, callId, process, { ...facts, returned: error, took, texts: textOf(kind, options, true) });
  return ns + took;
}

/** The bytes are read and not accepted: 2 events. */
export function reject(
  scene: Scene,
  ns: number,
  process: MadeProcess,
  image: MadeImage,
  error: number,
  options: LoadOptions = {},
): number {
  const { callId, kind, readNs, facts } = begin(scene, ns, process, image, options);
  const took = readNs - ns + 40_000 + scene.random.unit() * 300_000;
  scene.call(kind, ns, callId, process, { ...facts, returned: error, took, texts: textOf(kind, options, false) });
  return ns + took;
}

/** 2 events. */
export function unload(scene: Scene, ns: number, process: MadeProcess, module: Loaded): number {
  const callId = scene.journal.nextCallId();
  const freeNs = ns + 90_000 + scene.random.logarithmic(50_000, 25_000_000);
  scene.freed(freeNs, callId, process, module);
  const took = freeNs - ns + 20_000;
  const args = [scene.pointer(), O_NONBLOCK, null] as const;
  scene.call('delete_module', ns, callId, process, { returned: 0, took, args, texts: text(0, module.image.name) });
  return ns + took;
}

/** 1 event. */
export function refuseUnload(
  scene: Scene,
  ns: number,
  process: MadeProcess,
  name: string,
  error: number = ERROR.EBUSY,
): number {
  const args = [scene.pointer(), O_NONBLOCK, null] as const;
  const took = 300 + scene.random.unit() * 4000;
  scene.call('delete_module', ns, scene.journal.nextCallId(), process, {
    returned: error,
    took,
    args,
    texts: text(0, name),
  });
  return ns + took;
}

/** Has everything that reads modules read hostile bytes, and says what is not as it must be. */
import { PART_NAMES, type Inspection, type Range } from '#contract/inspect.ts';
import { MODULE_LISTS, type ModuleList } from '#contract/module-rows.ts';
import { architectureOf, disassembleWith } from '#core/module/code/disassemble.ts';
import { decoderOf } from '#core/module/code/decoder.ts';
import { diffModules } from '#core/module/diff/diff.ts';
import { ImageError } from '#core/module/failure.ts';
import { ModuleImage, openImage } from '#core/module/image.ts';
import { inspectModule } from '#core/module/inspect.ts';
import { writeAnswer } from '#core/module/json/answer.ts';
import { JsonBytes } from '#core/module/json/bytes.ts';
import type { Certificate } from '#core/module/signature/certificate.ts';
import { OpenedModule } from '#core/store/open-module.ts';

const MOST_MILLISECONDS = 1000;

/** What one run does: the parts always; the rest takes longer, and is done by some of the runs. */
export interface Depth {
  /** Each function taken apart. */
  readonly code?: boolean;
  /** What it was before it was changed: no signature over other bytes than these may be called verified. */
  readonly original?: ModuleImage;
  /** Compared with the original, both ways round. */
  readonly diff?: boolean;
  /** As the window asks: rows, places, the find box; and the answer as JSON. */
  readonly rows?: boolean;
  readonly certificates?: readonly Certificate[];
}

export interface Tried {
  /** Undefined where all is well. */
  readonly complaint?: string;
  readonly milliseconds: number;
}

/** Of the processor, so that a busy machine does not look like a hang. */
function used(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** An image whose bytes are these. */
export function plainImage(bytes: Uint8Array): ModuleImage {
  const part = { storedSize: bytes.length, size: bytes.length, complete: true, problems: [] };
  return new ModuleImage({ stored: bytes, bytes, part: { compression: 'none', ...part } });
}

/** Bytes that are not packed. */
export const tryImage = (bytes: Uint8Array, depth: Depth = {}): Promise<Tried> =>
  timed(() => read(plainImage(bytes), depth));

/** A file's bytes, packed or not. */
export const tryStored = (bytes: Uint8Array, depth: Depth = {}): Promise<Tried> =>
  timed(async () => read(await openImage(bytes), depth));

async function timed(work: () => Promise<string | undefined>): Promise<Tried> {
  const start = used();
  try {
    const complaint = await work();
    const milliseconds = used() - start;
    if (complaint !== undefined) return { complaint, milliseconds };
    if (milliseconds <= MOST_MILLISECONDS) return { milliseconds };
    return { complaint: `it took ${milliseconds.toFixed(0)} ms`, milliseconds };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { complaint: text, milliseconds: used() - start };
  }
}

async function read(
  image: ModuleImage,
  { code, diff, original, rows, certificates = [] }: Depth,
): Promise<string | undefined> {
  const answer = inspectModule(image, { allRelocations: true, certificates });
  if (code === true) await takeApart(image, answer);
  if (original && diff === true) {
    const [a, b] = [
      { file: 'a', image },
      { file: 'b', image: original },
    ];
    JSON.stringify(await diffModules(a, b));
    JSON.stringify(await diffModules(b, a));
  }
  if (rows === true) {
    askRows(new OpenedModule('image', image));
  }
  // Its long lists are written from the image's bytes, and not from the rows that the app has.
  if ((rows === true || code === true) && jsonOf(answer) !== `${JSON.stringify(answer)}\n`)
    return 'what is written as JSON is not the answer';
  return wrongAnswer(answer, image.data.length) ?? (original && wronglyVerified(answer, image.data, original.data));
}

export function jsonOf(answer: Inspection): string {
  const text = new TextDecoder();
  let written = '';
  for (const out of writeAnswer(new JsonBytes(), answer)) written += text.decode(out.take(), { stream: true });
  return written;
}

async function takeApart(image: ModuleImage, { functions }: Inspection): Promise<void> {
  const architecture = functions && architectureOf(image);
  if (!architecture) return;
  const decoder = await decoderOf(architecture);
  for (const { section, value, size } of functions.entries) {
    try {
      disassembleWith(decoder, image, { section, offset: value, size });
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
    }
  }
}

function askRows(module: OpenedModule): void {
  for (const [list, columns] of Object.entries(MODULE_LISTS)) {
    for (const sort of columns) {
      module.rows(list as ModuleList, { sort, descending: true, filter: '', start: 0, limit: 200 });
    }
  }
  const { size } = module.facts;
  for (let at = 0; at < size; at += Math.max(1, size >> 6)) module.placeOf(at);
  module.find('a');
}

/** Each part is there or is said not to be readable; whatever is shown lies in the image. */
function wrongAnswer(answer: Inspection, size: number): string | undefined {
  for (const name of PART_NAMES) {
    if (answer[name] === undefined && !answer.problems.some(({ where }) => where === name))
      return `nothing is said of its ${name}`;
  }
  const lists: readonly (readonly { readonly range?: Range }[] | undefined)[] = [
    ...[answer.sections, answer.modinfo, answer.notes, answer.symbols, answer.functions, answer.types, answer.strings],
    ...[answer.parameters, answer.versions, answer.exports],
  ].map((part) => part?.entries);
  for (const entries of lists) {
    for (const { range } of entries ?? [])
      if (range && !(range.offset >= 0 && range.size >= 0 && range.offset + range.size <= size))
        return `${JSON.stringify(range)} is not in the image`;
  }
  return undefined;
}

function wronglyVerified({ signature }: Inspection, bytes: Uint8Array, original: Uint8Array): string | undefined {
  if (signature?.state !== 'verified') return undefined;
  const size = signature.covered?.size ?? 0;
  const same = Buffer.compare(bytes.subarray(0, size), original.subarray(0, size)) === 0;
  return same ? undefined : 'it is called verified, and its bytes are not those that were signed';
}

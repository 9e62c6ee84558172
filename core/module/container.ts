/** How an image is stored: plain, .gz, .xz or .zst, told by its first bytes, and unpacked up to a limit. */
import { gunzipSync, constants } from 'node:zlib';
import type { Compression, ContainerPart, Problem } from '#contract/inspect.ts';
import { Bytes } from './bytes.ts';
import { unpackZstd } from './unpack-zstd.ts';
import { XzNotReadError } from './xz/failure.ts';
import { unpackXz } from './xz/unpack.ts';
import { beginsAsZstd } from './zstd-frames.ts';

/** Larger ones are no modules: the largest of any distribution has some 30 MB. */
export const MOST_UNPACKED = 192 * 1024 * 1024;

/** Modules pack to a third or a tenth. What packs to less than a hundredth, and is not small, is none. */
const MOST_RATIO = 100;
const SMALL = 16 * 1024 * 1024;

export interface Container {
  /** The file as it lies there. */
  readonly stored: Uint8Array;
  /** Unpacked; what there was before the first error. */
  readonly bytes: Uint8Array;
  readonly part: ContainerPart;
}

const MAGIC: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
];

/** By the magic numbers that the kernel itself looks for; of zstd, behind frames that are to be skipped as well. */
export function compressionOf(stored: Uint8Array): Compression {
  const found = MAGIC.find(([, magic]) => magic.every((byte, index) => stored[index] === byte));
  return found?.[0] ?? (beginsAsZstd(stored) ? 'zstd' : 'none');
}

/** Never throws on any bytes: what cannot be unpacked is a problem of the part. */
export async function openContainer(stored: Uint8Array, limit = MOST_UNPACKED): Promise<Container> {
  const most = Math.min(limit, Math.max(SMALL, stored.length * MOST_RATIO));
  const compression = compressionOf(stored);
  if (compression === 'none') return container(stored, compression, stored, []);
  const sink = new Sink(most);
  const problems: Problem[] = [];
  try {
    if (compression === 'gzip') unpackGzip(stored, most, sink);
    else if (compression === 'xz') await unpackXz(stored, most, sink);
    else await unpackZstd(stored, most, sink);
  } catch (error) {
    problems.push({ where: compression, text: why(error, compression, most, sink) });
  }
  const refused = sink.full;
  return container(stored, compression, refused ? new Uint8Array(0) : sink.whole(), problems);
}

function container(
  stored: Uint8Array,
  compression: Compression,
  bytes: Uint8Array,
  problems: readonly Problem[],
): Container {
  const part = {
    compression,
    storedSize: stored.length,
    size: bytes.length,
    complete: problems.length === 0,
    problems,
  };
  return { stored, bytes, part };
}

class TooLarge extends Error {}

/** Collects what is unpacked, and refuses more than there may be. */
class Sink {
  size = 0;
  full = false;
  readonly #most: number;
  readonly #pieces: Uint8Array[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  take(piece: Uint8Array): void {
    this.size += piece.length;
    if (this.size > this.#most) this.refuse();
    if (piece.length > 0) this.#pieces.push(piece);
  }

  refuse(): never {
    this.full = true;
    this.#pieces.length = 0;
    throw new TooLarge();
  }

  whole(): Uint8Array {
    const [only] = this.#pieces;
    return only !== undefined && this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces, this.size);
  }
}

function why(error: unknown, compression: Compression, most: number, sink: Sink): string {
  const limit = String(Math.ceil(most / 1024 / 1024));
  if (error instanceof TooLarge)
    return `it unpacks to more than ${limit} MB, which no module has, and was not unpacked`;
  if (error instanceof XzNotReadError) return `this xz stream is not read here, as ${error.message}; xz -d unpacks it`;
  const text = error instanceof Error ? error.message : String(error);
  return `the ${compression} stream breaks off or is damaged after ${String(sink.size)} unpacked bytes: ${text}`;
}

/** The last four bytes of gzip: the size of its last member, modulo 2^32 (RFC 1952, 2.3.1). It may lie. */
function gzipAnnounces(stored: Uint8Array): number {
  const bytes = new Bytes(stored);
  return bytes.has(0, 18) ? bytes.u32(bytes.size - 4) : 0;
}

function unpackGzip(stored: Uint8Array, most: number, sink: Sink): void {
  if (gzipAnnounces(stored) > most) sink.refuse();
  try {
    sink.take(gunzipSync(stored, { maxOutputLength: most }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') sink.refuse();
    // Once more, for what there is before the end of a stream that was cut.
    try {
      sink.take(gunzipSync(stored, { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH }));
    } catch {
      // Damaged, not cut: nothing comes out of it.
    }
    throw error;
  }
}

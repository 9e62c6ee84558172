/** zstd, frame by frame: the library unpacks them and does not look at their checksums, which are verified here. */
import { Decompress } from 'fzstd';
import xxhash from 'xxhash-wasm';
import { zstdFrames, type ZstdFrame } from './zstd-frames.ts';

/** Blocks that repeat one byte say 128 KB in four bytes: small pieces keep what comes at once small. */
const PIECE = 1024;

const hasher = (() => {
  let made: ReturnType<typeof xxhash> | undefined;
  return () => (made ??= xxhash());
})();

export interface ZstdSink {
  take(piece: Uint8Array): void;
  refuse(): never;
}

/**
 * @param most more memory is not set aside, whatever a frame's header asks for
 * @throws Error where it is damaged, with what the sink has got before that
 */
export async function unpackZstd(stored: Uint8Array, most: number, sink: ZstdSink): Promise<void> {
  const frames: ZstdFrame[] = [];
  let least = 0;
  for (const frame of zstdFrames(stored)) {
    least += frame.least;
    // The library sets a window aside as the header says, before anything is unpacked.
    if (frame.window > most || least > most) sink.refuse();
    frames.push(frame);
  }
  const { create64 } = await hasher();
  for (const { from, to = stored.length, window, checksumAt } of frames) {
    // A frame to be skipped asks for nothing; so does an empty one, which is read for its checksum.
    if (window === 0 && checksumAt === undefined) continue;
    const hash = checksumAt === undefined ? undefined : create64();
    const zstd = new Decompress((piece) => {
      hash?.update(piece);
      sink.take(piece);
    });
    for (let at = from; at < to; at += PIECE) {
      zstd.push(stored.subarray(at, Math.min(at + PIECE, to)), at + PIECE >= to);
    }
    // The lower 32 bits of XXH64 (RFC 8878, 3.1.1).
    if (hash && checksumAt !== undefined && Number(hash.digest() & 0xffffffffn) !== wordAt(stored, checksumAt)) {
      throw new Error('its checksum does not fit');
    }
  }
  const last = frames.at(-1);
  if (last?.to === undefined) throw new Error('it ends within a frame');
  if (last.to < stored.length) throw new Error('what follows the last frame is none');
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(at);

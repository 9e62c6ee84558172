/**
 * The library unpacks LZMA2 without filters only: the data of a block that has some is handed to it as a stream without
 * any, and without a check.
 */
import { crc32 } from 'node:zlib';
import xz from 'xz-decompress';
import { LZMA2, XZ_MAGIC, type XzBlock } from './blocks.ts';
import { XzError } from './failure.ts';

const PIECE = 65536;

/** A whole file by the library, which verifies all of it. @throws Error with what was taken before that */
export async function unpackPlain(file: Uint8Array, take: (piece: Uint8Array) => void): Promise<void> {
  let at = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= file.length) controller.close();
      else controller.enqueue(file.subarray(at, (at += PIECE)));
    },
  });
  const reader = new xz.XzReadableStream(source).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    try {
      take(value);
    } catch (error) {
      await reader.cancel();
      throw error;
    }
  }
}

/** The data of a block, with its filters still to be undone. @throws XzError */
export async function unpackLzma2({ data, filters, unpacked }: XzBlock): Promise<Buffer> {
  const out = Buffer.alloc(unpacked);
  let at = 0;
  const take = (piece: Uint8Array): void => {
    if (at + piece.length > unpacked) throw new XzError('it unpacks to more than it says');
    out.set(piece, at);
    at += piece.length;
  };
  try {
    await unpackPlain(plainStream(data, filters.at(-1)?.properties[0] ?? 0, unpacked), take);
  } catch (error) {
    throw error instanceof XzError ? error : new XzError('its data is damaged');
  }
  return out.subarray(0, at);
}

const withSum = (bytes: Buffer): Buffer => {
  const out = Buffer.alloc(bytes.length + 4);
  bytes.copy(out);
  out.writeUInt32LE(crc32(bytes), bytes.length);
  return out;
};

const padded = (bytes: readonly number[] | Buffer): Buffer =>
  Buffer.concat([Buffer.from(bytes), Buffer.alloc(-bytes.length & 3)]);

/** A number as xz writes it: seven bits a byte, the lowest first. */
function variableLength(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** The LZMA2 data as a whole stream with no other filter and no check. */
function plainStream(data: Buffer, dictionary: number, unpacked: number): Buffer {
  const flags = Buffer.from([0, 0]);
  const header = withSum(padded([2, 0, LZMA2, 1, dictionary]));
  const index = withSum(padded([0, 1, ...variableLength(header.length + data.length), ...variableLength(unpacked)]));
  const backward = Buffer.alloc(6);
  backward.writeUInt32LE(index.length / 4 - 1);
  const ending = withSum(backward);
  return Buffer.concat([
    XZ_MAGIC,
    withSum(flags),
    header,
    padded(data),
    index,
    ending.subarray(6),
    backward,
    Buffer.from('YZ', 'latin1'),
  ]);
}

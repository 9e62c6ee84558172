/**
 * xz, by a library that is xz-embedded, which the kernel uses as well. It reads LZMA2 alone with CRC32, CRC64 or no check;
 * files with other checks or with filters for machine code are unpacked block by block.
 */
import { xzBlocks, type XzBlock } from './blocks.ts';
import { checkFits, isUsualCheck, needCheck } from './check.ts';
import { XzError, XzNotReadError } from './failure.ts';
import { undoOf } from './filters.ts';
import { unpackLzma2, unpackPlain } from './plain.ts';

/** Of blocks that the library does not read as they are: those of a module are ten or twenty. */
const MOST_BLOCKS = 1000;

export interface XzSink {
  take(piece: Uint8Array): void;
  refuse(): never;
}

/** @throws XzNotReadError; any other error where it is damaged, with what the sink has got before that */
export async function unpackXz(stored: Uint8Array, most: number, sink: XzSink): Promise<void> {
  const file = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  const blocks: XzBlock[] = [];
  let unpacked = 0;
  let usual = true;
  let broken: unknown;
  try {
    for (const block of xzBlocks(file)) {
      usual &&= block.filters.length === 1 && isUsualCheck(block.check);
      unpacked += block.unpacked;
      // Before anything is unpacked.
      if (unpacked > most) break;
      if (blocks.length <= MOST_BLOCKS) blocks.push(block);
    }
  } catch (error) {
    if (!(error instanceof XzError)) throw error;
    broken = error;
  }
  if (unpacked > most) sink.refuse();
  if (usual) {
    await unpackPlain(file, (piece) => {
      sink.take(piece);
    });
    return;
  }
  if (blocks.length > MOST_BLOCKS) throw new XzNotReadError(`it has more than ${String(MOST_BLOCKS)} blocks`);
  for (const block of blocks) sink.take(await unpackXzBlock(block));
  if (broken instanceof XzError) throw broken;
}

/** @throws XzError */
export async function unpackXzBlock(block: XzBlock): Promise<Buffer> {
  needCheck(block.check);
  const undo = block.filters.slice(0, -1).map(undoOf);
  const bytes = await unpackLzma2(block);
  for (const one of undo.reverse()) one(bytes);
  if (!checkFits(bytes, block.check, block.checked)) throw new XzError('its checksum does not fit');
  return bytes;
}

/** What the first block of these bytes unpacks to, whatever follows. @throws XzError */
export async function unpackFirstBlock(file: Buffer, most: number): Promise<Buffer> {
  for (const block of xzBlocks(file)) {
    if (block.unpacked > most) throw new XzError('it unpacks to more than is read');
    return unpackXzBlock(block);
  }
  throw new XzError('it holds no block');
}

/**
 * Has the system read a file in the order in which it lies on the disk, beside everything else. SQLite asks for its pages in
 * the order of its trees, which keeps a disk waiting: what it asks for later is in the system's cache by then.
 */
import { fstat, open, read } from 'node:fs';
import { totalmem } from 'node:os';
import { closeWhenFree, fileKey } from './descriptors.ts';

/** Bytes of a file that is worth it, and the part of the memory that one may take: a larger one pushes itself out. */
const LEAST = 64 << 20;
const MOST_PART = 1 / 4;

/** Bytes that are read at a time. */
const PIECE = 1 << 20;

/** Begins; what cannot be read is left to whoever needs it. Returns the function that ends it. */
export function readAhead(path: string): () => void {
  let isOver = false;
  open(path, 'r', (cannotOpen, file) => {
    if (cannotOpen) return;
    fstat(file, (_, stats) => {
      const key = fileKey(stats);
      const fits = stats.size >= LEAST && stats.size <= totalmem() * MOST_PART;
      const buffer = Buffer.allocUnsafeSlow(fits ? PIECE : 0);
      const next = (place: number): void => {
        if (isOver || !fits || place >= stats.size) {
          closeWhenFree(file, key);
          return;
        }
        read(file, buffer, 0, PIECE, place, (failed, count) => {
          next(failed || count === 0 ? stats.size : place + count);
        });
      };
      next(0);
    });
  });
  return () => {
    isOver = true;
  };
}

/** Notices that a growing capture has been written to, at once where the system tells it. */
import { watch } from 'node:fs';

/**
 * Watches the log beside a capture, into which every commit goes.
 * @returns the function that ends it; fine where nothing can be watched, as whoever asks also looks by the clock
 */
export function watchLog(capture: string, written: () => void): () => void {
  try {
    const watcher = watch(`${capture}-wal`, { persistent: false }, written);
    // A log that goes away tells it so, and is watched no more.
    watcher.on('error', () => {
      watcher.close();
    });
    return () => {
      watcher.close();
    };
  } catch {
    return () => undefined;
  }
}

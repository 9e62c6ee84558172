/** Ends the process when one run hangs: a loop without an end keeps the process from seeing the time itself. */
import { writeSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const HANGS_AFTER = 20_000;
const STEP = 1000;

/** @returns what tells the watch that another run begins; null: that all are done. */
export function startWatch(): (run: number | null) => void {
  const shared = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
  const now = new Float64Array(shared);
  const worker = new Worker(new URL(import.meta.url), { workerData: shared });
  worker.unref();
  return (run) => {
    now[0] = run ?? -1;
    now[1] = Date.now();
    if (run === null) void worker.terminate();
  };
}

if (!isMainThread) {
  const now = new Float64Array(workerData as SharedArrayBuffer);
  setInterval(() => {
    const [run = -1, since = 0] = now;
    if (run < 0 || since === 0 || Date.now() - since < HANGS_AFTER) return;
    writeSync(1, `seed ${String(run)}: it has taken more than ${String(HANGS_AFTER / 1000)} s, and is ended\n`);
    process.kill(process.pid, 'SIGKILL');
  }, STEP);
}

/** Has the inspector read hostile bytes, and says what is not as it must be. */
import { ModuleImage } from '#core/module/image.ts';
import { inspectModule } from '#core/module/inspect.ts';

const MOST_MILLISECONDS = 1000;

/** Of the processor, so that a busy machine does not look like a hang. */
function used(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** `complaint` is undefined where all is well. */
export function tryImage(bytes: Uint8Array): { complaint?: string; milliseconds: number } {
  const start = used();
  try {
    const part = {
      compression: 'none',
      storedSize: bytes.length,
      size: bytes.length,
      complete: true,
      problems: [],
    } as const;
    inspectModule(new ModuleImage({ stored: bytes, bytes, part }), { allRelocations: true });
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { complaint: text, milliseconds: used() - start };
  }
  const milliseconds = used() - start;
  if (milliseconds <= MOST_MILLISECONDS) return { milliseconds };
  return { complaint: `it took ${milliseconds.toFixed(0)} ms`, milliseconds };
}

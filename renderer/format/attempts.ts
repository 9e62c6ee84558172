/** An attempt's cells. */
import type { Attempt } from '#contract/attempt.ts';
import type { Process } from '#contract/event.ts';

/** Where the bytes came from: a path, or the caller's memory. */
export function originOf(attempt: Attempt): string {
  if (attempt.operation === 'unload') return '';
  if (attempt.kind === 'init_module') return 'memory';
  const { file } = attempt;
  if (!file) return 'no file';
  const path = file.path ?? 'path not readable';
  return file.deleted ? `${path} (deleted)` : path;
}

/** "ENOENT", "0", "not returned" */
export function returnedOf(call: Pick<Attempt, 'errno' | 'returnValue'>): string {
  return call.errno ?? (call.returnValue === undefined ? 'not returned' : String(call.returnValue));
}

/** "root ← sh ← sshd": who the caller ran as, and what started it. */
export function startedBy({ process }: Attempt): string {
  if (!process) return '';
  const user = process.uid === 0 ? 'root' : `uid ${String(process.uid ?? '?')}`;
  return [user, ...process.ancestors.slice(0, 3).map(({ comm }) => comm)].join(' ← ');
}

/** "insmod (437)" */
export const nameOf = (process: Pick<Process, 'comm' | 'pid'>): string => `${process.comm} (${String(process.pid)})`;

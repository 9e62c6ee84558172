/** A text argument as it was read at different moments. */
import type { Argument, ReadText } from '#contract/event.ts';

export const READ_AT = { entry: 'at entry', kernel: 'in the kernel', return: 'at return' } as const;
export type ReadAt = keyof typeof READ_AT;

export interface Reading {
  readonly at: ReadAt;
  readonly read: ReadText;
}

/** What identifies a text: its exact bytes where `text` could not hold them. */
const identity = ({ state, text, hex }: ReadText): string => JSON.stringify([state === 'cut', hex ?? text ?? null]);

const readable = ({ read }: Reading): boolean => read.state !== 'unreadable';

/** The reading that `value` holds. */
function mainReading({ state = 'unreadable', text, hex }: Argument): ReadText {
  return {
    state,
    ...(text === undefined || state === 'unreadable' || state === 'null' ? {} : { text }),
    ...(hex === undefined ? {} : { hex }),
  };
}

/** All readings in the order of time. A reading that equals that at entry is not recorded twice, and stands here all the same. */
export function readingsOf(argument: Argument): Reading[] {
  if (argument.state === undefined) return [];
  const main = mainReading(argument);
  const { readAt = 'entry', atKernel, atReturn } = argument;
  const entry: ReadText = readAt === 'entry' ? main : { state: 'unreadable' };
  const kernel = readAt === 'kernel' ? main : atKernel;
  const last = readAt === 'return' ? main : (atReturn ?? entry);
  return [
    { at: 'entry', read: entry },
    ...(kernel ? [{ at: 'kernel', read: kernel } as const] : []),
    { at: 'return', read: last },
  ];
}

/** Whether two readings that could be made differ: the text was changed while the call was under way. */
export function differ(readings: readonly Reading[]): boolean {
  return new Set(readings.filter(readable).map(({ read }) => identity(read))).size > 1;
}

/** `"debug=1"`, `"a long …"`, NULL, or undefined where it could not be read. */
export function readingWords({ state, text }: ReadText): string | undefined {
  if (state === 'null') return 'NULL';
  if (text === undefined) return undefined;
  return `"${text}"${state === 'cut' ? '…' : ''}`;
}

/** Losses by what was lost. */

const SOURCES: Readonly<Record<string, string>> = {
  'ring-call': 'calls, because the buffer was full',
  'ring-return': 'returns, because the buffer was full',
  'ring-stage': 'stages in the kernel, because the buffer was full',
  'ring-image': 'parts of images, because their buffer was full',
  'thread-table': 'calls, because too many threads were inside one',
  recursion: 'records of hooks that ran inside each other',
  collector: 'records that the recorder could not take',
  disk: 'records that could not be written',
};

/** "calls, because the buffer was full"; the source itself where it has no words. */
export const lossWords = (source: string): string => SOURCES[source] ?? source;

/** Why a recording ended, as a clause. */
export const STOP_REASONS: Readonly<Record<string, string>> = {
  signal: 'it was told to by a signal',
  duration: 'the time that was asked for was over',
  request: 'it was asked to',
  'peer-gone': 'the program that had started it was gone',
  'size-limit': 'the file had reached the size that was asked for',
  rotated: 'the file had reached the size that was asked for, and the recording went on in another one',
  'disk-full': 'the disk was full',
  'file-limit': 'the system allows no larger file',
  'file-gone': 'the file was removed or replaced',
  'folder-read-only': 'the folder could not be written to any more',
  error: 'of an error',
};

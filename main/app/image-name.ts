/** The name that is proposed for a module's image. */

const SUFFIX = '.ko';

/** Bytes of a name that is proposed at most; file systems take 255. */
const MOST = 120;

/** Whether a file's name says that it is a module, compressed or not. */
export const isModuleName = (path: string): boolean => /\.ko(\.(gz|xz|zst))?$/i.test(path);

/** `name.ko` from whatever a capture calls the module: a path's last part, without characters that are awkward in names. */
export function imageName(name: string): string {
  const last = name.split('/').at(-1) ?? '';
  const plain = last
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^[.-]+/, '')
    .slice(0, MOST);
  if (plain === '') return `module${SUFFIX}`;
  // A compressed module keeps its second suffix: the bytes are those that the kernel was given.
  return /\.ko(\.\w+)?$/.test(plain) ? plain : plain + SUFFIX;
}

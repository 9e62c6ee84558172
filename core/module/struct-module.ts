/** .gnu.linkonce.this_module: the kernel's own structure of the module, as the image brings it along. */
import type { Range } from '#contract/inspect.ts';
import type { ModuleImage } from './image.ts';

export const THIS_MODULE = '.gnu.linkonce.this_module';
/** MODULE_NAME_LEN: 64 bytes less a word. */
const nameSize = (word: number): number => 64 - word;

/**
 * The name that the kernel will use. It stands behind the state and a list head; a kernel with a randomised layout puts it
 * elsewhere, and then it is the only text in a structure of zeros.
 */
export function structureName(image: ModuleImage): string | undefined {
  const range = image.filled(THIS_MODULE)?.range;
  if (!range) return undefined;
  const usual = usualName(image, range);
  if (usual !== undefined) return usual;
  const size = nameSize(wordSize(image));
  const end = range.offset + range.size;
  for (let at = range.offset; at < end;) {
    const stop = image.bytes.endOfText(at, end);
    const name = stop > at ? image.bytes.text(at, Math.min(stop, at + size)) : '';
    if (name.length > 1 && isName(name)) return name;
    at = stop + 1;
  }
  return undefined;
}

/** Whether the name is behind state and list, where kernels without a randomised layout have it. */
export function isUsualStructure(image: ModuleImage): boolean {
  const range = image.filled(THIS_MODULE)?.range;
  return range !== undefined && usualName(image, range) !== undefined;
}

const wordSize = ({ header }: ModuleImage): number => (header.wide ? 8 : 4);

function usualName(image: ModuleImage, range: Range): string | undefined {
  const word = wordSize(image);
  const at = range.offset + 3 * word;
  if (range.size < 3 * word + nameSize(word)) return undefined;
  const name = image.bytes.text(at, at + nameSize(word));
  return isName(name) ? name : undefined;
}

const isName = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);

/** Symbols that the structure's pointers to init and exit lead to, as indexes of the symbol table. */
export function entryPoints(image: ModuleImage): { init?: number; exit?: number } {
  const found: { init?: number; exit?: number } = {};
  const { symbols } = image;
  const section = image.section(THIS_MODULE);
  const table = section && image.relocationsOf(section);
  for (let index = 0; index < (table?.count ?? 0); index++) {
    const symbol = table?.symbol(index) ?? 0;
    if (!symbols.has(symbol)) continue;
    const name = symbols.name(symbol);
    if (name === 'init_module') found.init = symbol;
    else if (name === 'cleanup_module') found.exit = symbol;
  }
  return found;
}

/** Which code is meant: the function around a byte, or the one of a name. */
import type { ModuleFunction } from '#contract/inspect.ts';
import { sectionFinder } from '../rows/places.ts';
import { isExecutable } from '../elf/sections.ts';
import { ImageError } from '../failure.ts';
import type { ModuleImage } from '../image.ts';
import type { Stretch } from './disassemble.ts';

/** Code that no function names is taken apart in pieces of this size. */
const PIECE = 16_384;

/** The stretch of a function, as far as it has bytes. */
export const stretchOf = ({ section, value, size, name }: ModuleFunction): Stretch => ({
  section,
  offset: value,
  size,
  name,
});

/**
 * The function that holds a byte of the image; where none does, the code between the functions around it.
 * @param functions - by section and address
 * @throws ImageError where no code is there
 */
export function stretchAt(image: ModuleImage, functions: readonly ModuleFunction[], at: number): Stretch {
  const section = sectionFinder(image.sections)(at);
  if (!section?.range || !isExecutable(section)) throw new ImageError('code', 'there is no code', at);
  const offset = at - section.range.offset;
  let from = 0;
  let to = section.range.size;
  for (const one of functions) {
    if (one.section !== section.index) continue;
    const end = one.value + one.size;
    if (one.value <= offset && offset < end) return stretchOf(one);
    if (end <= offset) from = Math.max(from, end);
    else if (one.value > offset) {
      to = Math.min(to, one.value);
      break;
    }
  }
  if (offset - from >= PIECE) from = offset;
  return { section: section.index, offset: from, size: Math.min(to - from, PIECE) };
}

/**
 * What a person calls code: a function's name, "init" or "exit", or a place as `.text+0x20`.
 * @throws ImageError where nothing of this image is called so
 */
export function stretchNamed(image: ModuleImage, functions: readonly ModuleFunction[], words: string): Stretch {
  const isCalled = ({ name, aliases = [], role }: ModuleFunction): boolean =>
    name === words || aliases.includes(words) || role === words;
  const found = functions.find((one) => one.name === words) ?? functions.find(isCalled);
  if (found) return stretchOf(found);
  const place = /^(.+)\+(0x[0-9a-f]+|\d+)$/i.exec(words);
  const home = place?.[1];
  const section = image.sections.find(({ name }) => name === home);
  const named = functions.find(({ name }) => name === home);
  const offset = Number(place?.[2] ?? 0) + (section ? 0 : (named?.value ?? 0));
  const range = (section ?? (named && image.sections[named.section]))?.range;
  if (!range) throw new ImageError('code', `no function is called '${words}'`);
  if (offset >= range.size) throw new ImageError('code', `${words} is behind the end of its section`);
  return stretchAt(image, functions, range.offset + offset);
}

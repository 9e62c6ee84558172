/** Where the code of a module leads to a symbol: each relocation in code is such a place. */
import type { ModuleFunction } from '#contract/inspect.ts';
import type { ModuleThing } from '#contract/module.ts';
import { isExecutable } from '../elf/sections.ts';
import type { ModuleImage } from '../image.ts';
import { plus } from './places.ts';

/** Bytes of the field that is lit. */
const FIELD = 4;

/**
 * Places whose symbol's name holds a text: "init+0x12 to kfree".
 * @param functions - by section and address
 * @param wanted - in lower case
 * @param most - how many are told; all are counted
 */
export function findReferences(
  image: ModuleImage,
  functions: readonly ModuleFunction[],
  wanted: string,
  most: number,
): { readonly things: readonly ModuleThing[]; readonly total: number } {
  const { symbols } = image;
  // 0: not looked at yet, 1: no, 2: yes.
  const fits = new Uint8Array(symbols.count);
  const isWanted = (symbol: number): boolean => {
    if (!symbols.has(symbol)) return false;
    if (fits[symbol] === 0) fits[symbol] = symbols.name(symbol).toLowerCase().includes(wanted) ? 2 : 1;
    return fits[symbol] === 2;
  };
  const things: ModuleThing[] = [];
  let total = 0;
  for (const table of image.relocations) {
    const home = table.target;
    if (!home?.range || !isExecutable(home)) continue;
    for (let index = 0; index < table.count; index += 1) {
      if (!isWanted(table.symbol(index))) continue;
      total += 1;
      const offset = table.offset(index);
      if (things.length >= most || offset >= home.range.size) continue;
      const within = functions.find(
        ({ section, value, size }) => section === home.index && value <= offset && offset < value + size,
      );
      const place = within ? plus(within.name, offset - within.value) : plus(home.name, offset);
      const at = home.range.offset + offset;
      const words = `${place} to ${symbols.name(table.symbol(index))}`;
      things.push({ tab: 'code', row: String(at), kind: 'reference', words, offset: at, size: FIELD });
    }
  }
  return { things, total };
}

/** The fields in a function's code that the kernel fills in when it loads the module, and what they lead to. */
import type { CodeTarget } from '#contract/inspect-code.ts';
import type { RawSection } from '../elf/sections.ts';
import { SECTION } from '../elf/symbols.ts';
import type { ModuleImage } from '../image.ts';
import { placesOf, plus } from './places.ts';

export interface Field {
  /** In the section. */
  readonly offset: number;
  readonly type: number;
  readonly size: 4 | 8;
  /** Whether the value counts from the next instruction (x86) or from this one (arm64). */
  readonly relative: boolean;
  /** Given where the instruction ends, what the field leads to. */
  readonly target: (end: number) => Omit<CodeTarget, 'kind' | 'inside'>;
}

/** psABI x86-64, table 4.9: PC32, PLT32, GOTPCREL and its relaxable forms. */
const X86_RELATIVE: ReadonlySet<number> = new Set([2, 4, 9, 41, 42]);
const X86_64_BIT: ReadonlySet<number> = new Set([1, 24]);

/** Relocations that change `from` up to `to` of a section, by offset; a table is in order as a rule, and need not be. */
export function fieldsOf(image: ModuleImage, section: RawSection, from: number, to: number): Field[] {
  const table = image.relocationsOf(section);
  if (!table) return [];
  const isX86 = image.header.part.machine.name === 'x86_64';
  const found: Field[] = [];
  for (const index of indexes(image, section, from, to)) {
    const type = table.type(index);
    if (type === 0) continue;
    const offset = table.offset(index);
    const relative = isX86 && X86_RELATIVE.has(type);
    const symbol = table.symbol(index);
    const addend = table.addendNumber(index);
    found.push({
      offset,
      type,
      size: isX86 && X86_64_BIT.has(type) ? 8 : 4,
      relative,
      // The addend of a relative field makes up for the distance from the field to the end of its instruction.
      target: (end) => targetOf(image, symbol, relative ? addend + (end - offset) : addend),
    });
  }
  return found.sort((a, b) => a.offset - b.offset);
}

function targetOf(image: ModuleImage, symbol: number, addend: number): Omit<CodeTarget, 'kind' | 'inside'> {
  const { symbols } = image;
  if (!symbols.has(symbol)) return { text: `symbol ${String(symbol)}` };
  const name = symbols.name(symbol);
  const home = symbols.home(symbol);
  if (!home) return { text: plus(name, addend), symbol: name };
  const offset = symbols.value(symbol) + addend;
  const range = home.range;
  const place = {
    section: home.index,
    offset,
    ...(range && offset >= 0 && offset < range.size ? { at: range.offset + offset } : {}),
  };
  if (symbols.type(symbol) !== SECTION) return { text: plus(name, addend), symbol: name, ...place };
  return { ...placesOf(image).text(home, offset), ...place };
}

/** Numbers of a section's relocations by the offset that they change, made once for each section. */
const orders = new WeakMap<RawSection, Uint32Array | undefined>();

function* indexes(image: ModuleImage, section: RawSection, from: number, to: number): Generator<number> {
  const table = image.relocationsOf(section);
  if (!table) return;
  if (!orders.has(section)) {
    let isOrdered = true;
    for (let i = 1; i < table.count && isOrdered; i += 1) isOrdered = table.offset(i - 1) <= table.offset(i);
    orders.set(
      section,
      isOrdered
        ? undefined
        : Uint32Array.from({ length: table.count }, (_, i) => i).sort((a, b) => table.offset(a) - table.offset(b)),
    );
  }
  const order = orders.get(section);
  const at = (i: number): number => order?.[i] ?? i;
  let [low, high] = [0, table.count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table.offset(at(middle)) < from) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < table.count && table.offset(at(i)) < to; i += 1) yield at(i);
}

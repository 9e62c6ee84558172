/**
 * Where a module's code reaches into its own entry of the kernel's list of modules: `struct module` begins with a state
 * and the two pointers of `list` (include/linux/module.h), and a module that takes itself off the list needs no import
 * for that. Ordinary modules name their structure as a whole, never these two pointers; a name that stands where it
 * usually does shows that the kernel's structures are not in a random order.
 */
import type { OwnUse } from '#contract/inspect-facts.ts';
import type { RelocationTable } from '../elf/relocations.ts';
import { isExecutable } from '../elf/sections.ts';
import type { ModuleImage } from '../image.ts';
import { isUsualStructure, THIS_MODULE } from '../struct-module.ts';

const LIST = 8;
const NAME = 24;
const MOST_USES = 100;

const [X86_64, AARCH64] = [62, 183];
/** R_X86_64_64, _32, _32S: the addend is the place in the structure. */
const X86_ABSOLUTE: ReadonlySet<number> = new Set([1, 10, 11]);
/** R_X86_64_PC32, _PLT32: it is four less, and less by as much as follows the field in its instruction, four at most. */
const X86_RELATIVE: ReadonlySet<number> = new Set([2, 4]);
/** R_AARCH64_ABS64, _ADR_PREL_LO21, _ADR_PREL_PG_HI21, _ADD_ABS_LO12_NC, _LDST64_ABS_LO12_NC, _LDST128_ABS_LO12_NC. */
const ARM_ADDRESS: ReadonlySet<number> = new Set([257, 274, 275, 277, 286, 299]);

function reachesList(machine: number, type: number, place: number): boolean {
  if (machine === X86_64 && X86_RELATIVE.has(type)) return place >= LIST - 8 && place < NAME - 4;
  const isAddress = machine === X86_64 ? X86_ABSOLUTE.has(type) : machine === AARCH64 && ARM_ADDRESS.has(type);
  return isAddress && place >= LIST && place < NAME;
}

/** In the order of the relocations; of machines other than x86-64 and arm64 none. */
export function usesOfOwnEntry(image: ModuleImage): OwnUse[] {
  const { header, symbols } = image;
  const structure = image.section(THIS_MODULE);
  if (!structure || !header.wide || !isUsualStructure(image)) return [];
  const own = new Map<number, number>();
  for (let index = 1; index < symbols.count; index++) {
    if (symbols.sectionIndex(index) === structure.index) own.set(index, symbols.value(index));
  }
  const found: OwnUse[] = [];
  for (const table of image.relocations) {
    if (table.target && isExecutable(table.target)) collect(table, own, header.machine, found);
  }
  return found;
}

function collect(table: RelocationTable, own: ReadonlyMap<number, number>, machine: number, found: OwnUse[]): void {
  const { target } = table;
  if (!target?.range) return;
  for (let index = 0; index < table.count && found.length < MOST_USES; index++) {
    const value = own.get(table.symbol(index));
    if (value === undefined || !reachesList(machine, table.type(index), value + table.addendNumber(index))) continue;
    const offset = table.offset(index);
    if (offset + 4 > target.range.size) continue;
    found.push({ section: target.index, offset, range: { offset: target.range.offset + offset, size: 4 } });
  }
}

/**
 * Where a module's code reaches into its own entry of the kernel's list of modules: `struct module` begins with a state
 * and the two pointers of `list` (include/linux/module.h), and a module that takes itself off the list needs no import
 * for that. Ordinary modules name their structure as a whole, never these two pointers; a name that stands where it
 * usually does shows that the kernel's structures are not in a random order.
 */
import type { OwnUse } from '#contract/inspect-facts.ts';
import { relocationName } from '../elf/relocation-names.ts';
import type { RelocationTable } from '../elf/relocations.ts';
import { isExecutable } from '../elf/sections.ts';
import type { ModuleImage } from '../image.ts';
import { isUsualStructure, THIS_MODULE } from '../struct-module.ts';

const LIST = 8;
const NAME = 24;
const MOST_USES = 100;

/** The addend is the place in the structure. */
const ADDRESSES: ReadonlySet<string> = new Set([
  ...['64', '32', '32S'].map((name) => `R_X86_64_${name}`),
  ...['ABS64', 'ADR_PREL_LO21', 'ADR_PREL_PG_HI21', 'ADD_ABS_LO12_NC'].map((name) => `R_AARCH64_${name}`),
  ...['LDST64_ABS_LO12_NC', 'LDST128_ABS_LO12_NC'].map((name) => `R_AARCH64_${name}`),
]);
/** The addend is four less, and less by as much as follows the field in its instruction, four at most. */
const DISTANCES: ReadonlySet<string> = new Set(['R_X86_64_PC32', 'R_X86_64_PLT32']);

function reachesList(type: string, place: number): boolean {
  if (DISTANCES.has(type)) return place >= LIST - 8 && place < NAME - 4;
  return ADDRESSES.has(type) && place >= LIST && place < NAME;
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
    if (value === undefined) continue;
    const type = relocationName(machine, table.type(index)) ?? '';
    if (!reachesList(type, value + table.addendNumber(index))) continue;
    const offset = table.offset(index);
    if (offset + 4 > target.range.size) continue;
    found.push({ section: target.index, offset, range: { offset: target.range.offset + offset, size: 4 } });
  }
}

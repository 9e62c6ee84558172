/** What a module takes from the kernel and from other modules: its undefined symbols, with checksums. */
import type { ImportsPart, ModuleImport } from '#contract/inspect.ts';
import { WEAK } from './elf/symbols.ts';
import type { Making } from './inspect.ts';

export function importsPart({ image: { symbols, symbolProblems }, part }: Making): ImportsPart {
  const crcs = new Map(part('versions')?.entries.map(({ name, crc }) => [name, crc]));
  const entries: ModuleImport[] = [];
  for (let index = 1; index < symbols.count; index++) {
    if (!symbols.isUndefined(index)) continue;
    const name = symbols.name(index);
    if (name === '') continue;
    const crc = crcs.get(name);
    const weak = symbols.binding(index) === WEAK;
    entries.push({ name, symbol: index, weak, ...(crc === undefined ? {} : { crc }) });
  }
  return { entries, problems: symbolProblems.all() };
}

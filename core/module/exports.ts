/**
 * What a module gives to others: the records of __ksymtab. Their fields are pointers, which in an image are relocations
 * (include/linux/export-internal.h). Since 7.x all are in one table, and __kflagstab says which are for GPL modules only;
 * before that these had a table of their own.
 */
import type { ExportsPart, ModuleExport } from '#contract/inspect.ts';
import type { RawSection } from './elf/sections.ts';
import { Problems } from './failure.ts';
import type { ModuleImage, Target } from './image.ts';
import type { Making } from './inspect.ts';
import { later } from './later.ts';

const GPL_ONLY = 1;

export function exportsPart({ image }: Making): ExportsPart {
  const problems = new Problems();
  const entries: ModuleExport[] = [];
  const crcs = later(() => crcSymbols(image));
  for (const suffix of ['', '_gpl']) {
    const section = image.filled(`__ksymtab${suffix}`);
    if (section) {
      problems.attempt(() => {
        readTable(image, section, suffix === '_gpl', crcs(), entries, problems);
      });
    }
  }
  return {
    entries: entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    problems: problems.all(),
  };
}

/** Until 5.18 the checksum is the value of a symbol, __crc_NAME. */
function crcSymbols({ symbols }: ModuleImage): Map<string, number> {
  const found = new Map<string, number>();
  for (let index = 1; index < symbols.count; index++) {
    const name = symbols.name(index);
    if (name.startsWith('__crc_') && !symbols.isUndefined(index)) found.set(name.slice(6), index);
  }
  return found;
}

function readTable(
  image: ModuleImage,
  section: RawSection & { readonly range: { offset: number; size: number } },
  gpl: boolean,
  crcs: ReadonlyMap<string, number>,
  into: ModuleExport[],
  problems: Problems,
): void {
  const pointers = image.pointers(section);
  const word = image.header.wide ? 8 : 4;
  // Records of three 32-bit distances, or of three pointers: told by where the second field's relocation is.
  const field = pointers.has(4) ? 4 : word;
  const record = 3 * field;
  const { offset, size } = section.range;
  const flags = image.filled('__kflagstab')?.range;
  for (let at = 0; at + record <= size; at += record) {
    const number = at / record;
    const name = image.textAt(pointers.get(at + field), 512);
    if (name === undefined || name === '') {
      problems.add(section.name, `record ${String(number)} has no name`, offset + at);
      continue;
    }
    const namespace = image.textAt(pointers.get(at + 2 * field), 512);
    const crc = crcOf(image, section.name, number, name, crcs);
    const target = pointers.get(at);
    const symbol = target && nameOfTarget(image, target, name);
    const flagged = flags && number < flags.size && (image.bytes.u8(flags.offset + number) & GPL_ONLY) !== 0;
    into.push({
      name,
      gplOnly: gpl || flagged === true,
      ...(namespace ? { namespace } : {}),
      ...(crc === undefined ? {} : { crc }),
      ...(symbol === undefined ? {} : { symbol }),
      range: { offset: offset + at, size: record },
    });
  }
}

/** The symbol itself, where the relocation names it and not its section. */
function nameOfTarget({ symbols }: ModuleImage, target: Target, name: string): number | undefined {
  return symbols.name(target.symbol) === name ? target.symbol : undefined;
}

function crcOf(
  image: ModuleImage,
  table: string,
  number: number,
  name: string,
  crcs: ReadonlyMap<string, number>,
): string | undefined {
  const symbol = crcs.get(name);
  const { symbols } = image;
  const home = symbol === undefined ? undefined : symbols.home(symbol);
  let crc: number | undefined;
  if (symbol !== undefined && !home) crc = symbols.value(symbol);
  else if (symbol !== undefined && home?.range && symbols.value(symbol) + 4 <= home.range.size) {
    crc = image.bytes.u32(home.range.offset + symbols.value(symbol));
  } else {
    const range = image.filled(table.replace('__ksymtab', '__kcrctab'))?.range;
    if (range && (number + 1) * 4 <= range.size) crc = image.bytes.u32(range.offset + number * 4);
  }
  return crc === undefined ? undefined : (crc >>> 0).toString(16).padStart(8, '0');
}

/** The parts that show ELF's own tables. */
import type { ElfPart, RelocationsPart, SectionsPart, SymbolsPart } from '#contract/inspect.ts';
import { Problems } from '../failure.ts';
import type { Making } from '../inspect.ts';
import { withRows } from '../json/rows.ts';
import { withLater } from '../later.ts';
import { publicSection } from './sections.ts';
import { WEAK } from './symbols.ts';

export const elfPart = ({ image }: Making): ElfPart => image.header.part;

export function sectionsPart({ image }: Making): SectionsPart {
  const entries = image.sections.map(publicSection);
  return { entries, problems: image.sectionProblems.all() };
}

/** Counted at once; the list is made when it is first asked for. */
export function symbolsPart({ image: { symbols, symbolProblems } }: Making): SymbolsPart {
  const counts = { local: 0, global: 0, weak: 0, undefined: 0 };
  for (let index = 1; index < symbols.count; index++) {
    const binding = symbols.binding(index);
    if (symbols.isUndefined(index)) counts.undefined++;
    else if (binding === 0) counts.local++;
    else if (binding === WEAK) counts.weak++;
    else counts.global++;
  }
  const count = Math.max(0, symbols.count - 1);
  const list = withLater({}, { entries: () => Array.from({ length: count }, (_, at) => symbols.at(at + 1)) });
  return withRows(Object.assign(list, { counts, problems: symbolProblems.all() }), {
    count,
    write: (out, index) => {
      symbols.write(out, index + 1);
    },
  });
}

export function relocationsPart({ image, options }: Making): RelocationsPart {
  const problems = new Problems();
  const { relocations: tables, symbols } = image;
  let count = 0;
  for (const table of tables) {
    count += table.count;
    const { name, index, link } = table.section;
    if (!table.target)
      problems.add(name, `the section ${String(table.section.info)} that it is to change does not exist`);
    if (image.sections[link]?.index !== symbols.section?.index) {
      problems.add(
        name || `section ${String(index)}`,
        `section ${String(link)}, which is to hold its symbols, is not the symbol table`,
      );
    }
    let outside = 0;
    let unknown = 0;
    const end = Number(table.target?.size ?? 0);
    for (let i = 0; i < table.count; i++) {
      if (table.offset(i) >= end) outside++;
      if (table.symbol(i) >= symbols.count) unknown++;
    }
    if (outside > 0)
      problems.add(name, `${String(outside)} of its relocations lie outside of the section that they change`);
    if (unknown > 0) problems.add(name, `${String(unknown)} of its relocations name symbols that do not exist`);
  }
  const sections = tables.map((table) => table.summary());
  if (!options.allRelocations) return { count, sections, problems: problems.all() };
  const entries = tables.flatMap((table) => [...table.page(0, table.count, symbols).entries]);
  return { count, sections, entries, problems: problems.all() };
}

/** What a section of a module is for: its colour in the picture of the file, and a column of the list. */
import type { SectionRole } from './module-rows.ts';

/** Sections by which the kernel knows the module. */
const MODULE = /^(\.modinfo|__versions|__version_ext|\.gnu\.linkonce\.this_module|__param|_*ksymtab|_*kcrctab)/;

/** `type` and `flags` as readelf writes them: "SYMTAB", "AX". */
export function roleOf(section: { readonly name: string; readonly type: string; readonly flags: string }): SectionRole {
  const { name, type, flags } = section;
  if (type.startsWith('SYMTAB') || type === 'STRTAB') return 'symbols';
  if (type === 'RELA' || type === 'REL') return 'relocations';
  if (/^\.(debug|BTF|comment)/.test(name)) return 'debug';
  if (MODULE.test(name)) return 'module';
  if (flags.includes('X')) return 'code';
  if (flags.includes('W')) return 'data';
  return flags.includes('A') ? 'constant' : 'other';
}

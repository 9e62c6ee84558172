/** What a part of the file is for, and the colour that says so in the picture and beside the bytes. */
import type { Area, Section } from '#contract/inspect.ts';

export type Role = 'code' | 'data' | 'constant' | 'module' | 'symbols' | 'relocations' | 'debug' | 'other';

/** Sections by which the kernel knows the module. */
const MODULE =
  /^(\.modinfo|__versions|__version_ext|\.gnu\.linkonce\.this_module|__param|__ksymtab|__kcrctab|___ksymtab)/;

export function roleOf({ name, type, flags }: Pick<Section, 'name' | 'type' | 'flags'>): Role {
  if (type === 'SYMTAB' || type === 'STRTAB') return 'symbols';
  if (type === 'RELA' || type === 'REL') return 'relocations';
  if (/^\.(debug|BTF|comment)/.test(name)) return 'debug';
  if (MODULE.test(name)) return 'module';
  if (flags.includes('X')) return 'code';
  if (flags.includes('W')) return 'data';
  return flags.includes('A') ? 'constant' : 'other';
}

export const roleColor = (role: Role | Area['kind']): string => {
  const name = role === 'section' ? 'other' : role;
  return `var(--part-${name === 'appended' ? 'signature' : name === 'section-headers' ? 'header' : name})`;
};

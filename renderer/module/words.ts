/** What the tabs are called. */
import type { ModuleTab } from '#contract/module.ts';

export const TAB_WORDS: Readonly<Record<ModuleTab, string>> = {
  overview: 'Overview',
  signature: 'Signature',
  parameters: 'Parameters',
  symbols: 'Symbols',
  sections: 'Sections',
  relocations: 'Relocations',
  functions: 'Functions',
  code: 'Code',
  strings: 'Strings',
  types: 'Types',
  hex: 'Hex',
  compare: 'Compare',
  seen: 'Seen',
};

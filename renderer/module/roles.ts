/** What a part of the file is for, and the colour that says so in the picture and beside the bytes. */
import type { Area } from '#contract/inspect.ts';
import type { SectionRole } from '#contract/module-rows.ts';

export const roleColor = (role: SectionRole | Area['kind']): string => {
  const name = role === 'section' ? 'other' : role;
  return `var(--part-${name === 'appended' ? 'signature' : name === 'section-headers' ? 'header' : name})`;
};

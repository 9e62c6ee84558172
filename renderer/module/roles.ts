/** What a part of the file is for, and the colour that says so in the picture and beside the bytes. */
import type { Area } from '#contract/inspect.ts';
import type { Section } from '#contract/inspect.ts';
import { roleOf } from '#contract/section-role.ts';
import type { SectionRole } from '#contract/module-rows.ts';

export const roleColor = (role: SectionRole | Area['kind']): string => {
  const name = role === 'section' ? 'other' : role;
  return `var(--part-${name === 'appended' ? 'signature' : name === 'section-headers' ? 'header' : name})`;
};

/** The colour of what a byte is part of, by its offset; undefined between the sections. */
export function stripsOf(sections: readonly Section[]): (offset: number) => string | undefined {
  const strips = sections
    .flatMap((section) => (section.range ? [{ ...section.range, color: roleColor(roleOf(section)) }] : []))
    .sort((one, other) => one.offset - other.offset);
  return (offset) => {
    const strip = strips.findLast((one) => one.offset <= offset);
    return strip && offset < strip.offset + strip.size ? strip.color : undefined;
  };
}

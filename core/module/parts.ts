/** Who makes which part. */
import type { PartName } from '#contract/inspect.ts';
import { elfPart, relocationsPart, sectionsPart, symbolsPart } from './elf/parts.ts';
import type { MakePart } from './inspect.ts';

/** A name without a maker is a part that does not exist yet. */
export const PARTS: { readonly [N in PartName]?: MakePart<N> } = {
  elf: elfPart,
  sections: sectionsPart,
  symbols: symbolsPart,
  relocations: relocationsPart,
};

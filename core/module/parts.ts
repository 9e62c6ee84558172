/** Who makes which part. */
import type { PartName } from '#contract/inspect.ts';
import { typesPart } from './btf/types.ts';
import { capabilitiesPart } from './capability/part.ts';
import { elfPart, relocationsPart, sectionsPart, symbolsPart } from './elf/parts.ts';
import { exportsPart } from './exports.ts';
import { functionsPart } from './functions.ts';
import { identityPart } from './identity.ts';
import { importsPart } from './imports.ts';
import type { MakePart } from './inspect.ts';
import { layoutPart } from './layout.ts';
import { modinfoPart } from './modinfo.ts';
import { notesPart } from './notes.ts';
import { parametersPart } from './parameters.ts';
import { signaturePart } from './signature/part.ts';
import { stringsPart } from './strings.ts';
import { verdictPart } from './verdict.ts';
import { versionsPart } from './versions.ts';

/** A name without a maker is a part that does not exist yet. */
export const PARTS: { readonly [N in PartName]?: MakePart<N> } = {
  elf: elfPart,
  sections: sectionsPart,
  modinfo: modinfoPart,
  parameters: parametersPart,
  notes: notesPart,
  versions: versionsPart,
  imports: importsPart,
  exports: exportsPart,
  signature: signaturePart,
  identity: identityPart,
  capabilities: capabilitiesPart,
  verdict: verdictPart,
  symbols: symbolsPart,
  relocations: relocationsPart,
  functions: functionsPart,
  types: typesPart,
  layout: layoutPart,
  strings: stringsPart,
};

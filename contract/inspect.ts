/**
 * Everything that the inspector knows of a module image: the shape of `inspect --json` and of what the app shows. Offsets
 * are into the decompressed image. 64-bit values that a double does not hold are decimal strings. Absent is absent.
 */
import type { InCapture } from './inspect-capture.ts';
import type { DisassemblyPart } from './inspect-code.ts';
import type { CapabilitiesPart, LayoutPart, SignaturePart, StringsPart, VerdictPart } from './inspect-facts.ts';
import type {
  ElfPart,
  FunctionsPart,
  NotesPart,
  RelocationsPart,
  SectionsPart,
  SymbolsPart,
  TypesPart,
} from './inspect-elf.ts';
import type {
  ExportsPart,
  IdentityPart,
  ImportsPart,
  ModinfoPart,
  ParametersPart,
  VersionsPart,
} from './inspect-module.ts';

/** Raised when a field changes its meaning or goes; new fields may come without. */
export const INSPECT_VERSION = 1;

/** A stretch of the decompressed image, in bytes. */
export interface Range {
  readonly offset: number;
  readonly size: number;
}

/** What could not be read, and why. */
export interface Problem {
  /** The structure: a section's name, "file header", "PKCS#7". */
  readonly where: string;
  /** Where in the decompressed image. */
  readonly offset?: number;
  /** One sentence. */
  readonly text: string;
}

/** A part of the answer: what of it was readable, and what was not. */
export interface Part {
  readonly problems: readonly Problem[];
}

export type Compression = 'none' | 'gzip' | 'xz' | 'zstd';

/** How the image was stored. */
export interface ContainerPart extends Part {
  readonly compression: Compression;
  /** Bytes of the stored form. */
  readonly storedSize: number;
  /** Bytes of the image; without those that could not be unpacked. */
  readonly size: number;
  /** Whether all of it was unpacked. Hashes of an image that is not whole are left out. */
  readonly complete: boolean;
}

/** The parts by name, in the order in which they are made: cheap ones first, a later one may look at earlier ones. */
export interface InspectionParts {
  readonly elf: ElfPart;
  readonly sections: SectionsPart;
  readonly modinfo: ModinfoPart;
  readonly parameters: ParametersPart;
  readonly notes: NotesPart;
  readonly versions: VersionsPart;
  readonly imports: ImportsPart;
  readonly exports: ExportsPart;
  readonly signature: SignaturePart;
  readonly identity: IdentityPart;
  readonly capabilities: CapabilitiesPart;
  readonly verdict: VerdictPart;
  readonly relocations: RelocationsPart;
  readonly symbols: SymbolsPart;
  readonly functions: FunctionsPart;
  readonly types: TypesPart;
  readonly layout: LayoutPart;
  readonly strings: StringsPart;
}

export const PART_NAMES = [
  'elf',
  'sections',
  'modinfo',
  'parameters',
  'notes',
  'versions',
  'imports',
  'exports',
  'signature',
  'identity',
  'capabilities',
  'verdict',
  'relocations',
  'symbols',
  'functions',
  'types',
  'layout',
  'strings',
] as const satisfies readonly (keyof InspectionParts)[];

export type PartName = (typeof PART_NAMES)[number];

/** What is shown first, before anything that walks the whole image. */
export const FIRST_PARTS: readonly PartName[] = PART_NAMES.slice(0, PART_NAMES.indexOf('verdict') + 1);

/** The answer: `container` always, each part unless it was not asked for or nothing of it could be read. */
export interface Inspection extends Partial<InspectionParts> {
  readonly version: typeof INSPECT_VERSION;
  /** Name of the file, or the image's name in the capture, when it is known. */
  readonly file?: string;
  readonly container: ContainerPart;
  /** Functions that were asked for with --code, in that order. */
  readonly code?: readonly DisassemblyPart[];
  /** Of an image of a capture: what that says of it. */
  readonly capture?: InCapture;
  /** Parts of which nothing could be read: `where` is the part's name. */
  readonly problems: readonly Problem[];
}

export type * from './inspect-capture.ts';
export type * from './inspect-code.ts';
export type * from './inspect-elf.ts';
export type * from './inspect-facts.ts';
export type * from './inspect-module.ts';

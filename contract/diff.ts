/** How two module images differ, by meaning first and by bytes last. Printed by `diff --json`. */
import type { CapabilitiesPart, Parameter, Problem, Range, SignaturePart } from './inspect.ts';

/** Raised when a field changes its meaning or goes; new fields may come without. */
export const DIFF_VERSION = 1;

export interface DiffSide {
  /** As given: a path, or the image's name in the capture. */
  readonly file: string;
  /** Of the unpacked image. */
  readonly size: number;
  readonly sha256: string;
  readonly name?: string;
  readonly signature: Pick<SignaturePart, 'state' | 'text'>;
}

/** A value that both have and that differs; or that one has only. */
export interface Changed<T> {
  readonly name: string;
  readonly a?: T;
  readonly b?: T;
}

export interface SectionState {
  readonly type: string;
  readonly flags: string;
  readonly size: number;
}

export interface FunctionState {
  readonly section: string;
  readonly size: number;
  readonly range?: Range;
}

export interface ChangedFunction extends Changed<FunctionState> {
  /** Where the code begins to differ, in each image. */
  readonly from?: { readonly a: Range; readonly b: Range };
  /** How many instructions each has. */
  readonly instructions?: { readonly a: number; readonly b: number };
}

export interface ModuleDiff {
  readonly version: typeof DIFF_VERSION;
  readonly a: DiffSide;
  readonly b: DiffSide;
  /** Whether both unpacked images are the same, bit for bit. */
  readonly identical: boolean;
  /** Keys of .modinfo whose values differ; of each side what the other has not. */
  readonly modinfo: readonly Changed<readonly string[]>[];
  readonly parameters: readonly Changed<Parameter>[];
  readonly imports: {
    readonly gained: Pick<CapabilitiesPart, 'groups' | 'unknown'>;
    readonly lost: Pick<CapabilitiesPart, 'groups' | 'unknown'>;
    /** Built against another version of the symbol. */
    readonly otherVersions: readonly Changed<string>[];
  };
  readonly exports: { readonly gained: readonly string[]; readonly lost: readonly string[] };
  readonly functions: {
    readonly added: readonly Changed<FunctionState>[];
    readonly removed: readonly Changed<FunctionState>[];
    readonly changed: readonly ChangedFunction[];
    readonly same: number;
  };
  readonly sections: readonly Changed<SectionState>[];
  readonly strings: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly bytes: {
    /** Bytes that differ at the same offset, or that only one has. */
    readonly different: number;
    readonly ranges: readonly Range[];
    /** Whether there are more ranges than are listed. */
    readonly more: boolean;
  };
  readonly problems: readonly Problem[];
}

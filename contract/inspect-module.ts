/** What a module says of itself: identity, .modinfo, parameters, imports, exports, versions. */
import type { Part, Range } from './inspect.ts';

/** Hexadecimal digests of one form of the image. */
export interface Hashes {
  readonly sha256: string;
  readonly sha1: string;
  readonly md5: string;
}

export interface IdentityPart extends Part {
  /** What the kernel calls it: from the module structure; from .modinfo where there is none. */
  readonly name?: string;
  /** Both, where they are there; the kernel takes the structure's. */
  readonly names: { readonly structure?: string; readonly modinfo?: string };
  /** Whether both are there and differ. */
  readonly namesDiffer: boolean;
  readonly size: number;
  readonly hashes: {
    /** Of the file as it lies there. */
    readonly stored: Hashes;
    /** Of the unpacked image; absent where it is not whole. */
    readonly decompressed?: Hashes;
    /** Of the image without signature and trailer, which is what the signature covers. */
    readonly unsigned?: Hashes;
  };
  /** Hexadecimal, of .note.gnu.build-id. */
  readonly buildId?: string;
  readonly srcversion?: string;
  readonly version?: string;
  /** For people: "x86-64". */
  readonly architecture?: string;
  /** What .comment says, each once. */
  readonly compilers: readonly string[];
  readonly vermagic?: Vermagic;
}

/** The string that the kernel compares before it takes a module. */
export interface Vermagic {
  readonly text: string;
  /** Kernel release: "6.1.0-56-amd64". */
  readonly release: string;
  /** What follows, as it stands: "SMP", "preempt", "mod_unload", "modversions", "aarch64". */
  readonly flags: readonly string[];
  readonly smp: boolean;
  /** As the word says: "preempt", "preempt_rt"; absent otherwise. */
  readonly preempt?: string;
  /** Whether it can be removed. */
  readonly unload: boolean;
  readonly modversions: boolean;
  /** Whatever is none of these: architecture, "RANDSTRUCT_…", "gcc-…". */
  readonly others: readonly string[];
}

export interface ModinfoPart extends Part {
  readonly range?: Range;
  /** All, in order, repeated keys too. */
  readonly entries: readonly ModinfoEntry[];
  readonly name?: string;
  readonly license?: string;
  readonly authors: readonly string[];
  readonly description?: string;
  readonly version?: string;
  readonly srcversion?: string;
  readonly depends: readonly string[];
  readonly softdeps: readonly Softdep[];
  readonly weakdeps: readonly string[];
  readonly firmware: readonly string[];
  /** Namespaces of symbols that it uses. */
  readonly namespaces: readonly string[];
  readonly aliases: readonly Alias[];
  readonly vermagic?: Vermagic;
  readonly retpoline: boolean;
  readonly intree: boolean;
  readonly staging: boolean;
  readonly livepatch: boolean;
  /** A test of the kernel's own. */
  readonly test: boolean;
}

export interface ModinfoEntry {
  readonly key: string;
  readonly value: string;
  /** The whole "key=value", without the NUL. */
  readonly range: Range;
}

export interface Softdep {
  readonly when: 'pre' | 'post';
  readonly modules: readonly string[];
}

export interface Alias {
  readonly pattern: string;
  /** What it is matched against: "pci", "usb", "of"; absent of a plain name. */
  readonly bus?: string;
  /** What it matches, in words: "PCI vendor 8086, device 100e". */
  readonly text: string;
}

export interface ParametersPart extends Part {
  /** By name. */
  readonly entries: readonly Parameter[];
}

export interface Parameter {
  readonly name: string;
  /** As parmtype says: "int", "charp", "array of int". */
  readonly type?: string;
  readonly description?: string;
  /** Mode of its file in sysfs ("0644"); "0000": it has none. Absent where no __param record could be found for it. */
  readonly permissions?: string;
  /** Level of the kernel's parameter handling: "normal", "hardware". */
  readonly flags?: readonly ('unsafe' | 'hardware')[];
  /** Its record in __param. */
  readonly range?: Range;
}

export interface ImportsPart extends Part {
  /** In the order of the symbol table. */
  readonly entries: readonly ModuleImport[];
}

export interface ModuleImport {
  readonly name: string;
  /** Index in the symbol table. */
  readonly symbol: number;
  /** May stay unresolved. */
  readonly weak: boolean;
  /** Eight hexadecimal digits: what the module was built against. */
  readonly crc?: string;
}

export interface ExportsPart extends Part {
  readonly entries: readonly ModuleExport[];
}

export interface ModuleExport {
  readonly name: string;
  readonly gplOnly: boolean;
  readonly namespace?: string;
  /** Eight hexadecimal digits. */
  readonly crc?: string;
  /** Index in the symbol table of what it names; absent where it is not there. */
  readonly symbol?: number;
  /** Its record in __ksymtab; absent where the image has none, only a name. */
  readonly range?: Range;
}

export interface VersionsPart extends Part {
  /** Which tables there are. */
  readonly forms: readonly ('__versions' | '__version_ext')[];
  readonly entries: readonly SymbolVersion[];
}

export interface SymbolVersion {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly crc: string;
  readonly form: '__versions' | '__version_ext';
  /** The record; of the newer form, that of the CRC. */
  readonly range: Range;
}

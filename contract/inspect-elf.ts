/** What ELF says of a module image: header, sections, symbols, relocations, notes, functions, types. */
import type { Part, Range } from './inspect.ts';
import type { Wide } from './wide.ts';

export interface ElfPart extends Part {
  readonly class: 32 | 64;
  readonly endian: 'little' | 'big';
  /** e_type in words, "REL" for a module. */
  readonly type: string;
  readonly machine: ElfMachine;
  /** e_flags; architectures define it. */
  readonly flags: number;
  readonly sectionCount: number;
  readonly header: Range;
  /** The table of section headers. */
  readonly sectionHeaders?: Range;
}

export interface ElfMachine {
  /** e_machine. */
  readonly number: number;
  /** As the kernel's ARCH directories and `uname -m` call it ("x86_64", "aarch64"); absent where it is not known. */
  readonly name?: string;
  /** The same for people: "x86-64", "ARM 64-bit". */
  readonly text: string;
  /** Whether relocations are named and code is disassembled, or only listed. */
  readonly full: boolean;
}

export interface SectionsPart extends Part {
  readonly entries: readonly Section[];
}

export interface Section {
  readonly index: number;
  readonly name: string;
  /** sh_type in words, as readelf has it: "PROGBITS". */
  readonly type: string;
  /** sh_flags as readelf's letters: "WAX". */
  readonly flags: string;
  /** The same as a number. */
  readonly flagBits: Wide;
  readonly address: Wide;
  /** sh_size; of NOBITS it takes no room in the file. */
  readonly size: Wide;
  /** sh_offset, as the header claims. */
  readonly offset: Wide;
  /** Its bytes in the image; absent of NOBITS and of those that lie outside. */
  readonly range?: Range;
  readonly link: number;
  readonly info: number;
  readonly align: Wide;
  readonly entrySize: Wide;
  /** Bytes of its header in the table. */
  readonly header: Range;
}

export interface SymbolsPart extends Part {
  /** All but the null symbol, in the order of the table. */
  readonly entries: readonly ElfSymbol[];
  readonly counts: {
    readonly local: number;
    readonly global: number;
    readonly weak: number;
    readonly undefined: number;
  };
}

export interface ElfSymbol {
  /** Number in the symbol table. */
  readonly index: number;
  /** A section symbol has its section's name. */
  readonly name: string;
  /** "NOTYPE", "OBJECT", "FUNC", "SECTION", "FILE", … or the number. */
  readonly type: string;
  /** "LOCAL", "GLOBAL", "WEAK" or the number. */
  readonly binding: string;
  /** Absent where it is DEFAULT. */
  readonly visibility?: string;
  readonly place: 'section' | 'undefined' | 'absolute' | 'common' | 'reserved';
  /** The section that it lies in. */
  readonly section?: number;
  readonly value: Wide;
  readonly size: Wide;
  /** The bytes that it names; absent where there are none in the image. */
  readonly range?: Range;
}

/** Relocations counted; single ones are read in pages, because there are hundreds of thousands. */
export interface RelocationsPart extends Part {
  readonly count: number;
  readonly sections: readonly RelocationSection[];
  /** Only when they were asked for: every one, in the order of the sections. */
  readonly entries?: readonly Relocation[];
}

export interface RelocationSection {
  /** Index of the section that holds them, and its name. */
  readonly section: number;
  readonly name: string;
  readonly kind: 'RELA' | 'REL';
  /** Index and name of the section that they change. */
  readonly target: number;
  readonly targetName: string;
  readonly count: number;
  readonly types: readonly RelocationTypeCount[];
}

export interface RelocationTypeCount {
  readonly type: number;
  /** "R_X86_64_PLT32"; absent on machines that are only listed. */
  readonly name?: string;
  readonly count: number;
}

/** A page of relocations of one section. */
export interface RelocationPage {
  readonly section: number;
  readonly from: number;
  /** All that the section has. */
  readonly count: number;
  readonly entries: readonly Relocation[];
}

export interface Relocation {
  /** Index of the section that holds it, and its number in there. */
  readonly section: number;
  readonly index: number;
  /** Offset in the target section. */
  readonly offset: Wide;
  /** The same place in the image: where the relocated field begins. */
  readonly at?: number;
  readonly type: number;
  readonly typeName?: string;
  readonly symbol: number;
  /** Absent where it has none, or one that does not exist. */
  readonly symbolName?: string;
  /** Absent of REL: there it lies in the field. */
  readonly addend?: Wide;
}

export interface NotesPart extends Part {
  readonly entries: readonly Note[];
}

export interface Note {
  /** Index of the section. */
  readonly section: number;
  /** The owner: "GNU", "Linux", "Xen". */
  readonly owner: string;
  readonly type: number;
  /** "NT_GNU_BUILD_ID", "LINUX_ELFNOTE_BUILD_SALT". */
  readonly typeName?: string;
  /** Header, owner and description. */
  readonly range: Range;
  readonly description: Range;
  /** The description's first 64 bytes in hexadecimal. */
  readonly hex: string;
  /** In words, where its meaning is known. */
  readonly text?: string;
}

export interface FunctionsPart extends Part {
  /** By section and address. */
  readonly entries: readonly ModuleFunction[];
}

export interface ModuleFunction {
  readonly name: string;
  /** Index in the symbol table. */
  readonly symbol: number;
  readonly section: number;
  /** Offset in the section. */
  readonly value: number;
  readonly size: number;
  /** Absent where the bytes lie outside of the image. */
  readonly range?: Range;
  readonly binding: string;
  /** What the kernel calls when the module is loaded, or removed. */
  readonly role?: 'init' | 'exit';
  /** Other names of the same place. */
  readonly aliases?: readonly string[];
}

/** Types that .BTF describes. A module's BTF is split: it builds on the kernel's, whose types and names are not in here. */
export interface TypesPart extends Part {
  readonly present: boolean;
  /** Whether it refers to types of a base that is not in the image. */
  readonly split?: boolean;
  /** Whether the image brings what it needs of the base along (.BTF.base). */
  readonly distilledBase?: boolean;
  /** Lowest type id of the module's own types: one above the base's last, where it can be told. */
  readonly firstId?: number;
  /** What this means for names, in a sentence. */
  readonly text?: string;
  /** How many there are of each kind: "STRUCT", "FUNC", … */
  readonly counts: Readonly<Record<string, number>>;
  /** Structures, unions and enumerations of its own. */
  readonly entries: readonly ModuleType[];
}

export interface ModuleType {
  readonly kind: 'struct' | 'union' | 'enum';
  /** Absent: anonymous, or named in the base. */
  readonly name?: string;
  readonly size: number;
  readonly members: readonly TypeMember[];
  /** Where .BTF describes it. */
  readonly range: Range;
}

export interface TypeMember {
  /** Absent where it is anonymous, or its name is in the base. */
  readonly name?: string;
  /** Bits from the beginning; of an enumeration absent. */
  readonly bit?: number;
  /** Of an enumeration. */
  readonly value?: Wide;
  /** "int", "struct list_head *"; "type 1234 of the kernel" where the base knows it. */
  readonly type?: string;
}

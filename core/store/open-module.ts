/** One open image with everything that is kept for it while it is open: each part is made when it is first asked for. */
import type { InspectionParts, PartName } from '#contract/inspect.ts';
import {
  MODULE_LISTS,
  type ListOrder,
  type ListRequest,
  type ModuleList,
  type ModuleRow,
} from '#contract/module-rows.ts';
import type {
  ByteHits,
  BytePlace,
  ByteSearch,
  FoundInModule,
  ModuleBytes,
  ModuleFacts,
  ModuleThing,
} from '#contract/module.ts';
import type { Page } from '#contract/page.ts';
import { CaptureError } from '../capture/failure.ts';
import { typeSource } from '../module/btf/types.ts';
import { findReferences } from '../module/code/references.ts';
import { ImageError } from '../module/failure.ts';
import type { ModuleImage } from '../module/image.ts';
import { Inspector } from '../module/inspect.ts';
import { findInModule } from '../module/rows/find.ts';
import { FunctionRows } from '../module/rows/functions.ts';
import { Listing, type RowSource } from '../module/rows/listing.ts';
import { Places } from '../module/rows/places.ts';
import { RelocationRows } from '../module/rows/relocations.ts';
import { SectionRows } from '../module/rows/sections.ts';
import { StringRows } from '../module/rows/strings.ts';
import { SymbolRows, type SymbolFacts } from '../module/rows/symbols.ts';
import type { Certificate } from '../module/signature/certificate.ts';
import { TypeRows } from '../module/rows/types.ts';
import { findStrings, sourceOf, type StringSource } from '../module/strings.ts';
import { searchBytes } from '../module/search-bytes.ts';
import type { Compared } from '../module/diff/diff.ts';
import { ModuleCode } from './module-code.ts';

/** Where a list has no row because its part of the image cannot be read. */
const NOTHING: RowSource<never> = {
  count: 0,
  row: (id) => {
    throw new RangeError(`no row ${String(id)}`);
  },
  key: () => '',
  words: () => '',
  is: () => false,
};

export class OpenedModule {
  readonly name: string;
  readonly facts: ModuleFacts;
  readonly #image: ModuleImage;
  #inspector: Inspector;
  readonly #lists = new Map<ModuleList, Listing<ModuleRow>>();
  #strings: StringRows | undefined;
  #symbolFacts: SymbolFacts | undefined;
  #places: Places | undefined;
  readonly #code: ModuleCode;

  /** @param certificates - what its signature is held against */
  constructor(name: string, image: ModuleImage, certificates: readonly Certificate[] = []) {
    this.name = name;
    this.#image = image;
    this.#inspector = new Inspector(image, { file: name, certificates });
    this.#code = new ModuleCode(image, () => this.#inspector.part('functions')?.entries ?? []);
    const { compression, storedSize } = image.container;
    const size = image.data.length;
    this.facts = { storedSize, size, ...(compression === 'none' ? {} : { compression }) };
  }

  useCertificates(certificates: readonly Certificate[]): void {
    this.#inspector = this.#inspector.withCertificates(certificates);
  }

  /** Whether it begins as an ELF file. */
  get isElf(): boolean {
    return this.#readable((image) => image.header) !== undefined;
  }

  bytes(offset: number, length: number): ModuleBytes {
    const { data } = this.#image;
    const end = Math.min(offset + length, data.length);
    return { offset, bytes: Buffer.from(data.subarray(offset, end)).toString('base64') };
  }

  search(search: ByteSearch): ByteHits {
    return searchBytes(this.#image.data, search);
  }

  /** @throws CaptureError 'not-a-module' where nothing of the part can be read: it says why */
  part(name: PartName): InspectionParts[PartName] {
    const part = this.#inspector.part(name);
    if (part) return part;
    const problem = this.#inspector.problems.find(({ where }) => where === name);
    if (problem) throw new CaptureError('not-a-module', problem.text);
    throw new CaptureError('no-such-row', `nothing is known of this image's ${name}`);
  }

  rows(list: ModuleList, request: ListRequest): Page<ModuleRow> {
    return this.#list(list).page(request);
  }

  rowIndex(list: ModuleList, row: number, order: ListOrder): number {
    const index = this.#list(list).indexOf(row, order);
    if (index < 0) throw new CaptureError('no-such-row', `these ${list} hold no row ${String(row)}`);
    return index;
  }

  placeOf(offset: number): BytePlace {
    this.#places ??= new Places({
      sections: this.#readable((image) => image.sections) ?? [],
      symbols: this.#readable((image) => image.symbols),
      strings: this.#stringRows(),
      others: this.#others(),
      modinfo: this.#inspector.part('modinfo')?.entries ?? [],
      parameters: this.#inspector.part('parameters')?.entries ?? [],
    });
    return { offset, things: this.#places.at(offset) };
  }

  /** @throws CaptureError where there is no code, or not of this machine */
  async code<T>(ask: (code: ModuleCode) => Promise<T>): Promise<T> {
    try {
      return await ask(this.#code);
    } catch (error) {
      if (error instanceof ImageError) throw new CaptureError('no-such-row', error.message);
      throw error;
    }
  }

  /** To be held against another one: what has been read of it is not read again. */
  get compared(): Compared {
    return { file: this.name, image: this.#image, inspector: this.#inspector };
  }

  find(text: string): FoundInModule {
    return findInModule(text, {
      part: (name) => this.#inspector.part(name),
      list: (list) => this.#list(list),
      references: (wanted, most) =>
        this.#readable((image) =>
          findReferences(image, this.#inspector.part('functions')?.entries ?? [], wanted, most),
        ) ?? { things: [], total: 0 },
    });
  }

  /** What the image's own tables hold; undefined where they cannot be read. */
  #readable<T>(read: (image: ModuleImage) => T): T | undefined {
    try {
      return read(this.#image);
    } catch (error) {
      if (error instanceof ImageError) return undefined;
      throw error;
    }
  }

  #stringRows(): StringRows {
    return (this.#strings ??= new StringRows(this.#foundStrings(), this.#readable((image) => image.sections) ?? []));
  }

  /** Of an image that is no ELF, those of all of its bytes. */
  #foundStrings(): StringSource {
    const { data } = this.#image;
    const part = this.#inspector.part('strings') ?? findStrings(data, [{ from: 0, to: data.length }]);
    return sourceOf(part);
  }

  #list(list: ModuleList): Listing<ModuleRow> {
    const known =
      this.#lists.get(list) ??
      new Listing<ModuleRow>(this.#readable(() => this.#source(list)) ?? NOTHING, MODULE_LISTS[list][0]);
    this.#lists.set(list, known);
    return known;
  }

  #source(list: ModuleList): RowSource<ModuleRow> {
    const image = this.#image;
    switch (list) {
      case 'sections':
        return new SectionRows(image.sections, image.data);
      case 'symbols':
        return new SymbolRows(image.symbols, () => (this.#symbolFacts ??= this.#readSymbolFacts()));
      case 'relocations':
        return new RelocationRows(image.relocations, image.symbols);
      case 'functions':
        return new FunctionRows(this.#inspector.part('functions')?.entries ?? [], image.sections);
      case 'strings':
        return this.#stringRows();
      case 'types':
        return new TypeRows(typeSource(this.#inspector.part('types')));
    }
  }

  #readSymbolFacts(): SymbolFacts {
    const { part } = this.#inspector;
    const groups = part('capabilities')?.groups ?? [];
    return {
      exports: new Map(part('exports')?.entries.map((one) => [one.name, one])),
      crcs: new Map(part('versions')?.entries.map(({ name, crc }) => [name, crc])),
      gives: new Map(
        groups.flatMap(({ id, imports }) =>
          imports.map(({ name, gives }) => [name, { group: id, words: gives }] as const),
        ),
      ),
    };
  }

  #others(): ModuleThing[] {
    const elf = this.#inspector.part('elf');
    const trailer = this.#inspector.part('signature')?.trailer;
    return [
      ...(elf ? [{ tab: 'overview' as const, kind: 'header', words: 'ELF header', ...elf.header }] : []),
      ...(elf?.sectionHeaders
        ? [{ tab: 'sections' as const, kind: 'header', words: 'section headers', ...elf.sectionHeaders }]
        : []),
      ...(trailer
        ? [{ tab: 'signature' as const, kind: 'signature', words: 'appended signature', ...trailer.range }]
        : []),
    ];
  }
}

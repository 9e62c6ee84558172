/** Holds what the inspector says of modules against what other tools say. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElfSymbol, Inspection } from '#contract/inspect.ts';
import { fromWide, type Wide } from '#contract/wide.ts';
import { openImage, type ModuleImage } from '#core/module/image.ts';
import { inspectModule } from '#core/module/inspect.ts';
import { askModinfo, askNm, askReadelf, askXz, type Modinfo, type Readelf } from './peers.ts';

/** One thing that two tools say differently. */
export interface Difference {
  readonly path: string;
  readonly what: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Asks everybody about a batch of modules. Packed ones are unpacked by xz for the tools that read only plain ones. */
export async function compare(paths: readonly string[]): Promise<Difference[]> {
  const folder = mkdtempSync(join(tmpdir(), 'modtrail-corpus-'));
  try {
    const images = [];
    const plain: string[] = [];
    const found: Difference[] = [];
    for (const [index, path] of paths.entries()) {
      const image = await openImage(readFileSync(path));
      images.push(image);
      if (path.endsWith('.xz')) {
        const unpacked = askXz(path);
        if (!unpacked.equals(image.data))
          found.push({
            path,
            what: 'unpacked bytes',
            ours: String(image.data.length),
            theirs: String(unpacked.length),
          });
        const file = join(folder, `${String(index)}.ko`);
        writeFileSync(file, unpacked);
        plain.push(file);
      } else plain.push(path);
    }
    const modinfo = askModinfo(paths);
    const readelf = askReadelf(plain);
    const nm = askNm(plain);
    if (modinfo.length !== paths.length || readelf.length !== paths.length || nm.length !== paths.length) {
      throw new Error(
        `answers for ${String([modinfo.length, readelf.length, nm.length])} of ${String(paths.length)} modules`,
      );
    }
    for (const [index, path] of paths.entries()) {
      const image = images[index];
      const [info, elf, imports] = [modinfo[index], readelf[index], nm[index]];
      if (image && info && elf && imports) found.push(...compareOne(path, image, info, elf, imports));
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compareOne(
  path: string,
  image: ModuleImage,
  info: Modinfo,
  elf: Readelf,
  imports: readonly string[],
): Difference[] {
  const found: Difference[] = [];
  const same = (what: string, ours: readonly string[], theirs: readonly string[]): void => {
    const at =
      ours.length === theirs.length
        ? ours.findIndex((one, i) => one !== theirs[i])
        : Math.min(ours.length, theirs.length);
    const first = at === Math.min(ours.length, theirs.length) ? ours.findIndex((one, i) => one !== theirs[i]) : at;
    if (at === -1) return;
    const where = first === -1 ? at : first;
    found.push({
      path,
      what: `${what} (${String(ours.length)}, ${String(theirs.length)})`,
      ours: ours[where] ?? 'nothing',
      theirs: theirs[where] ?? 'nothing',
    });
  };
  const ours = inspectModule(image, {
    parts: ['modinfo', 'parameters', 'sections', 'symbols', 'notes', 'imports', 'signature', 'identity'],
  });
  for (const { where, text } of problemsOf(ours))
    found.push({ path, what: `problem in ${where}`, ours: text, theirs: '' });
  same('modinfo', ourModinfo(ours), info.entries);
  same('parameters', ourParameters(ours), info.parameters);
  same('sections', ourSections(ours), elf.sections);
  same('symbols', ourSymbols(ours), elf.symbols);
  // Relocations of machines that are not read in full have numbers, and no names.
  const theirs =
    ours.elf?.machine.full === true ? elf.relocations : elf.relocations.map((one) => one.replace(/ R_\w+$/, ' '));
  same('relocations', ourRelocations(image), theirs);
  same('notes', ourNotes(ours), elf.notes);
  same('imports', (ours.imports?.entries ?? []).map(({ name }) => name).toSorted(), imports);
  const name = info.entries.find((entry) => entry.startsWith('name='));
  same('name', [`name=${ours.identity?.name ?? ''}`], [name ?? 'name=']);
  if (ours.signature) {
    const [signer] = ours.signature.signers;
    const { sig_id: id, signer: who, sig_key: key, sig_hashalgo: hash } = info.signature;
    const said = (words: (string | undefined)[]): string[] => words.map((word) => word ?? '');
    same(
      'signature',
      said([ours.signature.type, signer?.name, signer?.serial ?? signer?.keyId, signer?.digestAlgorithm]),
      said([id, who, key, hash]),
    );
  }
  return found;
}

function problemsOf(inspection: Inspection): { where: string; text: string }[] {
  const parts = Object.values(inspection).filter(
    (part): part is { problems: { where: string; text: string }[] } =>
      typeof part === 'object' && part !== null && 'problems' in part,
  );
  return [...inspection.problems, ...parts.flatMap(({ problems }) => problems)];
}

function ourModinfo({ modinfo }: Inspection): string[] {
  return (modinfo?.entries ?? [])
    .filter(({ key }) => key !== 'parm' && key !== 'parmtype')
    .map(({ key, value }) => `${key}=${value}`);
}

function ourParameters({ parameters }: Inspection): string[] {
  return (parameters?.entries ?? [])
    .filter(({ type, description }) => type !== undefined || description !== undefined)
    .map(({ name, type, description }) =>
      type === undefined
        ? `${name}:${description ?? ''}`
        : description === undefined
          ? `${name}:${type}`
          : `${name}:${description} (${type})`,
    )
    .toSorted();
}

const hex = (value: Wide, digits: number): string => fromWide(value).toString(16).padStart(digits, '0');

function ourSections({ sections, elf }: Inspection): string[] {
  const digits = elf?.class === 64 ? 16 : 8;
  return (sections?.entries ?? []).map((section) =>
    [
      section.index,
      section.name,
      section.type,
      hex(section.address, digits),
      hex(section.offset, 6),
      hex(section.size, 6),
      hex(section.entrySize, 2),
      section.flags,
      section.link,
      section.info,
      section.align,
    ].join(' '),
  );
}

const PLACES: Readonly<Record<Exclude<ElfSymbol['place'], 'section'>, string>> = {
  undefined: 'UND',
  absolute: 'ABS',
  common: 'COM',
  reserved: 'RSV',
};

/** Assemblers number labels with a control character, which readelf writes as ^B. */
const visible = (name: string): string =>
  name.replace(/[\x01-\x1f]/g, (one) => `^${String.fromCharCode(one.charCodeAt(0) + 0x40)}`);

function ourSymbols({ symbols, elf }: Inspection): string[] {
  if (!symbols) return [];
  const digits = elf?.class === 64 ? 16 : 8;
  const none = `0 ${'0'.repeat(digits)} 0 NOTYPE LOCAL DEFAULT UND `;
  const rest = symbols.entries.map((symbol) =>
    [
      symbol.index,
      hex(symbol.value, digits),
      Number(symbol.size) > 99999 ? `0x${hex(symbol.size, 1)}` : symbol.size,
      symbol.type,
      symbol.binding,
      symbol.visibility ?? 'DEFAULT',
      symbol.place === 'section' ? symbol.section : PLACES[symbol.place],
      visible(symbol.name),
    ].join(' '),
  );
  return [none, ...rest];
}

/** r_info is shown as it is stored: of 32 bits the symbol lies above eight of type. */
function ourRelocations({ relocations, symbols, header }: ModuleImage): string[] {
  const [digits, info] = header.wide
    ? [16, (symbol: number, type: number) => hex(symbol, 8) + hex(type, 8)]
    : [8, (symbol: number, type: number) => hex(symbol * 0x100 + type, 8)];
  return relocations
    .filter(({ count }) => count > 0)
    .flatMap((table) => [
      `${table.section.name} ${String(table.count)}`,
      ...table
        .page(0, table.count, symbols)
        .entries.map(({ offset, symbol, type, typeName }) =>
          [hex(offset, digits), info(symbol, type), typeName ?? ''].join(' '),
        ),
    ]);
}

function ourNotes({ notes, sections }: Inspection): string[] {
  return (notes?.entries ?? []).map(
    (note) => `${sections?.entries[note.section]?.name ?? ''} ${note.owner} ${String(note.description.size)}`,
  );
}

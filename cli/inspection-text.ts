/** What is known of a module, as text for a terminal. Lists are cut; --json has all. */
import type { Inspection, Part, TypesPart } from '#contract/inspect.ts';
import { isPrintable, printable } from '#contract/printable.ts';
import { plus } from '#core/module/code/places.ts';
import { codeText } from '#core/module/code/text.ts';

/** Rows of a list. */
const MOST = 40;
const LABEL = 14;

class Text {
  #text = '';

  heading(words: string): void {
    this.#text += `${this.#text === '' ? '' : '\n'}${printable(words)}\n`;
  }

  /** Nothing where there is no value. */
  field(label: string, value: string | number | undefined): void {
    if (value === undefined || value === '') return;
    this.#text += `  ${label.padEnd(LABEL)} ${printable(String(value))}\n`;
  }

  /** Only rows that are shown are worded. */
  listOf<T>(items: readonly T[], row: (item: T) => string, most = MOST): void {
    this.list(items.slice(0, most).map(row), most, items.length);
  }

  /** @param count - how many there are, where these are only those that are shown */
  list(rows: readonly string[], most = MOST, count = rows.length): void {
    const shown = rows.length > most ? rows.slice(0, most) : rows;
    // All of them are looked through at once: hardly any holds what is not printable.
    const clean = isPrintable(shown.join(''));
    if (shown.length > 0) this.#text += `  ${(clean ? shown : shown.map(printable)).join('\n  ')}\n`;
    if (count > most) this.#text += `  … ${String(count - most)} more with --json\n`;
  }

  problems(part: Part | undefined): void {
    for (const { where, offset, text } of part?.problems ?? []) {
      this.field('not readable', `${where}${offset === undefined ? '' : ` at ${String(offset)}`}: ${text}`);
    }
  }

  toString(): string {
    return this.#text;
  }
}

export function inspectionText(inspection: Inspection): string {
  const text = new Text();
  const { identity, elf, container } = inspection;
  text.heading(identity?.name ?? inspection.file ?? 'module');
  for (const fact of inspection.verdict?.facts ?? []) text.list([`• ${fact.text}`]);
  text.field('file', inspection.file);
  const packed =
    container.compression === 'none'
      ? ''
      : `, stored as ${container.compression}, ${String(container.storedSize)} bytes`;
  text.field('size', `${String(container.size)} bytes${packed}`);
  text.field('format', elf && `ELF ${String(elf.class)}-bit ${elf.endian}-endian ${elf.type}, ${elf.machine.text}`);
  text.problems(container);
  text.problems(elf);
  writeIdentity(text, inspection);
  writeSignature(text, inspection);
  writeCapture(text, inspection);
  writeModinfo(text, inspection);
  writeSymbols(text, inspection);
  writeTables(text, inspection);
  writeCode(text, inspection);
  text.problems(inspection);
  return `${text.toString()}\n`;
}

function writeIdentity(text: Text, { identity }: Inspection): void {
  if (!identity) return;
  const { hashes, names } = identity;
  text.field('SHA-256', hashes.decompressed?.sha256 ?? hashes.stored.sha256);
  text.field('SHA-1', hashes.decompressed?.sha1 ?? hashes.stored.sha1);
  text.field('MD5', hashes.decompressed?.md5 ?? hashes.stored.md5);
  if (hashes.decompressed && hashes.stored.sha256 !== hashes.decompressed.sha256) {
    text.field('as stored', `SHA-256 ${hashes.stored.sha256}`);
  }
  if (hashes.unsigned && hashes.unsigned.sha256 !== hashes.decompressed?.sha256) {
    text.field('unsigned', `SHA-256 ${hashes.unsigned.sha256}`);
  }
  if (identity.namesDiffer) {
    text.field('names differ', `${names.structure ?? ''} in the module structure, ${names.modinfo ?? ''} in .modinfo`);
  }
  text.field('build id', identity.buildId);
  for (const compiler of identity.compilers) text.field('compiler', compiler);
  text.problems(identity);
}

function writeSignature(text: Text, { signature }: Inspection): void {
  if (!signature) return;
  text.heading('Signature');
  text.field('state', signature.text);
  for (const signer of signature.signers) {
    text.field('signer', signer.name ?? signer.issuer);
    text.field('key', signer.serial ?? signer.keyId);
    text.field('algorithm', [signer.signatureAlgorithm, signer.digestAlgorithm].filter(Boolean).join(' with '));
  }
  text.problems(signature);
}

/** What the capture says of it: the kernel that took it, and what that made of it. */
function writeCapture(text: Text, { capture }: Inspection): void {
  if (!capture) return;
  text.heading(`Loads in the capture: ${String(capture.loads.length)}`);
  const built =
    capture.vermagicFits === undefined
      ? ''
      : capture.vermagicFits
        ? ', which the image was built for'
        : '; the image was built for another one';
  text.field('kernel', capture.kernel === undefined ? undefined : `${capture.kernel}${built}`);
  text.list(
    capture.loads.map(({ callId, time, verdict, errno, signatureOk, taints = [], parameters = '' }) =>
      [
        `${time}  call ${String(callId)}, ${verdict}${errno === undefined ? '' : ` (${errno})`}`,
        signatureOk === undefined
          ? ''
          : signatureOk
            ? 'signature verified (sig_ok)'
            : 'signature not verified (sig_ok is 0)',
        taints.length === 0 ? '' : `taints: ${taints.join(', ')}`,
        parameters === '' ? '' : `parameters: ${parameters}`,
      ]
        .filter((words) => words !== '')
        .join('; '),
    ),
  );
}

function writeCode(text: Text, { code }: Inspection): void {
  for (const one of code ?? []) {
    const [head = '', ...lines] = codeText(one).split('\n');
    text.heading(head);
    text.list(lines, Number.POSITIVE_INFINITY);
  }
}

function writeModinfo(text: Text, { modinfo, parameters }: Inspection): void {
  if (modinfo) {
    text.heading('Module information');
    for (const { key, value } of modinfo.entries) {
      if (!['alias', 'parm', 'parmtype'].includes(key)) text.field(key, value);
    }
    text.field('in tree', modinfo.intree ? 'yes' : 'no');
    text.problems(modinfo);
    if (modinfo.aliases.length > 0) {
      text.heading(`Aliases: ${String(modinfo.aliases.length)}`);
      text.listOf(modinfo.aliases, (alias) => `${alias.pattern}  ${alias.text}`);
    }
  }
  if (!parameters || parameters.entries.length + parameters.problems.length === 0) return;
  text.heading(`Parameters: ${String(parameters.entries.length)}`);
  text.list(
    parameters.entries.map(({ name, type, permissions, description }) =>
      [name.padEnd(LABEL), type, permissions, description].filter((word) => word !== undefined).join('  '),
    ),
  );
  text.problems(parameters);
}

function writeSymbols(text: Text, { imports, exports, capabilities, sections }: Inspection): void {
  const own = capabilities?.ownEntry ?? [];
  if (own.length > 0) {
    text.heading('Its own entry in the list of modules');
    const nameOf = (index: number): string => sections?.entries[index]?.name ?? `section ${String(index)}`;
    text.listOf(own, ({ section, offset }) => plus(nameOf(section), offset), 10);
  }
  for (const group of capabilities?.groups ?? []) {
    text.heading(`${group.title}: ${String(group.imports.length)}`);
    text.listOf(group.imports, ({ name, gives }) => `${name.padEnd(2 * LABEL)} ${gives}`, 10);
  }
  if (imports) {
    text.heading(`Imports: ${String(imports.entries.length)}`);
    text.listOf(imports.entries, ({ name, crc, weak }) => `${crc ?? '        '}  ${name}${weak ? ' (weak)' : ''}`);
    text.problems(imports);
  }
  if (exports && exports.entries.length > 0) {
    text.heading(`Exports: ${String(exports.entries.length)}`);
    text.listOf(
      exports.entries,
      ({ name, gplOnly, namespace }) =>
        `${name}${gplOnly ? ', GPL only' : ''}${namespace === undefined ? '' : `, namespace ${namespace}`}`,
    );
  }
  text.problems(exports);
}

/** Structures, unions and enumerations: those that --json lists with their members. */
const typeCount = ({ counts }: TypesPart): number =>
  ['STRUCT', 'UNION', 'ENUM', 'ENUM64'].reduce((sum, kind) => sum + (counts[kind] ?? 0), 0);

function writeTables(text: Text, inspection: Inspection): void {
  const { sections, relocations, notes, functions, types, strings } = inspection;
  if (sections) {
    text.heading(`Sections: ${String(sections.entries.length)}`);
    text.listOf(
      sections.entries,
      ({ name, type, flags, size, offset }) =>
        `${name.padEnd(2 * LABEL)} ${type.padEnd(LABEL)} ${flags.padEnd(4)} ${String(size).padStart(9)} at ${String(offset)}`,
      2 * MOST,
    );
    text.problems(sections);
  }
  if (notes && notes.entries.length > 0) {
    text.heading('Notes');
    text.list(
      notes.entries.map((note) => `${note.owner} ${note.typeName ?? String(note.type)} ${note.text ?? note.hex}`),
    );
  }
  text.problems(notes);
  if (relocations ?? functions ?? types ?? strings) text.heading('Counted');
  text.field('relocations', relocations?.count);
  text.field('functions', functions?.entries.length);
  for (const one of functions?.entries ?? []) {
    if (one.role !== undefined) text.field(one.role, `${one.name}, ${String(one.size)} bytes`);
  }
  text.field('types', types?.present === true ? typeCount(types) : undefined);
  text.field('strings', strings?.found);
  for (const part of [relocations, functions, types, strings, inspection.layout, inspection.symbols])
    text.problems(part);
}

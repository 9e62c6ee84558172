/**
 * Texts in an image, ASCII and UTF-16LE, with where they are and what they look like. A run of at least six characters
 * cannot hide between bytes that are looked at six apart, so most bytes are never read.
 */
import type { FoundString, StringMark, StringsPart } from '#contract/inspect.ts';
import { Beside } from './beside.ts';
import type { RawSection } from './elf/sections.ts';
import type { Making } from './inspect.ts';
import { withRows, type JsonRows } from './json/rows.ts';
import type { JsonBytes } from './json/bytes.ts';
import { withLater } from './later.ts';
import type { Mutable } from './mutable.ts';
import { marksOf, mayBeMarked } from './string-marks.ts';

const MINIMUM = 6;
const MOST_STRINGS = 200_000;
const LONGEST = 4096;
/** Memory for the runs of one image after the other, until it is known how many there are. */
const room = { offsets: new Int32Array(4096), sizes: new Int32Array(4096) };
/** Tables of numbers, in which texts are chance. */
const TABLES: ReadonlySet<string> = new Set(['SYMTAB', 'RELA', 'REL']);

/** Printable ASCII and the tab, as `strings` has it. */
const PRINTABLE = Uint8Array.from({ length: 256 }, (_, byte) => Number((byte >= 0x20 && byte < 0x7f) || byte === 9));
const isPrintable = (byte: number | undefined): boolean => PRINTABLE[byte ?? 0] === 1;

interface Place {
  readonly from: number;
  readonly to: number;
  readonly section?: number;
}

export function stringsPart({ image, part }: Making): StringsPart {
  const tables = new Set(part('sections')?.entries.flatMap(({ index, type }) => (TABLES.has(type) ? [index] : [])));
  return findStrings(image.data, places(image.sections, tables, image.data.length));
}

/** The image in stretches: each section that is no table, and what lies between. */
function places(sections: readonly RawSection[], tables: ReadonlySet<number>, size: number): Place[] {
  const sorted = sections.filter(({ range }) => range && range.size > 0).sort((a, b) => start(a) - start(b));
  const found: Place[] = [];
  let at = 0;
  for (const { index, range } of sorted) {
    if (!range || range.offset + range.size <= at) continue;
    if (range.offset > at) found.push({ from: at, to: range.offset });
    const to = range.offset + range.size;
    if (!tables.has(index)) found.push({ from: Math.max(at, range.offset), to, section: index });
    at = to;
  }
  if (at < size) found.push({ from: at, to: size });
  return found;
}

const start = ({ range }: RawSection): number => range?.offset ?? 0;

/** Of bytes that are divided into stretches, in order. Texts are made when they are first asked for. */
export function findStrings(data: Uint8Array, stretches: readonly Place[]): StringsPart {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const runs = new Runs();
  for (const { from, to, section } of stretches) {
    const before = runs.listed;
    findAscii(bytes, from, to, runs);
    const middle = runs.listed;
    findWide(bytes, from, to, runs);
    runs.endStretch(before, middle, section);
  }
  runs.finish();
  const part = Object.assign(withLater({ minimum: MINIMUM }, { entries: () => runs.entries(bytes) }), {
    found: runs.found,
    problems: tooMany(runs.found, runs.listed),
  });
  SOURCES.set(part, runs.source(bytes));
  return withRows(part, runs.rows(bytes));
}

/** Texts one at a time, where all of them together would take as much memory as the image. */
export interface StringSource {
  readonly count: number;
  at(index: number): FoundString;
  text(index: number): string;
  range(index: number): FoundString['range'];
  section(index: number): number | undefined;
}

const SOURCES = new Beside<StringSource>('texts');

/** The listed texts of what `findStrings` found. */
export function sourceOf(part: StringsPart): StringSource {
  const source = SOURCES.get(part);
  if (!source) throw new TypeError('these texts were found by something else');
  return source;
}

const tooMany = (found: number, listed: number): StringsPart['problems'] =>
  found > listed ? [{ where: 'strings', text: `only the first ${String(listed)} of ${String(found)} are listed` }] : [];

/** Where texts are, as numbers: most are only counted. */
class Runs {
  /** All that there are, listed or not. */
  found = 0;
  #listed = 0;
  #offsets = room.offsets;
  /** In bytes; of UTF-16 below zero. */
  #sizes = room.sizes;
  /** For each stretch with texts: its section, and the number of its first text. */
  readonly #stretches: { readonly section: number | undefined; readonly first: number }[] = [];

  get listed(): number {
    return this.#listed;
  }

  /** @param size - below zero of UTF-16 */
  add(offset: number, size: number): void {
    this.found += 1;
    if (this.#listed >= MOST_STRINGS) return;
    if (this.#listed === this.#offsets.length) this.#grow();
    this.#offsets[this.#listed] = offset;
    this.#sizes[this.#listed] = size;
    this.#listed += 1;
  }

  #grow(): void {
    const [offsets, sizes] = [this.#offsets, this.#sizes];
    this.#offsets = new Int32Array(4 * offsets.length);
    this.#sizes = new Int32Array(4 * sizes.length);
    this.#offsets.set(offsets);
    this.#sizes.set(sizes);
    room.offsets = this.#offsets;
    room.sizes = this.#sizes;
  }

  /** Takes what was found out of the memory that others will use. */
  finish(): void {
    this.#offsets = this.#offsets.slice(0, this.#listed);
    this.#sizes = this.#sizes.slice(0, this.#listed);
  }

  /** Both encodings of a stretch in the order of the file; ASCII are from `first`, UTF-16 from `middle` on. */
  endStretch(first: number, middle: number, section: number | undefined): void {
    const { listed } = this;
    if (listed === first) return;
    this.#stretches.push({ section, first });
    if (middle === first || middle === listed) return;
    const [offsets, sizes] = [this.#offsets.slice(first, listed), this.#sizes.slice(first, listed)];
    const order = [...offsets.keys()].sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0));
    for (const [index, from] of order.entries()) {
      this.#offsets[first + index] = offsets[from] ?? 0;
      this.#sizes[first + index] = sizes[from] ?? 0;
    }
  }

  /** The same rows, to be written one after the other. */
  rows(bytes: Buffer): JsonRows {
    let stretch = 0;
    return {
      count: this.listed,
      write: (out, index) => {
        if (index === 0) stretch = 0;
        while (index >= (this.#stretches[stretch + 1]?.first ?? this.listed)) stretch += 1;
        writeString(out, bytes, this.#offsets[index] ?? 0, this.#sizes[index] ?? 0, this.#stretches[stretch]?.section);
      },
    };
  }

  #sectionOf(index: number): number | undefined {
    let [low, high] = [0, this.#stretches.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#stretches[middle]?.first ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return this.#stretches[low - 1]?.section;
  }

  source(bytes: Buffer): StringSource {
    const offset = (index: number): number => this.#offsets[index] ?? 0;
    const size = (index: number): number => this.#sizes[index] ?? 0;
    return {
      count: this.listed,
      at: (index) => foundString(bytes, offset(index), size(index), this.#sectionOf(index)),
      text: (index) => textAt(bytes, offset(index), size(index)),
      range: (index) => ({ offset: offset(index), size: Math.abs(size(index)) }),
      section: (index) => this.#sectionOf(index),
    };
  }

  entries(bytes: Buffer): FoundString[] {
    const entries: FoundString[] = [];
    for (const [index, { section, first }] of this.#stretches.entries()) {
      const end = this.#stretches[index + 1]?.first ?? this.listed;
      for (let at = first; at < end; at += 1) {
        entries.push(foundString(bytes, this.#offsets[at] ?? 0, this.#sizes[at] ?? 0, section));
      }
    }
    return entries;
  }
}

/** A row as `foundString` makes it, without a text being made of its bytes unless it may look like something. */
function writeString(out: JsonBytes, bytes: Buffer, offset: number, signed: number, section: number | undefined): void {
  const size = Math.abs(signed);
  const end = offset + Math.min(size, LONGEST);
  let marks: StringMark[] = [];
  out.raw('{"text":');
  if (signed > 0) {
    out.printable(bytes, offset, end);
    if (mayBeMarked(bytes, offset, end)) marks = marksOf(bytes.toString('latin1', offset, end));
    out.raw(',"encoding":"ascii","range":{"offset":');
  } else {
    const text = bytes.toString('utf16le', offset, end);
    out.text(text);
    marks = marksOf(text);
    out.raw(',"encoding":"utf-16le","range":{"offset":');
  }
  out.number(offset);
  out.raw(',"size":');
  out.number(size);
  out.raw('}');
  if (section !== undefined) {
    out.raw(',"section":');
    out.number(section);
  }
  if (marks.length > 0) {
    out.raw(',"marks":');
    out.value(marks);
  }
  out.raw('}');
}

function textAt(bytes: Buffer, offset: number, signed: number): string {
  const end = offset + Math.min(Math.abs(signed), LONGEST);
  return signed > 0 ? bytes.toString('latin1', offset, end) : bytes.toString('utf16le', offset, end);
}

/** @param signed - size in bytes, below zero of UTF-16 */
function foundString(bytes: Buffer, offset: number, signed: number, section: number | undefined): FoundString {
  const size = Math.abs(signed);
  const text = textAt(bytes, offset, signed);
  const marks = marksOf(text);
  const entry: Mutable<FoundString> = {
    text,
    encoding: signed > 0 ? 'ascii' : 'utf-16le',
    range: { offset, size },
  };
  if (section !== undefined) entry.section = section;
  if (marks.length > 0) entry.marks = marks;
  return entry;
}

function findAscii(bytes: Uint8Array, from: number, to: number, found: Runs): void {
  let last = from;
  for (let at = from + MINIMUM - 1; at < to; at += MINIMUM) {
    if (PRINTABLE[bytes[at] ?? 0] === 0) continue;
    let begin = at;
    while (begin > last && PRINTABLE[bytes[begin - 1] ?? 0] === 1) begin -= 1;
    let end = at + 1;
    while (end < to && PRINTABLE[bytes[end] ?? 0] === 1) end += 1;
    if (end - begin >= MINIMUM) found.add(begin, end - begin);
    last = end;
    at = end;
  }
}

/** A letter and a zero, six times: of twelve bytes, two that follow each other ten apart are looked at. */
function findWide(bytes: Uint8Array, from: number, to: number, found: Runs): void {
  const step = 2 * MINIMUM - 2;
  let last = from;
  for (let at = from; at + 1 < to; at += step) {
    const letter = bytes[at + 1] === 0 ? at : at + 1;
    if (PRINTABLE[bytes[letter] ?? 0] === 0 || letter + 1 >= to || bytes[letter + 1] !== 0) continue;
    let begin = letter;
    while (begin - 2 >= last && bytes[begin - 1] === 0 && isPrintable(bytes[begin - 2])) begin -= 2;
    let end = letter + 2;
    while (end + 1 < to && bytes[end + 1] === 0 && isPrintable(bytes[end])) end += 2;
    if (end - begin < 2 * MINIMUM) continue;
    found.add(begin, begin - end);
    last = end;
    at = Math.max(at, end - step);
  }
}

/**
 * Functions compared by what their code does, not by where it lies: places that the kernel fills in count by the name
 * of what they lead to, jumps in a function by their distance from its beginning.
 */
import type { ChangedFunction, FunctionState, ModuleDiff } from '#contract/diff.ts';
import type { CodeTarget, Instruction } from '#contract/inspect-code.ts';
import type { ModuleFunction, Range } from '#contract/inspect.ts';
import { architectureOf, readInstructions, type Reading } from '../code/disassemble.ts';
import { decoderOf, type Decoder } from '../code/decoder.ts';
import { stretchOf } from '../code/stretch.ts';
import { fieldsOf, type Field } from '../code/fields.ts';
import { hex, placesOf, plus } from '../code/places.ts';
import type { ModuleImage } from '../image.ts';

interface Side {
  readonly image: ModuleImage;
  readonly functions: readonly ModuleFunction[];
}

/** Functions that are compared between two words of how far it has come. */
const STEP = 32;

/** Tells how much is done, from 0 to 1. */
export async function* diffFunctions(a: Side, b: Side): AsyncGenerator<number, ModuleDiff['functions']> {
  const [ofA, ofB] = [byName(a.functions), byName(b.functions)];
  // An image without functions may be no ELF at all.
  const both = a.functions.length > 0 && b.functions.length > 0;
  const architecture = both ? architectureOf(a.image) : undefined;
  const comparable = architecture !== undefined && architecture === architectureOf(b.image);
  const changed: ChangedFunction[] = [];
  let same = 0;
  let done = 0;
  for (const [name, one] of ofA) {
    done += 1;
    if (done % STEP === 0) yield done / ofA.size;
    const other = ofB.get(name);
    if (!other) continue;
    if (isSame(a.image, one, b.image, other)) {
      same += 1;
      continue;
    }
    const decoder = comparable ? await decoderOf(architecture) : undefined;
    const differs = decoder && compare(decoder, a.image, one, b.image, other);
    if (decoder && !differs) same += 1;
    else changed.push({ name, a: stateOf(a.image, one), b: stateOf(b.image, other), ...differs });
  }
  const only = (from: Map<string, ModuleFunction>, other: Map<string, ModuleFunction>) =>
    [...from].filter(([name]) => !other.has(name));
  return {
    added: only(ofB, ofA).map(([name, one]) => ({ name, b: stateOf(b.image, one) })),
    removed: only(ofA, ofB).map(([name, one]) => ({ name, a: stateOf(a.image, one) })),
    changed,
    same,
  };
}

function stateOf(image: ModuleImage, { section, size, range }: ModuleFunction): FunctionState {
  return { section: image.sections[section]?.name ?? '', size, ...(range ? { range } : {}) };
}

/** Names that compilers number, without the number, as it says nothing. */
const plainName = (name: string): string => name.replace(/(?<=\.(?:isra|part|constprop|cold|llvm))\.\d+|\.\d+$/g, '');

/** Several static functions may have one name: the second is `name#2`. */
function byName(functions: readonly ModuleFunction[]): Map<string, ModuleFunction> {
  const found = new Map<string, ModuleFunction>();
  const counts = new Map<string, number>();
  for (const one of functions) {
    const name = plainName(one.name);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    found.set(count === 1 ? name : `${name}#${String(count)}`, one);
  }
  return found;
}

function bytesOf(image: ModuleImage, range: Range | undefined): Buffer {
  const { buffer, byteOffset } = image.data;
  return range ? Buffer.from(buffer, byteOffset + range.offset, range.size) : Buffer.alloc(0);
}

/** The quick answer: the same bytes, which lead to the same places. */
function isSame(imageA: ModuleImage, a: ModuleFunction, imageB: ModuleImage, b: ModuleFunction): boolean {
  if (a.size !== b.size || a.range?.size !== b.range?.size) return false;
  const [bytesA, bytesB] = [bytesOf(imageA, a.range), bytesOf(imageB, b.range)];
  if (!bytesA.equals(bytesB)) return false;
  const [fieldsA, fieldsB] = [fields(imageA, a), fields(imageB, b)];
  if (fieldsA.length !== fieldsB.length) return false;
  for (const [index, one] of fieldsA.entries()) {
    const other = fieldsB[index];
    if (!other || one.offset - a.value !== other.offset - b.value || one.type !== other.type) return false;
    // Where the instruction ends matters to neither: it is the same in both.
    const end = 4;
    if (normal(one.target(one.offset + end), 0) !== normal(other.target(other.offset + end), 0)) return false;
  }
  for (let at = 0; at < bytesA.length; at += 1) {
    const byte = bytesA[at] ?? 0;
    if (byte !== 0xe8 && byte !== 0xe9 && ((byte & 0xf0) !== 0x80 || !isLongJump(bytesA, at))) continue;
    if (localName(imageA, a, bytesA, at) !== localName(imageB, b, bytesB, at)) return false;
  }
  return true;
}

const fields = (image: ModuleImage, { section, value, size }: ModuleFunction): Field[] => {
  const home = image.sections[section];
  return home ? fieldsOf(image, home, value, value + size) : [];
};

const isLongJump = (bytes: Buffer, at: number): boolean =>
  at > 0 && bytes[at - 1] === 0x0f && ((bytes[at] ?? 0) & 0xf0) === 0x80;

/** Where a distance here would lead, if this were a call or jump that leaves the function. */
function localName(image: ModuleImage, { section, value, size }: ModuleFunction, bytes: Buffer, at: number): string {
  if (at + 5 > bytes.length) return '';
  const target = value + at + 5 + bytes.readInt32LE(at + 1);
  const end = image.sections[section]?.range?.size ?? 0;
  if (target < 0 || target >= end || (target >= value && target < value + size)) return '';
  const named = placesOf(image).at(section, target);
  return named ? plus(plainName(named.name), target - named.start) : '';
}

type Differs = Required<Pick<ChangedFunction, 'from' | 'instructions'>>;

/** Where the code of both begins to differ; undefined where it means the same. */
function compare(
  decoder: Decoder,
  imageA: ModuleImage,
  a: ModuleFunction,
  imageB: ModuleImage,
  b: ModuleFunction,
): Differs | undefined {
  const read = <T>(image: ModuleImage, one: ModuleFunction, use: (reading: Reading) => T): T =>
    one.range && one.size > 0 ? readInstructions(decoder, image, stretchOf(one), use) : use(NO_CODE);
  return read(imageA, a, (listA) =>
    read(imageB, b, (listB) => {
      const instructions = { a: listA.count, b: listB.count };
      let from = { a: NOTHING, b: NOTHING };
      for (let at = 0; at < Math.max(listA.count, listB.count); at += 1) {
        const one = at < listA.count ? listA.next() : undefined;
        const other = at < listB.count ? listB.next() : undefined;
        from = { a: one?.range ?? from.a, b: other?.range ?? from.b };
        if (!one || !other || line(one, a.value) !== line(other, b.value)) return { from, instructions };
      }
      return undefined;
    }),
  );
}

const NOTHING: Range = { offset: 0, size: 0 };

const NO_CODE: Reading = {
  range: NOTHING,
  problems: [],
  count: 0,
  next: () => {
    throw new RangeError('no instruction');
  },
};

function line({ mnemonic, operands, targets }: Instruction, start: number): string {
  let text = operands;
  for (const target of targets) text = text.replace(target.text, normal(target, start));
  return `${mnemonic} ${text}`;
}

type Place = Omit<CodeTarget, 'kind' | 'inside'> & { readonly inside?: boolean };

/** What a place is, without what moves when other code grows. */
function normal({ text, symbol, offset, section, inside }: Place, start: number): string {
  if (inside === true && offset !== undefined) return `.${hex(offset - start)}`;
  if (symbol !== undefined) return plainName(symbol) + text.slice(symbol.length);
  return section !== undefined && !text.startsWith('"') ? text.replace(/[+-]0x[0-9a-f]+$/, '') : text;
}

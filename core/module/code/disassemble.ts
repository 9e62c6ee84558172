/**
 * Code of a module with symbols in its operands. On x86 each field that the kernel will fill in gets a number of its own
 * before the code is decoded, which is then found again in the text; arm64 has its own places for them.
 */
import type { CodeTarget, DisassemblyPart, Instruction } from '#contract/inspect-code.ts';
import type { Problem } from '#contract/inspect.ts';
import type { RawSection } from '../elf/sections.ts';
import { ImageError } from '../failure.ts';
import type { ModuleImage } from '../image.ts';
import { decoderOf, MOST_CODE, type Architecture, type Decoded, type Decoder } from './decoder.ts';
import { fieldsOf, type Field } from './fields.ts';
import { noteOf } from './notes.ts';
import { hex, placesOf } from './places.ts';

/** No address in a function and hardly a constant looks like these. */
const FIRST_MARK = 0x1d_e7_00_10;
const MARK_STEP = 0x100;

export interface Stretch {
  readonly section: number;
  readonly offset: number;
  readonly size: number;
  readonly name?: string;
}

/** @throws ImageError where the machine's code is not taken apart, or the bytes are not there */
export async function disassemble(image: ModuleImage, stretch: Stretch): Promise<DisassemblyPart> {
  const { machine } = image.header.part;
  const architecture = architectureOf(image);
  if (!architecture) throw new ImageError('code', `code for ${machine.text} is not taken apart`);
  return disassembleWith(await decoderOf(architecture), image, stretch);
}

export function architectureOf(image: ModuleImage): Architecture | undefined {
  const { name } = image.header.part.machine;
  return name === 'x86_64' || name === 'aarch64' ? name : undefined;
}

/** The same with a decoder at hand. @throws ImageError */
export function disassembleWith(decoder: Decoder, image: ModuleImage, stretch: Stretch): DisassemblyPart {
  return readInstructions(decoder, image, stretch, ({ range, problems, count, next }) => ({
    ...(stretch.name === undefined ? {} : { name: stretch.name }),
    section: stretch.section,
    sectionName: image.sections[stretch.section]?.name ?? '',
    offset: stretch.offset,
    range,
    instructions: Array.from({ length: count }, next),
    problems,
  }));
}

/** Instructions of a stretch in their order, each made when it is asked for. */
export interface Reading extends Pick<DisassemblyPart, 'range' | 'problems'> {
  readonly count: number;
  /** The next one; `count` of them. */
  readonly next: () => Instruction;
}

/** Lets `use` read as many instructions as it wants. @throws ImageError */
export function readInstructions<T>(
  decoder: Decoder,
  image: ModuleImage,
  stretch: Stretch,
  use: (reading: Reading) => T,
): T {
  const section = image.sections[stretch.section];
  const range = section?.range;
  if (!section || !range || stretch.offset < 0 || stretch.offset >= range.size) {
    throw new ImageError('code', 'there are no bytes in the image');
  }
  const size = Math.min(stretch.size, range.size - stretch.offset, MOST_CODE);
  const problems: Problem[] = [];
  if (size < stretch.size) {
    const text = `only ${String(size)} of ${String(stretch.size)} bytes are taken apart`;
    problems.push({ where: 'code', offset: range.offset + stretch.offset, text });
  }
  const at = range.offset + stretch.offset;
  const fields = fieldsOf(image, section, stretch.offset, stretch.offset + size);
  const isX86 = image.header.part.machine.name === 'x86_64';
  const code = Uint8Array.prototype.slice.call(image.data, at, at + size);
  if (isX86) mark(code, stretch.offset, fields);
  const whole = { image, section, from: stretch.offset, to: stretch.offset + size, fields, isX86 };
  let nextField = 0;
  const instruction = (one: Decoded): Instruction => {
    const own: { readonly field: Field; readonly index: number }[] = [];
    for (let field = fields[nextField]; field && field.offset < one.offset + one.size; field = fields[nextField]) {
      if (field.offset >= one.offset) own.push({ field, index: nextField });
      nextField += 1;
    }
    const where = range.offset + one.offset;
    return {
      offset: one.offset,
      range: { offset: where, size: one.size },
      bytes: Buffer.from(image.data.buffer, image.data.byteOffset + where, one.size).toString('hex'),
      mnemonic: one.mnemonic,
      ...operandsOf(whole, one, own),
    };
  };
  return decoder.read(code, stretch.offset, ({ count, at: decoded }) => {
    let index = 0;
    const next = (): Instruction => instruction(decoded(index++));
    return use({ range: { offset: at, size }, problems, count, next });
  });
}

interface Whole {
  readonly image: ModuleImage;
  readonly section: RawSection;
  readonly from: number;
  readonly to: number;
  readonly isX86: boolean;
}

const markOf = (index: number): number => FIRST_MARK + index * MARK_STEP;

function mark(code: Uint8Array, from: number, fields: readonly Field[]): void {
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  fields.forEach(({ offset, size }, index) => {
    const at = offset - from;
    if (at + size > code.length) return;
    view.setInt32(at, markOf(index), true);
    if (size === 8) view.setInt32(at + 4, 0, true);
  });
}

const CALL = /^(?:call|bl|blr)$/;
const JUMP = /^(?:j\w+|loop\w*|b|b\.\w+|br|cbn?z|tbn?z)$/;

function kindOf(mnemonic: string): CodeTarget['kind'] {
  const bare = mnemonic.replace(/^(?:notrack|bnd|rep\w*|lock) /, '');
  if (CALL.test(bare)) return 'call';
  return JUMP.test(bare) ? 'jump' : 'data';
}

type Operands = Pick<Instruction, 'operands' | 'targets' | 'note'>;

function operandsOf(
  whole: Whole,
  one: Decoded,
  own: readonly { readonly field: Field; readonly index: number }[],
): Operands {
  const kind = kindOf(one.mnemonic);
  const end = one.offset + one.size;
  let { operands } = one;
  const targets: CodeTarget[] = [];
  for (const { field, index } of own) {
    const found = field.target(end);
    const target = { kind, ...found, inside: isInside(whole, found) };
    targets.push(target);
    operands = whole.isX86
      ? replaceMark(operands, field, markOf(index), end, target.text)
      : replaceArm(operands, one.mnemonic, target.text);
  }
  if (own.length === 0 && kind !== 'data') {
    const local = localTarget(whole, kind, operands);
    if (local) {
      targets.push(local);
      operands = operands.replace(/#?0x[0-9a-f]+$/, local.text);
    }
  }
  const note = targets.map(({ symbol }) => noteOf(symbol)).find((text) => text !== undefined);
  return { operands, targets, ...(note === undefined ? {} : { note }) };
}

const isInside = (whole: Whole, { section, offset = -1 }: { section?: number; offset?: number }): boolean =>
  section === whole.section.index && offset >= whole.from && offset < whole.to;

function replaceMark(operands: string, field: Field, value: number, end: number, text: string): string {
  if (!field.relative) return operands.replace(hex(value), text);
  return operands.replace(`rip + ${hex(value)}`, text).replace(hex(end + value), text);
}

/** The immediate is zero in the image: the kernel puts the distance, or the low twelve bits, there. */
function replaceArm(operands: string, mnemonic: string, text: string): string {
  const shown = mnemonic === 'adrp' || kindOf(mnemonic) !== 'data' ? text : `:lo12:${text}`;
  if (/#-?(?:0x)?[0-9a-f]+(?=\]?$)/.test(operands)) return operands.replace(/#-?(?:0x)?[0-9a-f]+(?=\]?$)/, shown);
  return operands.replace(/\]$/, `, ${shown}]`);
}

/** A call or jump in the same section that the assembler resolved. */
function localTarget(whole: Whole, kind: 'call' | 'jump', operands: string): CodeTarget | undefined {
  const found = /(?:^|[ ,])#?0x([0-9a-f]+)$/.exec(operands);
  if (!found) return undefined;
  const offset = Number.parseInt(found[1] ?? '', 16);
  const range = whole.section.range;
  if (!range || offset >= range.size) return undefined;
  const place = { kind, section: whole.section.index, offset, at: range.offset + offset };
  if (offset >= whole.from && offset < whole.to) return { ...place, text: hex(offset), inside: true };
  return { ...place, ...placesOf(whole.image).text(whole.section, offset), inside: false };
}

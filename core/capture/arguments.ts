/** A call's arguments in the reference's terms: from registers and texts as recorded to values by their C type. */
import type { Argument, CallKind, FileFact, ReadText } from '#contract/event.ts';
import { toWide, unsigned64 } from '#contract/wide.ts';
import { DELETE_FLAGS, FINIT_FLAGS, flagText } from '../reference/flags.ts';
import { referenceOf } from '../reference/reference.ts';
import { bytesOrNone, hexadecimal, integerOrNone, readable, word, type Row } from './columns.ts';
import { definedOnly } from './defined.ts';

const STATES = ['whole', 'cut', 'unreadable', 'null'] as const;

/** The readings of a call's one text argument. */
export interface Texts {
  readonly entry?: ReadText;
  /** As the kernel was about to split it. */
  readonly atKernel?: ReadText;
  readonly atReturn?: ReadText;
}

/** A reading as its row of argument_text says. */
export function readText(row: Row): ReadText {
  const bytes = bytesOrNone(row, 'bytes');
  return definedOnly<ReadText>({
    state: word(row, 'state', STATES),
    text: bytes === undefined ? undefined : readable(bytes),
    hex: Buffer.isBuffer(bytes) ? bytes.toString('hex') : undefined,
  });
}

type ArgumentHead = Pick<Argument, 'name' | 'type' | 'origin' | 'toctou' | 'optional'>;

/** The text argument: what was read at entry, or failing that by the kernel, or failing that at return. */
function textArgument(head: ArgumentHead, register: bigint, { entry, atKernel, atReturn }: Texts): Argument {
  if (register === 0n) return { ...head, value: null, text: 'NULL', pointer: '0x0', state: 'null' };
  const readings = [
    ['entry', entry],
    ['kernel', atKernel],
    ['return', atReturn],
  ] as const;
  const [readAt, reading] = readings.find(([, candidate]) => candidate?.text !== undefined) ?? [undefined, entry];
  return definedOnly<Argument>({
    ...head,
    value: reading?.text,
    text: reading?.text,
    pointer: hexadecimal(register),
    state: reading?.state ?? 'unreadable',
    hex: reading?.hex,
    readAt,
    atKernel: readAt === 'kernel' ? undefined : atKernel,
    atReturn: readAt === 'return' ? undefined : atReturn,
  });
}

function scalar(
  head: ArgumentHead,
  register: bigint,
  flags: ((value: number) => string) | undefined,
  file: FileFact | undefined,
): Argument {
  if (head.type === 'int') {
    const value = Number(BigInt.asIntN(32, register));
    return definedOnly<Argument>({ ...head, value, text: flags ? flags(value) : file?.path });
  }
  if (head.type === 'unsigned int') {
    const value = Number(BigInt.asUintN(32, register));
    return definedOnly<Argument>({ ...head, value, text: flags?.(value) });
  }
  return { ...head, value: toWide(unsigned64(register)) };
}

/** The image's address: where the caller said its bytes are. */
function pointer(head: ArgumentHead, register: bigint): Argument {
  const address = hexadecimal(register);
  return register === 0n
    ? { ...head, value: null, text: 'NULL', pointer: '0x0' }
    : { ...head, value: toWide(unsigned64(register)), text: address, pointer: address };
}

const FLAG_TEXT: Partial<Record<CallKind, (value: number) => string>> = {
  finit_module: (value) => flagText(value, FINIT_FLAGS),
  delete_module: (value) => flagText(value, DELETE_FLAGS),
};

/** @param row a row of `event` for a call */
export function readArguments(kind: CallKind, row: Row, texts: Texts, file: FileFact | undefined): Argument[] {
  return (referenceOf(kind)?.arguments ?? []).map((known, index) => {
    const head: ArgumentHead = {
      name: known.name,
      type: known.type,
      origin: known.origin,
      toctou: known.toctou,
      optional: known.optional,
    };
    const register = integerOrNone(row, `arg${String(index)}`);
    if (register === undefined) return head;
    if (known.type === 'const char *') return textArgument(head, register, texts);
    if (known.type === 'void *') return pointer(head, register);
    return scalar(
      head,
      register,
      known.name === 'flags' ? FLAG_TEXT[kind] : undefined,
      known.name === 'fd' ? file : undefined,
    );
  });
}

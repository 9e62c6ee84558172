/** A text argument that read differently at different moments: a fact about the caller, whatever became of the call. */
import type { Contradiction } from '#contract/attempt.ts';
import type { Argument, ReadText } from '#contract/event.ts';

const MOMENTS = {
  entry: 'when the call was made',
  kernel: 'when the kernel took it',
  return: 'when the call returned',
} as const;

type Moment = keyof typeof MOMENTS;

/** What was read of a text; of one that was cut, its beginning. */
export interface TextBytes {
  readonly bytes: Buffer;
  readonly cut: boolean;
}

interface Reading extends TextBytes {
  readonly moment: Moment;
  readonly text: string;
}

function reading(moment: Moment, read: Partial<ReadText> | undefined): Reading[] {
  if (read?.text === undefined) return [];
  const bytes = read.hex === undefined ? Buffer.from(read.text) : Buffer.from(read.hex, 'hex');
  return [{ moment, bytes, cut: read.state === 'cut', text: read.text }];
}

/** Of a text that was cut only its beginning is known: it agrees with every text that begins so. */
function agree(one: TextBytes, other: TextBytes): boolean {
  const length = Math.min(one.cut ? one.bytes.length : Infinity, other.cut ? other.bytes.length : Infinity);
  return one.bytes.subarray(0, length).equals(other.bytes.subarray(0, length));
}

/** Whether any two readings of one text cannot be of the same. */
export function disagree(readings: readonly TextBytes[]): boolean {
  return readings.some((one, at) => readings.slice(at + 1).some((other) => !agree(one, other)));
}

function changed(argument: Argument, seq: bigint): Contradiction[] {
  const readings = [
    ...reading(argument.readAt ?? 'entry', argument),
    ...reading('kernel', argument.atKernel),
    ...reading('return', argument.atReturn),
  ];
  if (!disagree(readings)) return [];
  const said = readings.map(({ moment, text }) => `"${text}" ${MOMENTS[moment]}`);
  return [
    {
      code: 'parameters-changed',
      text: `${argument.name} read ${said.slice(0, -1).join(', ')} and ${said.at(-1) ?? ''}.`,
      evidence: [Number(seq)],
    },
  ];
}

/** @param seq the event whose texts they are */
export function changedTexts(args: readonly Argument[], seq: bigint): Contradiction[] {
  return args.flatMap((argument) => changed(argument, seq));
}

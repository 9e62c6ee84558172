/**
 * The collector's lines: words separated by a blank, after the first each key=value with percent-encoded bytes.
 * Source: native/control.h. Whatever is no such line is passed over; a recording does not end because of one.
 */
import { toWide } from '#contract/wide.ts';
import { z } from 'zod';

/** Bytes of one line at most; the collector's own buffer is as long. */
const MOST_BYTES = 4 * 4096;

const number = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform((text) => toWide(BigInt(text)));

const counts = { events: number, calls: number, lost: number };
const details = {
  coalesced: number.exactOptional(),
  images: number.exactOptional(),
  rate: number.exactOptional(),
  silent: number.exactOptional(),
};

const line = z.discriminatedUnion('word', [
  z.object({ word: z.literal('hello'), version: z.string(), format: number, out: z.string() }),
  z.object({ word: z.literal('status'), ...counts, bytes: number, ...details }),
  z.object({ word: z.literal('finishing') }),
  z.object({ word: z.literal('stopped'), reason: z.string(), detail: z.string().exactOptional(), ...counts }),
  z.object({ word: z.literal('error'), code: z.string(), text: z.string() }),
]);

export type ControlLine = z.infer<typeof line>;

/** The message of one line, undefined where it is none. */
export function readControlLine(text: string): ControlLine | undefined {
  const [word, ...fields] = text.split(' ');
  const pairs = fields.map((field) => {
    const [key = '', ...value] = field.split('=');
    return [key, decode(value.join('='))] as const;
  });
  return line.safeParse({ ...Object.fromEntries(pairs), word }).data;
}

/** Bytes that are not UTF-8 become U+FFFD: the text is for people. */
function decode(text: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = /^%[0-9A-Fa-f]{2}/.exec(text.slice(at, at + 3))?.[0];
    if (code === undefined) bytes.push(...Buffer.from(text.charAt(at)));
    else {
      bytes.push(Number.parseInt(code.slice(1), 16));
      at += 2;
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

/** Cuts what arrives into lines. A line that is too long is passed over whole. */
export class LineReader {
  #rest = Buffer.alloc(0);
  #skipping = false;

  /** Takes bytes as they come and returns the lines that are complete now. */
  take(bytes: Buffer): string[] {
    const lines: string[] = [];
    let rest = Buffer.concat([this.#rest, bytes]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      if (!this.#skipping && end <= MOST_BYTES) lines.push(rest.subarray(0, end).toString('latin1'));
      this.#skipping = false;
      rest = rest.subarray(end + 1);
    }
    this.#skipping ||= rest.length > MOST_BYTES;
    this.#rest = this.#skipping ? Buffer.alloc(0) : rest;
    return lines;
  }
}

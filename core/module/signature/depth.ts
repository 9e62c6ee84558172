/**
 * A walk over the elements of DER or BER bytes before a library gets them: libraries follow nesting by calling
 * themselves, and a file can nest as deep as it likes. Octet and bit strings are followed too, as libraries look into them.
 */

/** A signature nests about 10 deep; certificates inside of it about 14. */
const DEEPEST = 32;
const MOST_ELEMENTS = 20_000;
const CONSTRUCTED = 0x20;
const STRINGS: ReadonlySet<number> = new Set([0x03, 0x04]);

interface Head {
  readonly tag: number;
  /** Where the content begins and ends. */
  readonly from: number;
  readonly to: number;
  readonly openEnded: boolean;
}

function headAt(bytes: Buffer, at: number, end: number): Head | undefined {
  const tag = bytes[at];
  let next = at + 1;
  if (tag === undefined || next >= end) return undefined;
  if ((tag & 0x1f) === 0x1f) {
    while (next < end && ((bytes[next] ?? 0) & 0x80) !== 0) next += 1;
    next += 1;
  }
  const first = next < end ? bytes[next] : undefined;
  next += 1;
  if (first === undefined) return undefined;
  if (first === 0x80) return { tag, from: next, to: end, openEnded: true };
  let size = first;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4 || next + count > end) return undefined;
    size = bytes.readUIntBE(next, count);
    next += count;
  }
  return next + size <= end ? { tag, from: next, to: next + size, openEnded: false } : undefined;
}

/** What is wrong with the nesting, in words; undefined where it is fine for a library that follows it. */
export function nestingProblem(bytes: Buffer): string | undefined {
  const ends: number[] = [bytes.length];
  let at = 0;
  for (let count = 0; ends.length > 0; count += 1) {
    if (count > MOST_ELEMENTS) return `it has more than ${String(MOST_ELEMENTS)} elements`;
    const end = ends.at(-1) ?? 0;
    const head = at < end ? headAt(bytes, at, end) : undefined;
    if (head === undefined) {
      // The end of this level, or no elements (the content of a string): go on behind it.
      ends.pop();
      at = end;
      continue;
    }
    const inner = (head.tag & CONSTRUCTED) !== 0 || STRINGS.has(head.tag) || head.openEnded;
    if (inner) {
      ends.push(head.to);
      // A bit string begins with the number of its unused bits.
      at = head.tag === 0x03 ? head.from + 1 : head.from;
      if (ends.length > DEEPEST) return `it is nested more than ${String(DEEPEST)} deep`;
    } else at = head.to;
  }
  return undefined;
}

/** Shannon entropy of bytes, in bits a byte: 0 for one value, 8 for noise; packed and encrypted data is near 8. */

/** n · log2 n of small counts, which nearly all are. */
const TABLE = Float64Array.from({ length: 4097 }, (_, n) => (n === 0 ? 0 : n * Math.log2(n)));
const weigh = (n: number): number => (n < TABLE.length ? (TABLE[n] ?? 0) : n * Math.log2(n));

export type Histogram = Uint32Array;

export const histogram = (): Histogram => new Uint32Array(256);

/** Every other byte is counted apart: in a run of one byte, a count need not wait for the one before it. */
const even = histogram();
const odd = histogram();

/** Of a stretch of bytes, with two digits; what is counted is added to `into` as well. */
export function entropyOfBytes(bytes: Uint8Array, from: number, to: number, into?: Histogram): number {
  let at = from;
  for (; at + 1 < to; at += 2) {
    const one = bytes[at] ?? 0;
    const other = bytes[at + 1] ?? 0;
    even[one] = (even[one] ?? 0) + 1;
    odd[other] = (odd[other] ?? 0) + 1;
  }
  if (at < to) {
    const last = bytes[at] ?? 0;
    even[last] = (even[last] ?? 0) + 1;
  }
  if (!into && to - from < 256) return entropy(to - from, weighFew(bytes, from, to));
  // One turn for all, as a stretch is hardly longer than the histogram.
  let sum = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    const n = (even[byte] ?? 0) + (odd[byte] ?? 0);
    if (n === 0) continue;
    even[byte] = odd[byte] = 0;
    sum += weigh(n);
    if (into) into[byte] = (into[byte] ?? 0) + n;
  }
  return entropy(to - from, sum);
}

/** Of a stretch that is shorter than the histogram: only the values in it are looked at, and set back. */
function weighFew(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    const n = (even[byte] ?? 0) + (odd[byte] ?? 0);
    if (n === 0) continue;
    even[byte] = odd[byte] = 0;
    sum += weigh(n);
  }
  return sum;
}

/** Of what was counted. */
export function entropyOf(counts: Histogram): number {
  let total = 0;
  let sum = 0;
  for (const n of counts) {
    total += n;
    sum += weigh(n);
  }
  return entropy(total, sum);
}

const entropy = (total: number, sum: number): number =>
  total <= 0 ? 0 : Math.abs(Math.round((Math.log2(total) - sum / total) * 100) / 100);

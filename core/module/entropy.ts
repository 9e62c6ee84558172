/** Shannon entropy of bytes, in bits a byte: 0 for one value, 8 for noise; packed and encrypted data is near 8. */

/** n · log2 n of small counts, which nearly all are. */
const TABLE = Float64Array.from({ length: 4097 }, (_, n) => (n === 0 ? 0 : n * Math.log2(n)));

export type Histogram = Uint32Array;

export const histogram = (): Histogram => new Uint32Array(256);

export function count(into: Histogram, bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    into[byte] = (into[byte] ?? 0) + 1;
  }
}

/** With two digits. */
export function entropyOf(counts: Histogram): number {
  let total = 0;
  let sum = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    const n = counts[byte] ?? 0;
    total += n;
    sum += n < TABLE.length ? (TABLE[n] ?? 0) : n * Math.log2(n);
  }
  return total === 0 ? 0 : Math.abs(Math.round((Math.log2(total) - sum / total) * 100) / 100);
}

/** Where the signature that is appended to an image begins: 12 bytes of struct module_signature and 28 of magic end it. */
const MAGIC = Buffer.from('~Module signature appended~\n');
const STRUCTURE = 12;

/** Bytes before the signature; the whole size where there is none, or where its length does not fit. */
export function unsignedSize(data: Uint8Array): number {
  const at = data.length - MAGIC.length;
  if (at < STRUCTURE || !MAGIC.equals(data.subarray(at))) return data.length;
  const length = new DataView(data.buffer, data.byteOffset + at - 4, 4).getUint32(0);
  const size = at - STRUCTURE - length;
  return size >= 0 ? size : data.length;
}

/**
 * Certificates inside other bytes. The kernel keeps its own one after the other in .init.rodata
 * (certs/system_certificates.S); they are found by their form, as a stripped image has no symbols for them.
 */
import { certificateFrom, type Certificate } from './certificate.ts';

/** SEQUENCE of a two-byte length, as a certificate and its first element begin. */
const BEGINNING = Buffer.from([0x30, 0x82]);
const HEAD_BYTES = 4;
const MOST_CERTIFICATES = 10_000;
/** Places that look like one; a kernel's image has some hundreds. */
const MOST_TRIED = 100_000;

/** The certificates in these bytes, in order; the source names each one's offset. */
export function scanCertificates(bytes: Buffer, source: string): Certificate[] {
  const found: Certificate[] = [];
  let at = bytes.indexOf(BEGINNING);
  let tried = 0;
  while (at !== -1 && found.length < MOST_CERTIFICATES && tried < MOST_TRIED) {
    const size = certificateSize(bytes, at);
    if (size !== undefined) tried += 1;
    const der = size === undefined ? undefined : bytes.subarray(at, at + size);
    const certificate = der && certificateFrom(der, `${source} at ${hex(at)}`);
    if (certificate) found.push(certificate);
    at = bytes.indexOf(BEGINNING, certificate && size !== undefined ? at + size : at + 1);
  }
  return found;
}

const hex = (offset: number): string => `0x${offset.toString(16)}`;

/** How long a certificate here would be; undefined where none begins here. */
function certificateSize(bytes: Buffer, at: number): number | undefined {
  if (at + 16 > bytes.length || bytes.readUInt16BE(at + HEAD_BYTES) !== 0x3082) return undefined;
  const size = HEAD_BYTES + bytes.readUInt16BE(at + 2);
  const inner = HEAD_BYTES + bytes.readUInt16BE(at + 6);
  // Version 3 or 2 says so in [0]; version 1 begins with the serial number.
  const version = bytes.readUInt16BE(at + 8) === 0xa003;
  const serial = bytes[at + 8] === 0x02;
  return at + size <= bytes.length && inner < size - HEAD_BYTES && (version || serial) ? size : undefined;
}

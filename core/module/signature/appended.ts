/**
 * What sign-file appends to a module: the message, 12 bytes of struct module_signature, and a marker of 28 bytes
 * (include/linux/module_signature.h). The kernel looks for it from the end, and so does this.
 */
import type { SignatureTrailer } from '#contract/inspect.ts';

const MARKER = Buffer.from('~Module signature appended~\n', 'latin1');
const STRUCTURE_BYTES = 12;

/** enum pkey_id_type. */
const TYPES = ['PGP', 'X.509', 'PKCS#7'] as const;
const PKCS7 = 2;

export interface Appended {
  /** As modinfo calls it: "PKCS#7". */
  readonly type: string;
  /** Whether there is a message that the kernel would read. */
  readonly isMessage: boolean;
  readonly trailer: SignatureTrailer;
  /** What is wrong with the structure: the kernel refuses such a module. */
  readonly problem?: string;
}

/** What is appended to these bytes; undefined where they do not end with the marker. */
export function findAppended(bytes: Buffer): Appended | undefined {
  const markerAt = bytes.length - MARKER.length;
  if (markerAt < 0 || !bytes.subarray(markerAt).equals(MARKER)) return undefined;
  const at = Math.max(0, markerAt - STRUCTURE_BYTES);
  // A file too short for the structure gets one of zeros: no bytes are made up, the problem tells it.
  const structure = Buffer.alloc(STRUCTURE_BYTES);
  bytes.copy(structure, 0, at, markerAt);
  const idType = structure.readUInt8(2);
  const length = structure.readUInt32BE(8);
  const from = length <= at ? at - length : at;
  const problem = structureProblem(structure, markerAt, length, at);
  return {
    type: TYPES[idType] ?? `type ${String(idType)}`,
    isMessage: idType === PKCS7 && length <= at,
    trailer: {
      range: { offset: from, size: bytes.length - from },
      signature: { offset: from, size: at - from },
      structure: { offset: at, size: markerAt - at },
      magic: { offset: markerAt, size: MARKER.length },
      algorithm: structure.readUInt8(0),
      hash: structure.readUInt8(1),
      idType,
      signerLength: structure.readUInt8(3),
      keyIdLength: structure.readUInt8(4),
      length,
    },
    ...(problem === undefined ? {} : { problem }),
  };
}

/** The kernel wants every field but the type and the length to be zero (mod_check_sig). */
function structureProblem(structure: Buffer, markerAt: number, length: number, room: number): string | undefined {
  if (markerAt < STRUCTURE_BYTES) return 'before the marker at the end there is no room for a signature';
  const idType = structure.readUInt8(2);
  if (idType !== PKCS7) return `the kernel takes only PKCS#7; this is ${TYPES[idType] ?? `type ${String(idType)}`}`;
  if (length > room) return `it says that it is ${String(length)} bytes long; ${String(room)} bytes are before it`;
  const others = [0, 1, 3, 4, 5, 6, 7];
  return others.every((at) => structure[at] === 0) ? undefined : 'fields of its description that must be zero are not';
}

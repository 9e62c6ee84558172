/** What is told from a module image: its signature, what it can do, its strings and layout, and the facts on top. */
import type { Part, PartName, Range } from './inspect.ts';

/**
 * unsigned: no trailer. signed: one is there, and nobody looked further. verified: the bytes fit, by a certificate that
 * was given. unverifiable: no certificate for it was given. broken: the bytes differ from those that were signed.
 * malformed: a trailer whose signature cannot be read.
 */
export type SignatureState = 'unsigned' | 'signed' | 'verified' | 'unverifiable' | 'broken' | 'malformed';

export interface SignaturePart extends Part {
  readonly state: SignatureState;
  /** The state in a sentence. */
  readonly text: string;
  readonly trailer?: SignatureTrailer;
  /** What the signature covers. */
  readonly covered?: Range;
  /** As modinfo's sig_id: "PKCS#7". */
  readonly type?: string;
  readonly signers: readonly Signer[];
  /** Certificates that the signature brings along. */
  readonly certificates: readonly Certificate[];
  readonly verifiedWith?: Certificate;
  /** How many certificates were tried; absent where none were given. */
  readonly certificatesTried?: number;
}

/** struct module_signature, twelve bytes before the magic string at the end. */
export interface SignatureTrailer {
  /** From the signature's first byte to the end of the image. */
  readonly range: Range;
  readonly signature: Range;
  readonly structure: Range;
  readonly magic: Range;
  /** The fields as they stand; the kernel wants 0 in all but idType (2) and length. */
  readonly algorithm: number;
  readonly hash: number;
  readonly idType: number;
  readonly signerLength: number;
  readonly keyIdLength: number;
  readonly length: number;
}

export interface Signer {
  /** Common name, as modinfo's signer; absent where the signature names the key only. */
  readonly name?: string;
  /** The whole distinguished name. */
  readonly issuer?: string;
  /** Bytes with colons, as modinfo's sig_key: the certificate's serial, or its subject key id. */
  readonly serial?: string;
  readonly keyId?: string;
  /** "sha256", as modinfo's sig_hashalgo. */
  readonly digestAlgorithm?: string;
  /** "RSA", "ECDSA". */
  readonly signatureAlgorithm?: string;
  readonly signedAttributes: readonly SignedAttribute[];
  /** Bytes of the signature proper. */
  readonly signature?: Range;
}

export interface SignedAttribute {
  readonly oid: string;
  readonly name?: string;
  readonly text: string;
}

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly keyId?: string;
  readonly sha256: string;
  /** RFC 3339. */
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** "RSA 4096". */
  readonly key?: string;
  /** Where it was found: a file's name, or "the signature". */
  readonly from: string;
}

export interface CapabilitiesPart extends Part {
  /** Those that the module has, most telling first. */
  readonly groups: readonly CapabilityGroup[];
  /** Imports that the table does not know. */
  readonly unknown: readonly string[];
  /** Where its code reaches into its own entry of the kernel's list of modules; absent where nowhere. */
  readonly ownEntry?: readonly OwnUse[];
}

/** An instruction's operand that is a place in the module's own `list`. */
export interface OwnUse {
  /** Index of the section that the instruction is in. */
  readonly section: number;
  /** In that section. */
  readonly offset: number;
  readonly range: Range;
}

export interface CapabilityGroup {
  /** "hooking", "hiding", "processes", … */
  readonly id: string;
  readonly title: string;
  /** What it means that a module has it. */
  readonly text: string;
  /** "high": seldom in ordinary drivers. */
  readonly weight: 'high' | 'medium' | 'low';
  readonly imports: readonly CapabilityImport[];
}

export interface CapabilityImport {
  readonly name: string;
  /** What it gives the module. */
  readonly gives: string;
  /** Where that is known from. */
  readonly source: string;
}

export interface StringsPart extends Part {
  /** Fewest characters. */
  readonly minimum: number;
  readonly entries: readonly FoundString[];
  /** All that there are, where more were found than are listed. */
  readonly found: number;
}

export interface FoundString {
  readonly text: string;
  readonly encoding: 'ascii' | 'utf-16le' | 'utf-16be';
  readonly range: Range;
  /** Index of the section that it begins in. */
  readonly section?: number;
  readonly marks?: readonly StringMark[];
}

export type StringMark = 'url' | 'path' | 'address' | 'domain' | 'command' | 'device';

export interface LayoutPart extends Part {
  /** The whole image without holes or overlaps, by offset. */
  readonly areas: readonly Area[];
  /** Bytes of each window of `entropy`. */
  readonly window: number;
  /** Bits a byte, 0 to 8, two digits. */
  readonly entropy: readonly number[];
  /** Of the whole image. */
  readonly overall: number;
  /** Of each section that has bytes. */
  readonly sections: readonly { readonly section: number; readonly entropy: number }[];
}

export interface Area {
  readonly range: Range;
  readonly kind: 'header' | 'section-headers' | 'section' | 'gap' | 'signature' | 'appended';
  readonly name: string;
  /** Index of the section. */
  readonly section?: number;
  /** Indexes of other sections that claim bytes of it. */
  readonly overlaps?: readonly number[];
}

export interface VerdictPart extends Part {
  /** Five to eight, most telling first. */
  readonly facts: readonly VerdictFact[];
}

export interface VerdictFact {
  readonly id: string;
  /** One short phrase: "not signed, out of tree". */
  readonly text: string;
  /** How it is marked; not a score. */
  readonly tone: 'alarm' | 'warning' | 'notice' | 'neutral' | 'fine';
  readonly evidence: readonly Evidence[];
}

/** Where a fact is to be seen. */
export interface Evidence {
  readonly part: PartName;
  /** An import, a section, a key of .modinfo. */
  readonly name?: string;
  readonly range?: Range;
}

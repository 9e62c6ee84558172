/** The PKCS#7 message (CMS SignedData, RFC 5652) of a module's signature, taken apart. */
import { type Attribute, ContentInfo, id_signedData, SignedData, type SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert } from '@peculiar/asn1-schema';
import type { Name } from '@peculiar/asn1-x509';
import type { SignedAttribute, Signer } from '#contract/inspect.ts';
import { likeTheLast, remember } from './alike.ts';
import { nestingProblem } from './depth.ts';
import { algorithmName, attributeName, COMMON_NAME, digestName, MESSAGE_DIGEST, pairs, partName } from './names.ts';

/** The kernel's own are below 1 kB; with certificates inside some kilobytes. */
const LONGEST_MESSAGE = 1024 * 1024;
const MOST_SIGNERS = 64;

/** A signer with what its signature is held against. */
export interface SignerBytes {
  readonly facts: Signer & { readonly digestAlgorithm: string; readonly signatureAlgorithm: string };
  readonly signature: Buffer;
  /** DER of the signed attributes as a SET, which is what was signed where there are any. */
  readonly attributes?: Buffer;
  /** Digest of the content, from the signed attributes. */
  readonly messageDigest?: Buffer;
}

export interface Message {
  readonly signers: readonly SignerBytes[];
  /** DER of the certificates that it brings along. */
  readonly certificates: readonly Buffer[];
}

/** Bytes that are no such message; `message` says why. */
export class MessageError extends Error {}

const bytesOf = (buffer: ArrayBuffer): Buffer => Buffer.from(buffer);

/** @throws MessageError where these bytes are no SignedData, or nested beyond reason */
export function readMessage(bytes: Buffer): Message {
  if (bytes.length > LONGEST_MESSAGE) throw new MessageError(`it is longer than ${String(LONGEST_MESSAGE)} bytes`);
  const problem = nestingProblem(bytes);
  if (problem !== undefined) throw new MessageError(problem);
  const known = likeTheLast(bytes);
  if (known) return known;
  const message = takeApart(bytes);
  remember(bytes, message);
  return message;
}

function takeApart(bytes: Buffer): Message {
  try {
    const content = AsnConvert.parse(bytes, ContentInfo);
    if (content.contentType !== id_signedData) {
      throw new MessageError(`its content is ${content.contentType}, not signed data`);
    }
    const data = AsnConvert.parse(content.content, SignedData);
    if (data.signerInfos.length > MOST_SIGNERS) throw new MessageError(`${String(data.signerInfos.length)} signed it`);
    const certificates = Array.from(data.certificates ?? [], ({ certificate }) =>
      certificate ? [bytesOf(AsnConvert.serialize(certificate))] : [],
    );
    return { signers: Array.from(data.signerInfos, signer), certificates: certificates.flat() };
  } catch (error) {
    if (error instanceof MessageError) throw error;
    throw new MessageError('it is no PKCS#7 message that can be taken apart');
  }
}

function signer(info: SignerInfo): SignerBytes {
  const named = info.sid.issuerAndSerialNumber;
  const common = named && commonName(named.issuer);
  const keyId = info.sid.subjectKeyIdentifier;
  const facts = {
    ...(named ? { issuer: nameText(named.issuer), serial: pairs(bytesOf(named.serialNumber)) } : {}),
    ...(common === undefined ? {} : { name: common }),
    ...(keyId ? { keyId: pairs(bytesOf(keyId.buffer)) } : {}),
    digestAlgorithm: digestName(info.digestAlgorithm.algorithm),
    signatureAlgorithm: algorithmName(info.signatureAlgorithm.algorithm),
    signedAttributes: (info.signedAttrs ?? []).map((attribute) =>
      attributeFacts(attribute.attrType, attribute.attrValues),
    ),
  };
  const digest = info.signedAttrs?.find((attribute) => attribute.attrType === MESSAGE_DIGEST)?.attrValues[0];
  return {
    facts,
    signature: bytesOf(info.signature.buffer),
    ...(info.signedAttrs ? { attributes: asSet(info.signedAttrs) } : {}),
    ...(digest ? { messageDigest: contentOf(bytesOf(digest)) } : {}),
  };
}

/**
 * What is signed is the attributes as a SET (RFC 5652, 5.4), in DER. They are written again from what was read, which
 * for DER gives the same bytes: attributes in another encoding do not verify.
 */
function asSet(attributes: readonly Attribute[]): Buffer {
  const content = Buffer.concat(attributes.map((attribute) => bytesOf(AsnConvert.serialize(attribute))));
  const size = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  if (content.length >= 0x80 && content.length < 0x100) size.splice(0, 2, 0x81);
  return Buffer.concat([Buffer.from([0x31, ...size]), content]);
}

/** The content of one short DER element, such as the octets of a digest. */
const contentOf = (der: Buffer): Buffer => der.subarray(2);

function attributeFacts(oid: string, values: readonly ArrayBuffer[]): SignedAttribute {
  const name = attributeName(oid);
  return {
    oid,
    ...(name === undefined ? {} : { name }),
    text: values.map((value) => valueText(bytesOf(value))).join(', '),
  };
}

/** UTCTime and GeneralizedTime as they stand; all else as digits. */
function valueText(der: Buffer): string {
  const tag = der[0];
  if (tag === 0x17 || tag === 0x18) return contentOf(der).toString('latin1');
  return (tag === 0x04 && (der[1] ?? 0x80) < 0x80 ? contentOf(der) : der).toString('hex');
}

/** `C=DE, O=Example, CN=signer`. */
export function nameText(name: Name): string {
  const parts = Array.from(name, (set) =>
    Array.from(set, (part) => `${partName(part.type)}=${part.value.toString()}`).join('+'),
  );
  return parts.join(', ');
}

function commonName(name: Name): string | undefined {
  for (const set of name) for (const part of set) if (part.type === COMMON_NAME) return part.value.toString();
  return undefined;
}

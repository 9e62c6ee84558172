/** Whether a module's bytes are those that were signed. Four answers that are not the same: SignatureState in the contract. */
import { createHash, getHashes, verify } from 'node:crypto';
import type { Problem, SignaturePart, Certificate as CertificateFacts, Signer } from '#contract/inspect.ts';
import { findAppended, type Appended } from './appended.ts';
import { certificateFrom, type Certificate } from './certificate.ts';
import { MessageError, readMessage, type Message, type SignerBytes } from './message.ts';

/** How one signer's signature stands against the bytes. */
type Held =
  | { readonly state: 'verified'; readonly certificate: CertificateFacts }
  | { readonly state: 'broken'; readonly certificate?: CertificateFacts }
  | { readonly state: 'unverifiable' }
  | { readonly state: 'unknown'; readonly why: string };

const PLAIN_ALGORITHMS = /^(ml-dsa-|ed25519$|ed448$)/;
const KNOWN_DIGESTS: ReadonlySet<string> = new Set(getHashes());

/**
 * The signature of a module's image, unpacked and whole, held against certificates; without any it is only described.
 * Never throws for what the bytes are.
 */
export function readSignature(image: Uint8Array, certificates: readonly Certificate[] = []): SignaturePart {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
  const appended = findAppended(bytes);
  if (!appended) {
    return { state: 'unsigned', text: 'No signature is appended.', signers: [], certificates: [], problems: [] };
  }
  if (!appended.isMessage) return malformed(appended, appended.problem ?? 'it is no PKCS#7 message');
  const { offset, size } = appended.trailer.signature;
  const message = bytes.subarray(offset, offset + size);
  try {
    return held(bytes, appended, readMessage(message), certificates);
  } catch (error) {
    if (error instanceof MessageError) return malformed(appended, error.message);
    throw error;
  }
}

function held(
  bytes: Buffer,
  appended: Appended,
  message: Message,
  certificates: readonly Certificate[],
): SignaturePart {
  const { offset } = appended.trailer.signature;
  const results = message.signers.map((signer) => hold(bytes.subarray(0, offset), signer, certificates));
  const signers = message.signers.map(({ facts, signature }) => {
    const at = bytes.indexOf(signature, offset);
    return at === -1 || signature.length === 0
      ? facts
      : { ...facts, signature: { offset: at, size: signature.length } };
  });
  return {
    ...conclusion(results, signers, certificates.length),
    ...place(appended),
    signers,
    certificates: message.certificates.flatMap((der) => certificateFrom(der, 'the signature')?.facts ?? []),
    ...(certificates.length > 0 ? { certificatesTried: certificates.length } : {}),
    problems: problems(appended, results),
  };
}

function place({ type, trailer }: Appended): Pick<SignaturePart, 'type' | 'trailer' | 'covered'> {
  return { type, trailer, covered: { offset: 0, size: trailer.range.offset } };
}

const WHERE = 'signature';

function malformed(appended: Appended, why: string): SignaturePart {
  return {
    state: 'malformed',
    text: `The end says that a signature is appended; it cannot be read: ${why}.`,
    ...place(appended),
    signers: [],
    certificates: [],
    problems: [{ where: WHERE, offset: appended.trailer.range.offset, text: `${why}.` }],
  };
}

function problems({ problem, trailer }: Appended, results: readonly Held[]): Problem[] {
  const structure = problem === undefined ? [] : [{ where: WHERE, offset: trailer.structure.offset, text: problem }];
  const unknown = results.flatMap((one) => (one.state === 'unknown' ? [one.why] : []));
  return [...structure, ...unknown.map((text) => ({ where: WHERE, offset: trailer.signature.offset, text }))];
}

function isOf(certificate: Certificate, { facts }: SignerBytes): boolean {
  const { issuer, serial, keyId } = certificate.facts;
  if (facts.serial !== undefined) return facts.serial === serial && facts.issuer === issuer;
  return facts.keyId !== undefined && facts.keyId === keyId;
}

function hold(content: Buffer, signer: SignerBytes, certificates: readonly Certificate[]): Held {
  const digest = signer.facts.digestAlgorithm;
  if (!KNOWN_DIGESTS.has(digest)) return { state: 'unknown', why: `digests of ${digest} are not known here` };
  if (signer.messageDigest && !createHash(digest).update(content).digest().equals(signer.messageDigest)) {
    return { state: 'broken' };
  }
  if (signer.attributes && !signer.messageDigest) {
    return { state: 'unknown', why: 'its signed attributes hold no digest of the bytes' };
  }
  const candidates = certificates.filter((certificate) => isOf(certificate, signer));
  const results = candidates.map((certificate) => holdAgainst(signer.attributes ?? content, signer, certificate));
  return results.find(({ state }) => state === 'verified') ?? results[0] ?? { state: 'unverifiable' };
}

function holdAgainst(signed: Buffer, { facts, signature }: SignerBytes, certificate: Certificate): Held {
  const plain = PLAIN_ALGORITHMS.test(facts.signatureAlgorithm);
  if (facts.signatureAlgorithm === 'rsassaPss')
    return { state: 'unknown', why: 'signatures of rsassaPss are not verified here' };
  try {
    const right = verify(plain ? null : facts.digestAlgorithm, signed, certificate.key, signature);
    return { state: right ? 'verified' : 'broken', certificate: certificate.facts };
  } catch {
    return { state: 'unknown', why: `a signature of ${facts.signatureAlgorithm} cannot be verified here` };
  }
}

const nameOf = (signer: Signer): string =>
  signer.name ?? signer.issuer ?? (signer.keyId === undefined ? 'somebody' : `key ${signer.keyId}`);

type Conclusion = Pick<SignaturePart, 'state' | 'text' | 'verifiedWith'>;

/** One signature that does not hold is enough to be broken, as it is for the kernel (pkcs7_verify). */
function conclusion(results: readonly Held[], signers: readonly Signer[], tried: number): Conclusion {
  const who = signers.map(nameOf).join(', ');
  if (signers.length === 0) return { state: 'malformed', text: 'A signature is appended that nobody signed.' };
  if (results.some(({ state }) => state === 'broken')) {
    return { state: 'broken', text: `Broken: the bytes differ from those that ${who} signed.` };
  }
  const verified = results.find((one) => one.state === 'verified');
  if (verified) {
    const { certificate } = verified;
    const text = `Verified with ${certificate.subject} (${certificate.from}).`;
    return { state: 'verified', text, verifiedWith: certificate };
  }
  const unknown = results.find((one) => one.state === 'unknown');
  if (unknown) return { state: 'unverifiable', text: `Signed by ${who}; not verifiable here: ${unknown.why}.` };
  if (tried === 0) return { state: 'signed', text: `Signed by ${who}; no certificate was given to verify it with.` };
  const count = tried === 1 ? 'the one given is not' : `none of the ${String(tried)} given is`;
  return {
    state: 'unverifiable',
    text: `Signed by ${who}; not verifiable here: no certificate, ${count} the signer's.`,
  };
}

/** What the inspector knows, as lists of names, values and remarks. */
import type { NotesPart } from '#contract/inspect.ts';
import type { ElfPart, Hashes, IdentityPart, ModinfoPart, Range, SignaturePart } from '#contract/inspect.ts';
import { size } from '../format/numbers.ts';

export interface ShownFact {
  readonly name: string;
  readonly value: string;
  readonly remark?: string;
  /** Whether the remark is one to look at twice. */
  readonly odd?: boolean;
  /** Its bytes. */
  readonly range?: Range;
}

const fact = (name: string, value: string | undefined, rest: Omit<ShownFact, 'name' | 'value'> = {}): ShownFact[] =>
  value === undefined || value === '' ? [] : [{ name, value, ...rest }];

/** The entry of .modinfo that a value stands in. */
function placed(modinfo: ModinfoPart | undefined, key: string): { range?: Range } {
  const entry = modinfo?.entries.find((one) => one.key === key);
  return entry ? { range: entry.range } : {};
}

function hashFacts(hashes: Hashes | undefined, of: string): ShownFact[] {
  if (!hashes) return [];
  return [
    ...fact('SHA-256', hashes.sha256, { remark: of }),
    ...fact('SHA-1', hashes.sha1, { remark: of }),
    ...fact('MD5', hashes.md5, { remark: of }),
  ];
}

/** @param kernel - release of the capture's kernel, which the module is held against */
function vermagicRemark(release: string, kernel: string | undefined): Omit<ShownFact, 'name' | 'value'> {
  if (kernel === undefined) return {};
  return release === kernel
    ? { remark: "fits the capture's kernel" }
    : { remark: `built for another kernel: the capture's is ${kernel}`, odd: true };
}

/** Name, versions, what it was built for and by. */
export function identityFacts(
  elf: ElfPart | undefined,
  identity: IdentityPart | undefined,
  modinfo: ModinfoPart | undefined,
  kernel: string | undefined,
): ShownFact[] {
  const names = identity?.names;
  const where =
    names?.structure === undefined
      ? 'in .modinfo'
      : names.modinfo === undefined
        ? 'in the module structure'
        : 'in .modinfo and in the module structure';
  const vermagic = modinfo?.vermagic ?? identity?.vermagic;
  return [
    ...fact('name', identity?.name, {
      ...(identity?.namesDiffer
        ? { remark: `.modinfo says ${names?.modinfo ?? ''}, the module structure ${names?.structure ?? ''}`, odd: true }
        : { remark: where }),
      ...placed(modinfo, 'name'),
    }),
    ...fact('vermagic', vermagic?.text, {
      ...(vermagic ? vermagicRemark(vermagic.release, kernel) : {}),
      ...placed(modinfo, 'vermagic'),
    }),
    ...fact('version', modinfo?.version, placed(modinfo, 'version')),
    ...fact('srcversion', identity?.srcversion, placed(modinfo, 'srcversion')),
    ...fact('build id', identity?.buildId),
    ...fact('architecture', elf?.machine.text, {
      remark:
        elf?.machine.full === false
          ? 'listed only: relocations and code are not taken apart'
          : (elf?.endian ?? '') + ' endian',
    }),
    ...fact('compiler', identity?.compilers.join('; ')),
    ...fact('license', modinfo?.license, { remark: 'claimed', ...placed(modinfo, 'license') }),
    ...fact('author', modinfo?.authors.join('; '), placed(modinfo, 'author')),
    ...fact('description', modinfo?.description, placed(modinfo, 'description')),
    ...fact('depends on', modinfo?.depends.join(', '), placed(modinfo, 'depends')),
    ...fact('soft depends', modinfo?.softdeps.map(({ when, modules }) => `${when}: ${modules.join(' ')}`).join('; ')),
    ...fact('namespaces', modinfo?.namespaces.join(', ')),
    ...fact(
      'in tree',
      modinfo && (modinfo.intree ? 'yes' : 'no'),
      modinfo && !modinfo.intree ? { remark: 'taint O', odd: true } : {},
    ),
    ...fact('retpoline', modinfo && (modinfo.retpoline ? 'yes' : 'no')),
    ...fact('staging', modinfo?.staging ? 'yes' : undefined, { remark: 'taint C', odd: true }),
    ...fact('live patch', modinfo?.livepatch ? 'yes' : undefined, { remark: 'taint K', odd: true }),
  ];
}

export function sizeFacts(identity: IdentityPart | undefined): ShownFact[] {
  const hashes = identity?.hashes;
  const { stored, decompressed, unsigned } = hashes ?? {};
  const compressed = decompressed !== undefined && stored?.sha256 !== decompressed.sha256;
  return [
    ...fact('size', identity && size(identity.size)),
    ...hashFacts(stored, compressed ? 'of the file as it is compressed' : 'of the image'),
    ...(compressed ? hashFacts(decompressed, 'of the unpacked image') : []),
    ...(unsigned && unsigned.sha256 !== (decompressed ?? stored)?.sha256
      ? hashFacts(unsigned, 'without the signature')
      : []),
  ];
}

/** What the compiler and the kernel's build left in notes. */
export function noteFacts(notes: NotesPart | undefined): ShownFact[] {
  return (notes?.entries ?? []).flatMap(({ owner, type, typeName, text, hex, description, range }) =>
    fact(typeName ?? `${owner} ${String(type)}`, text ?? (hex === '' ? 'empty' : hex), {
      ...(typeName === undefined ? {} : { remark: owner }),
      range: description.size > 0 ? description : range,
    }),
  );
}

const SIGNATURE_WORDS: Readonly<Record<SignaturePart['state'], string>> = {
  unsigned: 'Not signed',
  signed: 'Signed',
  verified: 'Verified',
  unverifiable: 'Not verifiable here: no certificate',
  broken: 'Broken: the bytes differ',
  malformed: 'A signature that cannot be read',
};

export const signatureWords = ({ state }: SignaturePart): string => SIGNATURE_WORDS[state];

export const signatureIsOdd = ({ state }: SignaturePart): boolean => state !== 'verified' && state !== 'signed';

/** Each signer apart, then what the structure at the end says. */
export function signatureFacts(signature: SignaturePart): { readonly title: string; readonly facts: ShownFact[] }[] {
  const signers = signature.signers.map((signer, index) => ({
    title: signature.signers.length > 1 ? `Signer ${String(index + 1)}` : 'Signer',
    facts: [
      ...fact('name', signer.name),
      ...fact('issuer', signer.issuer),
      ...fact('serial', signer.serial),
      ...fact('key id', signer.keyId),
      ...fact('digest', signer.digestAlgorithm),
      ...fact('signature', signer.signatureAlgorithm, signer.signature ? { range: signer.signature } : {}),
      ...signer.signedAttributes.flatMap(({ oid, name, text }) =>
        fact(name ?? oid, text, { remark: 'signed attribute' }),
      ),
    ],
  }));
  const { trailer, covered, verifiedWith } = signature;
  const certificates = [...(verifiedWith ? [verifiedWith] : []), ...signature.certificates].map(
    (certificate, index) => ({
      title: index === 0 && verifiedWith ? 'Verified with' : 'Certificate inside the signature',
      facts: [
        ...fact('subject', certificate.subject),
        ...fact('issuer', certificate.issuer),
        ...fact('serial', certificate.serial),
        ...fact('key id', certificate.keyId),
        ...fact('key', certificate.key),
        ...fact('valid from', certificate.notBefore),
        ...fact('valid until', certificate.notAfter),
        ...fact('SHA-256', certificate.sha256),
        ...fact('found in', certificate.from),
      ],
    }),
  );
  const bytes = [
    ...(covered ? fact('signed bytes', size(covered.size), { range: covered }) : []),
    ...(trailer
      ? [
          ...fact('appended', size(trailer.range.size), { range: trailer.range }),
          ...fact(
            'message',
            `${size(trailer.signature.size)}${signature.type === undefined ? '' : `, ${signature.type}`}`,
            { range: trailer.signature },
          ),
          ...fact('structure', `type ${String(trailer.idType)}, length ${String(trailer.length)}`, {
            range: trailer.structure,
          }),
          ...fact('magic', 'Module signature appended', { range: trailer.magic }),
        ]
      : []),
  ];
  return [...signers, ...certificates, { title: 'Bytes', facts: bytes }].filter(({ facts }) => facts.length > 0);
}

/**
 * The parameters of one call: `name=value`, apart by spaces that are not within double quotes, as the kernel takes them.
 * A name without a value is passed as it stands.
 */
export function passedParameters(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const word of text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []) {
    const cut = word.indexOf('=');
    const name = (cut < 0 ? word : word.slice(0, cut)).replaceAll('"', '').replaceAll('-', '_');
    found.set(name, cut < 0 ? '' : word.slice(cut + 1).replaceAll('"', ''));
  }
  return found;
}

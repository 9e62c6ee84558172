/** X.509 certificates that a user gives: what tells them apart, and their keys. */
import { X509Certificate, type KeyObject } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { Certificate as Structure, id_ce_subjectKeyIdentifier } from '@peculiar/asn1-x509';
import type { Certificate as Facts } from '#contract/inspect.ts';
import { nestingProblem } from './depth.ts';
import { nameText } from './message.ts';
import { pairs } from './names.ts';

export interface Certificate {
  readonly der: Buffer;
  readonly facts: Facts;
  readonly key: KeyObject;
}

/** The certificate that these bytes of DER are; undefined where they are none, or its key is of an unknown kind. */
export function certificateFrom(der: Buffer, from: string): Certificate | undefined {
  if (nestingProblem(der) !== undefined) return undefined;
  try {
    const x509 = new X509Certificate(der);
    const { tbsCertificate } = AsnConvert.parse(der, Structure);
    const extension = tbsCertificate.extensions?.find(({ extnID }) => extnID === id_ce_subjectKeyIdentifier);
    const keyId = extension && AsnConvert.parse(extension.extnValue.buffer, OctetString);
    return {
      der,
      facts: {
        from,
        subject: nameText(tbsCertificate.subject),
        issuer: nameText(tbsCertificate.issuer),
        serial: pairs(Buffer.from(tbsCertificate.serialNumber)),
        ...(keyId ? { keyId: pairs(Buffer.from(keyId.buffer)) } : {}),
        sha256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
        ...times(x509),
        key: keyText(x509.publicKey),
      },
      key: x509.publicKey,
    };
  } catch {
    return undefined;
  }
}

function times(x509: X509Certificate): { notBefore: string; notAfter: string } | undefined {
  const [from, to] = [new Date(x509.validFrom), new Date(x509.validTo)];
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) return undefined;
  return { notBefore: from.toISOString(), notAfter: to.toISOString() };
}

/** `RSA 4096`, `EC secp384r1`. */
function keyText(key: KeyObject): string {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  return [key.asymmetricKeyType?.toUpperCase() ?? 'unknown', modulusLength ?? namedCurve].filter(Boolean).join(' ');
}

const PEM = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([A-Za-z0-9+/=\s]{1,200000})-----END/g;

/** All certificates of a PEM file's text. */
export function certificatesOfPem(text: string, from: string): Certificate[] {
  const found: Certificate[] = [];
  for (const [, body = ''] of text.matchAll(PEM)) {
    const certificate = certificateFrom(Buffer.from(body, 'base64'), from);
    if (certificate) found.push(certificate);
  }
  return found;
}

import { digestHex, hexOfBytes } from '../encoding/index.ts';
import { hashOf } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import { contentOf, elementIn, fieldTag, partsOf, tags, type Element } from './der.ts';

const signingCertificateOid = '1.2.840.113549.1.9.16.2.12';
const signingCertificateV2Oid = '1.2.840.113549.1.9.16.2.47';
const directoryName = fieldTag(4);

/** What of a certificate it is named by. */
type Named = Pick<Certificate, 'raw' | 'issuer' | 'serial'>;

/**
 * Whether signed attributes name this certificate as the one that they are signed with: by SHA-1 in
 * SigningCertificate (RFC 2634, section 5.4), by another hash in SigningCertificateV2 (RFC 5035,
 * section 4), as RFC 5816 asks. Where both are there, both must.
 */
export function namesSigner(
  attributeOf: (oid: string) => Uint8Array | undefined,
  certificate: Named,
): boolean {
  const [first, second] = [signingCertificateOid, signingCertificateV2Oid].map(attributeOf);
  const named = [
    ...(first === undefined ? [] : [isNamedBy(first, certificate, 'sha1')]),
    ...(second === undefined ? [] : [isNamedBy(second, certificate, 'sha256')]),
  ];
  return named.length > 0 && !named.includes(false);
}

/** The first certificate in the list is that of the signer. */
function isNamedBy(value: Uint8Array, certificate: Named, hash: 'sha1' | 'sha256'): boolean {
  const [list] = partsOf(elementIn(value), tags.sequence) ?? [];
  const [first] = partsOf(list, tags.sequence) ?? [];
  const parts = [...(partsOf(first, tags.sequence) ?? [])];
  // Only the second version has an algorithm, and only where it is another than SHA-256.
  const told = parts[0]?.tag === tags.sequence && hash !== 'sha1' ? parts.shift() : undefined;
  const algorithm = told === undefined ? hash : hashOf(told);
  const [digest, issuerAndSerial, ...more] = parts;
  const bytes = contentOf(digest, tags.octetString);
  if (algorithm === undefined || bytes === undefined || more.length > 0) return false;
  const isSame = hexOfBytes(bytes) === digestHex(algorithm, certificate.raw);
  return isSame && isIssuerAndSerial(issuerAndSerial, certificate);
}

/** It may be left out: the hash says it already. */
function isIssuerAndSerial(element: Element | undefined, { issuer, serial }: Named): boolean {
  if (element === undefined) return true;
  const [names, number] = partsOf(element, tags.sequence) ?? [];
  const [name] = partsOf(names, tags.sequence) ?? [];
  const directory = contentOf(name, directoryName);
  const found = contentOf(number, tags.integer);
  if (found === undefined || directory === undefined) return false;
  return hexOfBytes(found) === serial && hexOfBytes(directory) === issuer;
}

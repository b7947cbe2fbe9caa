import { createHash } from 'node:crypto';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { type BaseBlock } from 'asn1js';
import { hashes } from './algorithms.ts';
import { type Certificate } from './certificate.ts';
import { contentOf, elementOf, hexOf, partsOf, rawOf, structureOf } from './der.ts';

const signingCertificateOid = '1.2.840.113549.1.9.16.2.12';
const signingCertificateV2Oid = '1.2.840.113549.1.9.16.2.47';
const [integerTag, octetStringTag, sequenceTag] = [2, 4, 16];
const directoryNameTag = 4;

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
function isNamedBy(value: Uint8Array, certificate: Named, hash: string): boolean {
  const [list] = partsOf(elementOf(value));
  const [first] = partsOf(list);
  const parts = [...partsOf(first)];
  // Only the second version has an algorithm, and only where it is another than SHA-256.
  const told = isSequence(parts[0]) && hash !== 'sha1' ? parts.shift() : undefined;
  const algorithm = told === undefined ? hash : hashOf(told);
  const [digest, issuerAndSerial, ...more] = parts;
  const bytes = contentOf(digest, octetStringTag);
  if (algorithm === undefined || bytes === undefined || more.length > 0) return false;
  const found = createHash(algorithm).update(certificate.raw).digest('hex');
  return hexOf(bytes) === found && isIssuerAndSerial(issuerAndSerial, certificate);
}

function hashOf(algorithm: BaseBlock): string | undefined {
  return hashes.get(structureOf(rawOf(algorithm), AlgorithmIdentifier)?.algorithm ?? '');
}

/** It may be left out: the hash says it already. */
function isIssuerAndSerial(element: BaseBlock | undefined, { issuer, serial }: Named): boolean {
  if (element === undefined) return true;
  const [names, number] = partsOf(element);
  const found = contentOf(number, integerTag);
  const [name] = partsOf(names);
  const isDirectory = name?.idBlock.tagClass === 3 && name.idBlock.tagNumber === directoryNameTag;
  const [directory] = isDirectory ? partsOf(name) : [];
  if (found === undefined || directory === undefined) return false;
  return hexOf(found) === serial && hexOf(rawOf(directory)) === issuer;
}

function isSequence(element: BaseBlock | undefined): boolean {
  return element?.idBlock.tagClass === 1 && element.idBlock.tagNumber === sequenceTag;
}

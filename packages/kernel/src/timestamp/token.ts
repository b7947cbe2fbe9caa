import type { Hash } from '../encoding/index.ts';
import { algorithmOf, hashes } from './algorithms.ts';
import { readCertificate, type Certificate } from './certificate.ts';
import { contentOf, elementIn, fieldTag, partsOf, tags, type Element } from './der.ts';
import { oidOf } from './values.ts';

/** A timestamp token (RFC 3161, section 2.4.2), taken apart. Nothing of it is checked. */
export interface Token {
  /** DER of the TSTInfo: what is signed. */
  readonly content: Uint8Array;
  readonly signer: TokenSigner;
  readonly certificates: readonly Certificate[];
}

/** A SignerInfo (RFC 5652, section 5.3). */
export interface TokenSigner {
  /** Names the certificate: by issuer and number, or by the identifier of its key. */
  readonly named: Element;
  /** Undefined where it is of a kind that is not believed. */
  readonly hash: Hash | undefined;
  /** Object identifier of the kind of signature. */
  readonly algorithm: string;
  readonly signature: Uint8Array;
  /** The signed attributes as they stand there, with the tag of their field. */
  readonly signedBytes: Uint8Array;
  /** The same: SEQUENCE of a type and a SET of values each. */
  readonly attributes: readonly Element[];
}

/** More would make a verifier work for ever. */
const certificatesMax = 16;

const signedDataOid = '1.2.840.113549.1.7.2';
export const tstInfoOid = '1.2.840.113549.1.9.16.1.4';

/** Why bytes are no token, or the token. */
export function readToken(bytes: Uint8Array): Token | string {
  const [type, wrapped, ...others] = partsOf(elementIn(bytes), tags.sequence) ?? [];
  const data = wrapped?.tag === fieldTag(0) ? elementIn(wrapped.content) : undefined;
  if (oidOf(type) !== signedDataOid || others.length > 0) return 'it holds no signed data';
  const [version, algorithms, encapsulated, ...rest] = partsOf(data, tags.sequence) ?? [];
  const signers = partsOf(rest.at(-1), tags.set);
  const isRead = version?.tag === tags.integer && algorithms?.tag === tags.set;
  if (!isRead || encapsulated?.tag !== tags.sequence || signers === undefined) {
    return 'its signed data cannot be read';
  }
  const content = timeIn(encapsulated);
  if (content === undefined) return 'it tells no time';
  const [signerInfo, ...more] = signers;
  if (signerInfo === undefined || more.length > 0) return 'it is not signed by one signer';
  const field = rest.find(({ tag }) => tag === fieldTag(0));
  const raw = field === undefined ? [] : partsOf(field, fieldTag(0));
  if (raw === undefined) return 'its signed data cannot be read';
  if (raw.length > certificatesMax) return `it has more than ${certificatesMax} certificates`;
  const certificates = raw
    .map((each) => readCertificate(each.raw))
    .filter((each) => each !== undefined);
  if (certificates.length < raw.length) return 'a certificate in it cannot be read';
  const signer = readSigner(signerInfo);
  return typeof signer === 'string' ? signer : { content, signer, certificates };
}

/** The content of an EncapsulatedContentInfo that is a TSTInfo (RFC 5652, section 5.2). */
function timeIn(encapsulated: Element): Uint8Array | undefined {
  const [type, wrapped, ...more] = partsOf(encapsulated, tags.sequence) ?? [];
  if (oidOf(type) !== tstInfoOid || wrapped?.tag !== fieldTag(0) || more.length > 0)
    return undefined;
  return contentOf(elementIn(wrapped.content), tags.octetString);
}

function readSigner(signerInfo: Element): TokenSigner | string {
  const [version, named, digest, ...rest] = partsOf(signerInfo, tags.sequence) ?? [];
  const hash = algorithmOf(digest);
  if (version?.tag !== tags.integer || named === undefined || hash === undefined) {
    return 'its signed data cannot be read';
  }
  const [field, algorithm, signature] = rest;
  const attributes = partsOf(field, fieldTag(0));
  if (field === undefined || attributes === undefined) return 'it has no signed attributes';
  const oid = algorithmOf(algorithm);
  const bytes = contentOf(signature, tags.octetString);
  if (oid === undefined || bytes === undefined) return 'its signed data cannot be read';
  const signed = { signedBytes: field.raw, attributes };
  return { ...signed, named, hash: hashes.get(hash), algorithm: oid, signature: bytes };
}

import { digestHex, hexOfBytes, type Hash } from '../encoding/index.ts';
import type { Certificate } from './certificate.ts';
import { contentOf, fieldTag, partsOf, tags, elementIn, type Element } from './der.ts';
import { namesSigner } from './ess.ts';
import { isSignedBy } from './signed-bytes.ts';
import { tstInfoOid, type Token } from './token.ts';
import { oidOf } from './values.ts';

const contentTypeOid = '1.2.840.113549.1.9.3';
const messageDigestOid = '1.2.840.113549.1.9.4';
const keyIdField = fieldTag(0, 'bytes');

/**
 * The certificate whose key has signed the token (RFC 5652, section 5.4): the content by its digest,
 * among attributes that name the certificate as well (RFC 5816). Otherwise why there is none.
 */
export function signerOf({ content, signer, certificates }: Token): Certificate | string {
  const { hash, named, attributes, signedBytes, algorithm, signature } = signer;
  if (hash === undefined) return 'its digest is of a kind that is not believed';
  const certificate = certificates.find((each) => isNamed(named, each));
  if (certificate === undefined) return 'the certificate of its signer is not in it';
  if (certificate.key === undefined) return 'it is signed with a key that is not believed';
  const wrong = attributesWrong({ attributes, content, hash }, certificate);
  if (wrong !== undefined) return wrong;
  // In the token they carry the tag of their field; they are signed with that of a set.
  const bytes = Uint8Array.of(tags.set, ...signedBytes.subarray(1));
  const isSigned = isSignedBy(certificate.key, { bytes, algorithm, signature }, hash);
  return isSigned ? certificate : 'its signature does not hold';
}

function isNamed(named: Element, { issuer, serial, keyId }: Certificate): boolean {
  if (named.tag === keyIdField) return hexOfBytes(named.content) === keyId;
  const [name, number, ...more] = partsOf(named, tags.sequence) ?? [];
  const found = contentOf(number, tags.integer);
  if (name === undefined || found === undefined || more.length > 0) return false;
  return hexOfBytes(name.raw) === issuer && hexOfBytes(found) === serial;
}

interface Attested {
  readonly attributes: readonly Element[];
  readonly content: Uint8Array;
  readonly hash: Hash;
}

function attributesWrong(
  { attributes, content, hash }: Attested,
  certificate: Certificate,
): string | undefined {
  const attribute = (oid: string): Uint8Array | undefined => attributeOf(attributes, oid);
  const type = attribute(contentTypeOid);
  if (type === undefined || oidOf(elementIn(type)) !== tstInfoOid) {
    return 'it does not sign that it is a time';
  }
  const digest = contentOf(elementIn(attribute(messageDigestOid) ?? type), tags.octetString);
  if (digest === undefined || hexOfBytes(digest) !== digestHex(hash, content)) {
    return 'what it signs is not its content';
  }
  if (namesSigner(attribute, certificate)) return undefined;
  return 'it does not name the certificate that it is signed with';
}

/** The one value of a signed attribute; undefined where it is missing, or there is more than one. */
function attributeOf(attributes: readonly Element[], oid: string): Uint8Array | undefined {
  const read = attributes.map((each) => partsOf(each, tags.sequence) ?? []);
  const [found, ...others] = read.filter(([type]) => oidOf(type) === oid);
  const [value, ...more] = partsOf(found?.[1], tags.set) ?? [];
  if (others.length + more.length > 0) return undefined;
  return value?.raw;
}

import { createHash, verify } from 'node:crypto';
import { type Attribute, type SignerIdentifier } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { id_ct_tstInfo } from '@peculiar/asn1-tsp';
import { ObjectIdentifier } from 'asn1js';
import { hashes, signatureAlgorithms, type Hash } from './algorithms.ts';
import { type Certificate } from './certificate.ts';
import { hexOf, read } from './der.ts';
import { namesSigner } from './ess.ts';
import { type Token } from './token.ts';

const contentTypeOid = '1.2.840.113549.1.9.3';
const messageDigestOid = '1.2.840.113549.1.9.4';
/** DER of the object identifier of a TSTInfo. */
const tstInfoType = hexOf(new ObjectIdentifier({ value: id_ct_tstInfo }).toBER());
const setTag = 0x31;

/**
 * The certificate whose key has signed the token (RFC 5652, section 5.4): the content by its digest,
 * among attributes that name the certificate as well (RFC 5816). Otherwise why there is none.
 */
export function signerOf(token: Token): Certificate | string {
  const { signer, certificates } = token;
  const hash = hashes.get(signer.digestAlgorithm.algorithm);
  if (hash === undefined) return 'its digest is of a kind that is not believed';
  const certificate = certificates.find((each) => isNamed(signer.sid, each));
  if (certificate === undefined) return 'the certificate of its signer is not in it';
  const wrong = attributesWrong(token, hash, certificate);
  if (wrong !== undefined) return wrong;
  return isSigned(token, hash, certificate) ? certificate : 'its signature does not hold';
}

function isNamed(sid: SignerIdentifier, { issuer, serial, keyId }: Certificate): boolean {
  const { issuerAndSerialNumber: named, subjectKeyIdentifier } = sid;
  if (named !== undefined) {
    const isIssuer = hexOf(AsnConvert.serialize(named.issuer)) === issuer;
    return isIssuer && hexOf(named.serialNumber) === serial;
  }
  return subjectKeyIdentifier !== undefined && hexOf(subjectKeyIdentifier.buffer) === keyId;
}

function attributesWrong(
  { content, attributes }: Token,
  hash: Hash,
  certificate: Certificate,
): string | undefined {
  const type = attributeOf(attributes, contentTypeOid);
  if (type === undefined || hexOf(type) !== tstInfoType)
    return 'it does not sign that it is a time';
  const digest = attributeOf(attributes, messageDigestOid);
  const found = new OctetString(createHash(hash).update(content).digest());
  if (digest === undefined || hexOf(digest) !== hexOf(AsnConvert.serialize(found))) {
    return 'what it signs is not its content';
  }
  const isBound = namesSigner((oid) => attributeOf(attributes, oid), certificate);
  return isBound ? undefined : 'it does not name the certificate that it is signed with';
}

/** The one value of a signed attribute; undefined where it is missing, or there is more than one. */
function attributeOf(attributes: readonly Attribute[], oid: string): Uint8Array | undefined {
  const [found, ...others] = attributes.filter(({ attrType }) => attrType === oid);
  const [value, ...more] = found?.attrValues ?? [];
  if (value === undefined || others.length + more.length > 0) return undefined;
  return new Uint8Array(value);
}

function isSigned({ signer, signedBytes }: Token, hash: Hash, { key }: Certificate): boolean {
  const algorithm = signatureAlgorithms.get(signer.signatureAlgorithm.algorithm);
  const isFit = algorithm !== undefined && (algorithm.hash ?? hash) === hash;
  if (!isFit || algorithm.key !== key.asymmetricKeyType) return false;
  const signature = new Uint8Array(signer.signature.buffer);
  // In the token they carry the tag of their field; they are signed with that of a set.
  const signed = Uint8Array.of(setTag, ...signedBytes.subarray(1));
  return read(() => verify(hash, signed, key, signature)) === true;
}

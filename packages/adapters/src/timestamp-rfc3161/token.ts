import {
  Attribute,
  ContentInfo,
  id_signedData,
  SignedData,
  type SignerInfo,
} from '@peculiar/asn1-cms';
import { id_ct_tstInfo } from '@peculiar/asn1-tsp';
import { type BaseBlock } from 'asn1js';
import { readCertificate, type Certificate } from './certificate.ts';
import { elementOf, partsOf, rawOf, structureOf } from './der.ts';

/** A timestamp token (RFC 3161, section 2.4.2), taken apart. Nothing of it is checked. */
export interface Token {
  /** DER of the TSTInfo: what is signed. */
  readonly content: Uint8Array;
  readonly signer: SignerInfo;
  /** The signed attributes as they stand there, with the tag of their field. */
  readonly signedBytes: Uint8Array;
  /** The same, read out of these bytes. */
  readonly attributes: readonly Attribute[];
  readonly certificates: readonly Certificate[];
}

/** More would make a verifier work for ever. */
const certificatesMax = 16;

/** Why bytes are no token, or the token. */
export function readToken(bytes: Uint8Array): Token | string {
  const info = structureOf(bytes, ContentInfo);
  if (info?.contentType !== id_signedData) return 'it holds no signed data';
  const data = new Uint8Array(info.content);
  const read = structureOf(data, SignedData);
  if (read === undefined) return 'its signed data cannot be read';
  const { eContentType, eContent } = read.encapContentInfo;
  const content = eContent?.single?.buffer;
  if (eContentType !== id_ct_tstInfo || content === undefined) return 'it tells no time';
  const [signer, ...more] = [...read.signerInfos];
  if (signer === undefined || more.length > 0) return 'it is not signed by one signer';
  const parts = partsOf(elementOf(data));
  const raw = partsOf(fieldOf(parts, 0)).map(rawOf);
  if (raw.length > certificatesMax) return `it has more than ${certificatesMax} certificates`;
  const certificates = raw.map(readCertificate).filter((each) => each !== undefined);
  if (certificates.length < raw.length) return 'a certificate in it cannot be read';
  const signed = signedPart(parts);
  return signed === undefined
    ? 'it has no signed attributes'
    : { ...signed, content: new Uint8Array(content), signer, certificates };
}

/** The signers are the last field, and there is one; the attributes are its fourth. */
function signedPart(
  parts: readonly BaseBlock[],
): Pick<Token, 'signedBytes' | 'attributes'> | undefined {
  const signer = partsOf(partsOf(parts.at(-1))[0]);
  const field = fieldOf(signer.slice(3, 4), 0);
  const read = partsOf(field).map((part) => structureOf(rawOf(part), Attribute));
  const attributes = read.filter((each) => each !== undefined);
  if (field === undefined || attributes.length < read.length) return undefined;
  return { signedBytes: rawOf(field), attributes };
}

/**
 * The field with this tag of its own. What was signed is taken from there, and not from what was
 * read: written again, it might be something else.
 */
function fieldOf(parts: readonly BaseBlock[], tag: number): BaseBlock | undefined {
  return parts.find(({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === tag);
}

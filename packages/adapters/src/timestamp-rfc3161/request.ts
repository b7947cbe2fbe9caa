import { createHash, randomBytes } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { MessageImprint, TimeStampReq, TimeStampReqVersion } from '@peculiar/asn1-tsp';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { sha256Oid } from './algorithms.ts';
import { hexOf } from './der.ts';

export interface TimeRequest {
  /** TimeStampReq (RFC 3161, section 2.4.1) in DER. */
  readonly bytes: Uint8Array;
  /** Hexadecimal; whoever answers has to repeat it. */
  readonly nonce: string;
}

const nonceBytes = 16;

/** Asks for a time of these bytes, of which the SHA-256 alone is told, and for the certificates. */
export function requestFor(content: Uint8Array): TimeRequest {
  const nonce = randomBytes(nonceBytes);
  // A positive number of always as many bytes, as DER writes it.
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40;
  const request = new TimeStampReq({
    version: TimeStampReqVersion.v1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha256Oid, parameters: null }),
      hashedMessage: new OctetString(createHash('sha256').update(content).digest()),
    }),
    nonce: new Uint8Array(nonce).buffer,
    certReq: true,
  });
  return { bytes: new Uint8Array(AsnConvert.serialize(request)), nonce: hexOf(nonce) };
}

import { bytesDigest, bytesOfHex } from '../encoding/index.ts';
import { sha256Oid } from './algorithms.ts';
import { elementOf, tags } from './der.ts';
import { oidBytes } from './values.ts';

/**
 * Asks for a time of these bytes, of which the SHA-256 alone is told, and for the certificates: a
 * TimeStampReq (RFC 3161, section 2.4.1) in DER. The nonce is a positive number without a zero before
 * it; whoever answers has to repeat it.
 */
export function timeRequest(content: Uint8Array, nonce: Uint8Array): Uint8Array {
  const { sequence, integer, oid, octetString, boolean, null: none } = tags;
  const digest = bytesOfHex(bytesDigest(content));
  const algorithm = elementOf(sequence, elementOf(oid, oidBytes(sha256Oid)), elementOf(none));
  return elementOf(
    sequence,
    elementOf(integer, Uint8Array.of(1)),
    elementOf(sequence, algorithm, elementOf(octetString, digest)),
    elementOf(integer, nonce),
    elementOf(boolean, Uint8Array.of(0xff)),
  );
}

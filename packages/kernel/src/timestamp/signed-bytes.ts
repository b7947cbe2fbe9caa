import { signatureHolds, type Curve, type Hash, type SignatureKey } from '../encoding/index.ts';
import { signatureAlgorithms } from './algorithms.ts';
import { elementIn, partsOf, tags } from './der.ts';
import { magnitudeOf } from './values.ts';

export interface SignedBytes {
  readonly bytes: Uint8Array;
  /** Object identifier of the kind of signature. */
  readonly algorithm: string;
  readonly signature: Uint8Array;
}

/** Whether bytes are signed with this key. `told` is the hash where another field tells it as well. */
export function isSignedBy(
  key: SignatureKey | undefined,
  { bytes, algorithm, signature }: SignedBytes,
  told?: Hash,
): boolean {
  const known = signatureAlgorithms.get(algorithm);
  const hash = known?.hash ?? told;
  if (key === undefined || hash === undefined || (told !== undefined && hash !== told))
    return false;
  if (known?.key !== key.kind) return false;
  const plain = key.kind === 'ec' ? fixedPair(signature, key.curve) : signature;
  return plain !== undefined && signatureHolds(key, { hash, message: bytes, signature: plain });
}

const numberBytes: Readonly<Record<Curve, number>> = { p256: 32, p384: 48 };

/** Both numbers of an ECDSA-Sig-Value (RFC 3279, section 2.2.3), in as many bytes as the curve has. */
function fixedPair(signature: Uint8Array, curve: Curve): Uint8Array | undefined {
  const parts = partsOf(elementIn(signature), tags.sequence) ?? [];
  const [r, s] = parts.map(magnitudeOf);
  const size = numberBytes[curve];
  if (r === undefined || s === undefined || parts.length > 2) return undefined;
  if (r.length > size || s.length > size) return undefined;
  const pair = new Uint8Array(size * 2);
  pair.set(r, size - r.length);
  pair.set(s, size * 2 - s.length);
  return pair;
}

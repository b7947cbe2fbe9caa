import { randomBytes } from 'node:crypto';
import { hexOfBytes } from '@chancery/kernel/encoding';
import { timeRequest } from '@chancery/kernel/timestamp';

export interface TimeRequest {
  /** TimeStampReq in DER. */
  readonly bytes: Uint8Array;
  /** Hexadecimal; whoever answers has to repeat it. */
  readonly nonce: string;
}

const nonceBytes = 16;

/** Asks for a time of these bytes, with a number that no answer of before has. */
export function requestFor(content: Uint8Array): TimeRequest {
  const nonce = new Uint8Array(randomBytes(nonceBytes));
  // A positive number of always as many bytes, as DER writes it.
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40;
  return { bytes: timeRequest(content, nonce), nonce: hexOfBytes(nonce) };
}

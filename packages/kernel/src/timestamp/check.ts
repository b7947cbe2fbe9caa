import { done, refused, type Result } from '../refusal/index.ts';
import type { AttestedTime } from './attested-time.ts';
import type { Certificate } from './certificate.ts';
import { distrustOf } from './path.ts';
import { grantedToken } from './response.ts';
import { signerOf } from './signature.ts';
import { readToken } from './token.ts';
import { readTimeInfo } from './tst-info.ts';

export interface Expected {
  /** What is to be attested. */
  readonly content: Uint8Array;
  /** Of the request, hexadecimal; undefined where the reply was kept, and the request was not. */
  readonly nonce?: string;
  /** Authorities whose word, and that of those below them, is believed. */
  readonly trusted: readonly Certificate[];
}

/** Longest reply that is looked into. */
export const replyBytesMax = 65_536;

/**
 * The time that a reply attests, without any network: a TimeStampResp of RFC 3161 in DER. Refuses
 * `timestamp.refused` where the authority gave none, `timestamp.invalid` where it is malformed or
 * its signature does not hold, `timestamp.mismatch` where it is of other content or answers another
 * request, `timestamp.untrusted` where whoever signed it may not, and `timestamp.unjudged` where
 * nothing is wrong with it and no authority is trusted.
 */
export function checkReply(reply: Uint8Array, expected: Expected): Result<AttestedTime> {
  if (reply.length > replyBytesMax) return invalid(`it has more than ${replyBytesMax} bytes`);
  const granted = grantedToken(reply);
  if (!granted.ok) return granted;
  const token = readToken(granted.value);
  if (typeof token === 'string') return invalid(token);
  const signer = signerOf(token);
  if (typeof signer === 'string') return invalid(signer);
  const info = readTimeInfo(token.content);
  if (typeof info === 'string') return invalid(info);
  const { isOf, nonce, ...time } = info;
  if (!isOf(expected.content)) return mismatch('is of other content');
  if (expected.nonce !== undefined && nonce !== expected.nonce) {
    return mismatch('answers another request');
  }
  const { trusted } = expected;
  const distrust = distrustOf(signer, { others: token.certificates, trusted, atMs: time.timeMs });
  if (distrust !== undefined) return { ok: false, refusal: distrust };
  return done({ ...time, authority: signer.subjectText });
}

function invalid(why: string): Result<never> {
  return refused('timestamp.invalid', `the timestamp does not stand: ${why}`);
}

function mismatch(why: string): Result<never> {
  return refused('timestamp.mismatch', `the timestamp ${why}`);
}

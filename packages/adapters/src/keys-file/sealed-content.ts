import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Digest } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';

/*
 * version (1 byte) ‖ salt (32) ‖ nonce (12) ‖ ciphertext ‖ tag (16): AES-256-GCM (NIST SP 800-38D)
 * under a key that HKDF-SHA256 (RFC 5869) derives from the subject's and the salt, so that no two
 * contents share one. The id of the subject's key is authenticated as well.
 */

const version = 1;
const saltBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + saltBytes + nonceBytes;
const cipher = 'aes-256-gcm';
const purpose = 'chancery:sealed-content:v1\n';

interface Keyed {
  readonly id: Digest;
  readonly key: Uint8Array;
}

export function sealContent({ id, key }: Keyed, bytes: Uint8Array): Uint8Array {
  const salt = randomBytes(saltBytes);
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, contentKey(key, salt), nonce, { authTagLength: tagBytes });
  sealing.setAAD(Buffer.from(purpose + id));
  const body = [sealing.update(bytes), sealing.final()];
  const whole = Buffer.concat([Buffer.of(version), salt, nonce, ...body, sealing.getAuthTag()]);
  return new Uint8Array(whole);
}

/** Refuses `ledger.corrupt` for what was not sealed with this key, or was changed since. */
export function openContent({ id, key }: Keyed, sealed: Uint8Array): Result<Uint8Array> {
  const message = `a content does not open with the key ${id}`;
  if (sealed[0] !== version || sealed.length < headBytes + tagBytes) {
    return refused('ledger.corrupt', message);
  }
  const salt = sealed.subarray(1, 1 + saltBytes);
  const nonce = sealed.subarray(1 + saltBytes, headBytes);
  const opening = createDecipheriv(cipher, contentKey(key, salt), nonce, {
    authTagLength: tagBytes,
  });
  opening.setAAD(Buffer.from(purpose + id));
  opening.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  const body = opening.update(sealed.subarray(headBytes, sealed.length - tagBytes));
  try {
    opening.final();
  } catch (error) {
    // The one thing that it throws for: the tag is not that of these bytes under this key.
    if (!(error instanceof Error)) throw error;
    return refused('ledger.corrupt', message);
  }
  return done(new Uint8Array(body));
}

function contentKey(key: Uint8Array, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, purpose, 32));
}

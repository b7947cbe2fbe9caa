import { randomBytes } from 'node:crypto';
import { decodeBase64, encodeBase64 } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';

const prefix = 'whsec_';
/** Standard Webhooks asks for 24 to 64. */
const fewest = 24;
const most = 64;

/** A new secret, as text: `whsec_` and the Base64 of 32 bytes. */
export function newWebhookSecret(): string {
  return prefix + encodeBase64(randomBytes(32));
}

/** Reads a secret as text. Refuses `hook.invalid`; the text is in no message. */
export function readWebhookSecret(text: string): Result<Uint8Array> {
  const trimmed = text.trim();
  const bytes = trimmed.startsWith(prefix) ? decodeBase64(trimmed.slice(prefix.length)) : undefined;
  if (bytes === undefined || bytes.length < fewest || bytes.length > most) {
    return refused('hook.invalid', `the secret is not ${prefix} and the Base64 of 24 to 64 bytes`);
  }
  return done(bytes);
}

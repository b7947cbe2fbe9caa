import { createHmac } from 'node:crypto';
import { bytesOfHex, encodeBase64, type Signer } from '@chancery/kernel/encoding';

export interface WebhookSigning {
  /** What both sides know, for the signature `v1`: 24 to 64 bytes. */
  readonly secret: Uint8Array;
  /** Whose signature `v1a` shows who sent it, also to those who may not know the secret. */
  readonly signer: Signer;
}

export interface WebhookMessage {
  readonly id: string;
  /** Seconds since the epoch, as text. */
  readonly timestamp: string;
  readonly body: string;
}

/**
 * Value of the header `webhook-signature` (Standard Webhooks 1.0): signatures of `id.timestamp.body`, by
 * HMAC-SHA256 (`v1`) and by Ed25519 (`v1a`).
 */
export function signatureHeader(
  { id, timestamp, body }: WebhookMessage,
  { secret, signer }: WebhookSigning,
): string {
  const signed = `${id}.${timestamp}.${body}`;
  const symmetric = createHmac('sha256', secret).update(signed).digest('base64');
  const asymmetric = encodeBase64(bytesOfHex(signer.sign(new TextEncoder().encode(signed))));
  return `v1,${symmetric} v1a,${asymmetric}`;
}

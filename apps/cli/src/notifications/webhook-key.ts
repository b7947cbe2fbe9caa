import { bytesOfHex, encodeBase64, type KeyId } from '@chancery/kernel/encoding';

/** A public key as Standard Webhooks writes it: `whpk_` and its Base64. */
export function webhookKeyText(key: KeyId): string {
  return `whpk_${encodeBase64(bytesOfHex(key.slice('ed25519:'.length)))}`;
}

import { isUsableKey, type KeyId } from '@chancery/kernel/encoding';
import { refusal, type Refusal } from '@chancery/kernel/refusal';

/** Refuses `key.invalid` where nobody can sign with one of these keys: it is to be given no standing. */
export function whyNotUsable(...keys: readonly KeyId[]): Refusal | undefined {
  const wrong = keys.find((key) => !isUsableKey(key));
  if (wrong === undefined) return undefined;
  return refusal('key.invalid', `${wrong} is no public key that can sign`, {
    remedy: 'Give the key as `chancery keys list` shows it where it was made.',
  });
}

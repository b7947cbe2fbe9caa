import type { KeyId } from '@chancery/kernel/encoding';
import { done, refused } from '@chancery/kernel/refusal';
import { trustKey, type Purpose } from '@chancery/kernel/writ';
import type { Sayings } from './speaking.ts';
import { whyNotUsable } from './usable-keys.ts';

export interface Trusting {
  readonly key: KeyId;
  /** For people, 1 to 128 characters. A key that has one keeps it. */
  readonly label: string;
  readonly purposes: readonly Purpose[];
}

/**
 * That the ledger trusts a key for these purposes, beside those that it has; nothing where it has them
 * all. Refuses `key.ended` for a key that is compromised, and `key.invalid` for one that cannot sign.
 */
export function sayTrust({ key, label, purposes }: Trusting): Sayings {
  return ({ ledger, trust }, roots) => {
    const unusable = whyNotUsable(key);
    if (unusable !== undefined) return { ok: false, refusal: unusable };
    const known = trust.keys.get(key);
    if (known?.voidFrom !== undefined) {
      return refused('key.ended', `${key} is compromised, and is never trusted again`, {
        remedy: 'Make another key: chancery keys create NAME.',
      });
    }
    if (purposes.every((purpose) => known?.purposes.includes(purpose))) return done([]);
    const earlier = known?.statements ?? 0;
    const envelope = trustKey({ ledger, key, label, purposes, earlier, roots });
    return done([{ kind: 'key.trusted', envelope }]);
  };
}

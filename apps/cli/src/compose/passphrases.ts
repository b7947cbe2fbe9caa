import type { Seal, Unseal } from '@chancery/adapters/keys-file';
import { done, refused, type Result } from '@chancery/kernel/refusal';

/** Puts the text of a key under a passphrase. */
export function sealUnder(passphrase: string): Seal {
  return async (text) => {
    const { sealWithPassphrase } = await import('@chancery/adapters/vault-age');
    return sealWithPassphrase(text, passphrase);
  };
}

/** Opens what is under a passphrase; `file` is where it stands. */
export function unsealWith(passphrase: string, file: string): Unseal {
  return async (sealed) => {
    const { openWithPassphrase } = await import('@chancery/adapters/vault-age');
    const opened = await openWithPassphrase(sealed, passphrase);
    switch (opened.kind) {
      case 'opened':
        return done(opened.text);
      case 'not-for-us':
        return refused('passphrase.wrong', `${file} does not open with this passphrase`);
      case 'broken':
        return refused('key.invalid', `${file} was cut off or changed`);
    }
  };
}

/**
 * Puts a key of a file under a passphrase, another one, or none. Refuses as `loadKey`, and
 * `ledger.unreachable`.
 */
export async function changeKeyPassphrase(
  file: string,
  before: string | undefined,
  after: string | undefined,
): Promise<Result<null>> {
  const { changeSeal } = await import('@chancery/adapters/keys-file');
  const unseal = unsealWith(before ?? '', file);
  return changeSeal(file, unseal, after === undefined ? undefined : sealUnder(after));
}

import { existsSync } from 'node:fs';
import type { AgeVault, OpenVault } from '@chancery/adapters/vault-age';
import { done, type Result } from '@chancery/kernel/refusal';
import { guardedTexts, type Vault } from '@chancery/runtime/vault';
import { granted } from '../exit.ts';
import type { Home } from '../home.ts';
import { filedPassphrase, lockedVault, passphraseOf } from '../secrets/passphrase.ts';
import type { Session } from '../session.ts';
import { openClock } from './house.ts';

export async function vaultOf(home: Home): Promise<AgeVault> {
  const { ageVault } = await import('@chancery/adapters/vault-age');
  const { folderLocks } = await import('@chancery/adapters/locks-folder');
  const clock = await openClock(0);
  return ageVault({
    file: home.vault,
    identityFile: home.vaultKey,
    locks: folderLocks(home.locks),
    nowMs: () => clock.nowMs(),
  });
}

/** A vault with the passphrase that has opened it; undefined where it has none. */
export interface Unlocked {
  readonly vault: OpenVault;
  readonly passphrase: string | undefined;
}

/** Opens the vault, and asks for its passphrase where it has one. Refuses `vault.*`, `passphrase.*`. */
export async function unlockVault({
  home,
  env,
}: Pick<Session, 'home' | 'env'>): Promise<Result<Unlocked>> {
  const place = await vaultOf(home);
  const sealed = place.isSealed();
  if (!sealed.ok) return sealed;
  const passphrase = sealed.value ? await passphraseOf(lockedVault, env) : done(undefined);
  if (!passphrase.ok) return passphrase;
  const vault = await place.unlock(passphrase.value);
  return vault.ok ? done({ vault: vault.value, passphrase: passphrase.value }) : vault;
}

/** What the redaction of a command gets to know of the vault. */
export type Guarded =
  | { readonly kind: 'none' }
  /** A person would have to be asked for its passphrase. */
  | { readonly kind: 'locked' }
  /** All of its values, those before too, of whatever scope. */
  | { readonly kind: 'known'; readonly texts: readonly string[] };

export interface HomeVault extends Vault {
  /** Asks nobody. Refuses `vault.*` and `passphrase.*`. */
  readonly guarded: () => Promise<Result<Guarded>>;
}

/**
 * The vault as runs are lent from it, opened when it is needed, so that a run in a home without one
 * needs none. A person is asked for its passphrase now or never (`ask`): nobody is disturbed
 * because an agent wants something. Refuses `vault.*` and `passphrase.*` with each call.
 */
export async function lendingVault(
  session: Pick<Session, 'home' | 'env'>,
  ask: boolean,
): Promise<HomeVault> {
  let opened = ask ? granted(await unlockVault(session)).vault : undefined;
  const open = async (): Promise<Result<OpenVault>> => {
    if (opened !== undefined) return done(opened);
    const passphrase = filedPassphrase(lockedVault, session.env);
    if (!passphrase.ok) return passphrase;
    const vault = await (await vaultOf(session.home)).unlock(passphrase.value);
    if (vault.ok) opened = vault.value;
    return vault;
  };
  return {
    find: async (name) => {
      const vault = await open();
      return vault.ok ? vault.value.find(name) : vault;
    },
    lend: async (name) => {
      const vault = await open();
      return vault.ok ? vault.value.lend(name) : vault;
    },
    guarded: async () => {
      if (opened === undefined && !existsSync(session.home.vault)) return done({ kind: 'none' });
      const vault = await open();
      if (!vault.ok) {
        return vault.refusal.code === 'vault.locked' ? done({ kind: 'locked' }) : vault;
      }
      const all = await vault.value.all();
      return all.ok ? done({ kind: 'known', texts: all.value.flatMap(guardedTexts) }) : all;
    },
  };
}

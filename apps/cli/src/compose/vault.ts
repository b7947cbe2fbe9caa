import { type AgeVault, type OpenVault } from '@chancery/adapters/vault-age';
import { done, type Result } from '@chancery/kernel/refusal';
import { type Vault } from '@chancery/runtime/vault';
import { granted } from '../exit.ts';
import { type Home } from '../home.ts';
import { filedPassphrase, lockedVault, passphraseOf } from '../passphrase.ts';
import { type Session } from '../session.ts';
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

/**
 * The vault as runs are lent from it: opened when a secret is asked for, so that a run that asks for
 * none needs no vault. A person is asked for its passphrase now or never (`ask`): nobody is disturbed
 * because an agent wants something. Refuses `vault.*` and `passphrase.*` with each call.
 */
export async function lendingVault(
  session: Pick<Session, 'home' | 'env'>,
  ask: boolean,
): Promise<Vault> {
  if (ask) return granted(await unlockVault(session)).vault;
  let opened: OpenVault | undefined;
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
  };
}

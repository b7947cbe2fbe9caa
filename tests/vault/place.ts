import { join } from 'node:path';
import { folderLocks } from '@chancery/adapters/locks-folder';
import { ageVault, type AgeVault } from '@chancery/adapters/vault-age';

/** The vault of a folder, as a home has it. */
export function vaultIn(folder: string): AgeVault {
  return ageVault({
    file: join(folder, 'vault.age'),
    identityFile: join(folder, 'keys', 'vault.identity'),
    locks: folderLocks(join(folder, 'locks')),
    nowMs: () => Date.now(),
  });
}

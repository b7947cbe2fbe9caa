import type { Lease } from '@chancery/runtime/transparency';
import { folderLocks } from './locks.ts';

/**
 * The right to let the tree of a ledger grow that only this machine writes: a lock of the operating
 * system in the folder of the home's locks, which cannot be lost while its process lives.
 */
export function treeLease(folder: string): Lease {
  const locks = folderLocks(folder);
  return {
    acquire: async () => {
      const lock = await locks.acquire('tree');
      return lock.ok ? { isHeld: async () => true, release: lock.value } : undefined;
    },
  };
}

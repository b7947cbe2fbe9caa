import type { Signer } from '@chancery/kernel/encoding';
import type { LedgerSource } from '@chancery/runtime/snapshots';
import { integrate, type SignedCheckpoint } from '@chancery/runtime/transparency';
import { tilesOf } from '../compose/log.ts';
import { granted } from '../exit.ts';
import { alone } from './growth.ts';
import type { Home } from '../home.ts';
import { checkLogKey } from './log-keys.ts';

/**
 * Integrates all entries into the tree of the ledger and signs its head. Refuses as
 * `checkLogKey`, `integrate` and `alone`.
 */
export async function grownHead(
  home: Home,
  { store, ledger }: LedgerSource,
  signer: Signer,
): Promise<SignedCheckpoint> {
  granted(await checkLogKey(store, ledger, signer.id));
  const log = { store, ledger, tiles: await tilesOf(home) };
  return alone(home, (held) => integrate(log, signer, held));
}

import { RefusalError, type Refusal } from '@chancery/kernel/refusal';
import type { House } from '@chancery/runtime/drive';
import { keepIntegrated } from '@chancery/runtime/transparency';
import { tilesOf, treeLease } from '../compose/log.ts';
import { errorOf } from '../exit.ts';
import { checkLogKey } from './log-keys.ts';
import type { Session } from '../session.ts';

/**
 * Keeps the tree of the ledger up to date while the work goes on, and until its last entry. What
 * keeps the tree from growing is told, and is no failure of the work: nothing that was recorded
 * depends on the tree.
 */
export async function withTree<T>(
  session: Session,
  house: House,
  work: () => Promise<T>,
): Promise<T> {
  const may = await checkLogKey(house.store, house.ledger, house.actor.id);
  if (may.ok) return growing(session, house, work);
  tell(session, may.refusal);
  return work();
}

async function growing<T>(
  session: Session,
  { store, ledger, actor: signer }: House,
  work: () => Promise<T>,
): Promise<T> {
  const { home } = session;
  const stop = new AbortController();
  const [tiles, lease] = [await tilesOf(home), await treeLease(home)];
  const failed: Promise<unknown> = keepIntegrated({
    ...{ store, ledger, tiles, lease, signer },
    signal: stop.signal,
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  let done: T;
  try {
    done = await work();
  } finally {
    stop.abort();
    await failed;
  }
  const error = await failed;
  if (error === undefined) return done;
  if (!(error instanceof RefusalError)) throw errorOf(error);
  tell(session, error.refusal);
  return done;
}

function tell({ terminal }: Session, { code, message, remedy }: Refusal): void {
  terminal.note(`the tree of the ledger does not grow (${code}): ${message}. ${remedy}`);
}

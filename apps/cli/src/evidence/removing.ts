import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { RemovalRequest } from '@chancery/runtime/removal';
import { openClock } from '../compose/house.ts';
import { signingKey } from '../compose/keys.ts';
import { granted } from '../exit.ts';
import { redactedSaying } from '../secrets/guarding.ts';
import type { OpenLedger } from '../opening.ts';
import type { CommonFlags, Session } from '../session.ts';

export interface RemovalFlags extends CommonFlags {
  readonly key?: string;
  readonly reason: string;
  readonly yes?: boolean;
}

/** Who has something removed from the ledger, and why. */
export async function removalBy(
  session: Session,
  { store, config }: OpenLedger,
  { key, reason }: RemovalFlags,
): Promise<RemovalRequest> {
  const by = granted(await signingKey(session, key));
  const said = await redactedSaying(session, reason);
  return { store, ledger: config.ledger, clock: await openClock(0), by, reason: said };
}

/** The name of a subject. Refuses `usage.invalid`. */
export function readSubject(name: string): Result<string> {
  return name.trim() !== '' && name.length <= 256 && name.isWellFormed()
    ? done(name)
    : refused('usage.invalid', 'the name of a subject has 1 to 256 characters');
}

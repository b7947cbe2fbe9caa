import type { LedgerStore } from '@chancery/kernel/ledger';
import { Authority, type Signatory } from '@chancery/runtime/authority';
import { entriesOf } from '@chancery/runtime/journal';
import { openClock } from '../compose/house.ts';
import { signingKey } from '../compose/keys.ts';
import { granted } from '../exit.ts';
import { redactedSaying } from '../secrets/guarding.ts';
import type { OpenLedger } from '../opening.ts';
import type { Session } from '../session.ts';

/** What a human says with a signature, on the command line. */
export interface SignedFlags {
  readonly reason: string;
  /** The key, as `signingKey` takes it; the owner's where it is undefined. */
  readonly key?: string;
}

/** Whoever signs an entry of `stream`, and the reason as it may be recorded. */
export async function signatoryOn(
  session: Session,
  { store, config: { ledger } }: OpenLedger,
  { reason, key, stream }: SignedFlags & { readonly stream: string },
): Promise<{ readonly signatory: Signatory; readonly said: string }> {
  const by = granted(await signingKey(session, key));
  const clock = await openClock(await latestMsOf(store, stream));
  const authority = new Authority(store, ledger);
  const said = await redactedSaying(session, reason);
  return { signatory: { store, ledger, clock, authority, by }, said };
}

/** When the latest entry of a stream was recorded: a clock that went back does not go before it. */
export async function latestMsOf(store: LedgerStore, stream: string): Promise<number> {
  let latestMs = 0;
  for await (const { entry } of entriesOf(store, stream)) latestMs = Math.max(latestMs, entry.at);
  return latestMs;
}

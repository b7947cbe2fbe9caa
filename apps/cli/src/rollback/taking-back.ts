import { isJsonObject, type Digest } from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import { finish, BlobContents, type HeldRun } from '@chancery/runtime/drive';
import { Authority } from '@chancery/runtime/authority';
import { entriesBackwards } from '@chancery/runtime/journal';
import { generalCapabilities } from '../compose/capabilities.ts';
import { declaredCapabilities } from '../compose/declared.ts';
import type { OpenLedger } from '../opening.ts';
import { runOf, type Driving } from '../runs/driving.ts';
import type { Session } from '../session.ts';
import { planRollback } from './planning.ts';
import { showRollbacks } from './showing.ts';
import { undoAll, type UndoFlags } from './undoing.ts';

/** An action of which nobody knows whether it happened. */
export interface Doubted {
  readonly capability: string;
  /** Whether something takes it back of which is known no more than that it happened. */
  readonly isTakenBack: boolean;
}

export async function doubtedIn(open: OpenLedger, run: string, action: Digest): Promise<Doubted> {
  const proposed = await proposalOf(open, run, action);
  if (proposed === undefined) return { capability: '', isTakenBack: false };
  const { capability, normalisedArgs } = proposed.action;
  const { store, ledger, keys } = open;
  const { manifests } = await new Authority(store, ledger).policies();
  const all = [...(await generalCapabilities()), ...(await declaredCapabilities(manifests, 'all'))];
  const found = all.find(({ contract }) => contract.name === capability);
  if (found?.compensation === undefined) return { capability, isTakenBack: false };
  const contents = new BlobContents(store, { standIn: () => null, keys });
  await contents.fetchOne(normalisedArgs);
  const args = contents.read(normalisedArgs);
  const undo = isJsonObject(args) ? found.compensation(args, saidObservation) : undefined;
  return { capability, isTakenBack: undo !== undefined };
}

/** What is observed of an effect of which a human has said that it happened. */
const saidObservation = { reconciled: 'human', evidence: '' };

async function proposalOf(
  { store }: OpenLedger,
  run: string,
  action: Digest,
): Promise<Body<'proposal.staged'> | undefined> {
  for await (const { entry } of entriesBackwards(store, `run:${run}`)) {
    if (entry.kind === 'proposal.staged' && entry.body.actionDigest === action) return entry.body;
  }
  return undefined;
}

/**
 * Ends a run in which something was in doubt that has happened, and takes that back at once: all that
 * the run did after this entry of it.
 */
export async function takeBack(
  session: Session,
  open: OpenLedger,
  { held, narrator }: Pick<Driving, 'held' | 'narrator'>,
  { after, flags }: { readonly after: number; readonly flags: UndoFlags },
): Promise<number> {
  await end(held, narrator);
  const planned = await planRollback(open, runOf(held), String(after));
  showRollbacks(session, [planned]);
  return undoAll(session, open, { planned: [planned], flags });
}

async function end({ driven, release }: HeldRun, narrator: Driving['narrator']): Promise<void> {
  try {
    await finish(driven, 'cancelled', 'what was in doubt has happened, and is taken back');
  } finally {
    await narrator.settled();
    await release();
  }
}

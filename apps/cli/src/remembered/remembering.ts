import { rememberedRule } from '@chancery/domain/policies';
import { readQuestion } from '@chancery/kernel/compiler';
import type { Signer } from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import type { Bundle } from '@chancery/kernel/policy';
import { assert } from '@chancery/kernel/refusal';
import { isTrustedFor } from '@chancery/kernel/writ';
import {
  activatePolicy,
  Authority,
  proposePolicy,
  type Signatory,
} from '@chancery/runtime/authority';
import { readContent } from '@chancery/runtime/broker';
import { foldRunState } from '@chancery/runtime/snapshots';
import type { HeldAction } from '../authority/held-action.ts';
import { latestMsOf } from '../authority/signing.ts';
import { openClock } from '../compose/house.ts';
import { bundleOf } from '../compose/policies.ts';
import { granted, refuse } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';
import type { Grant } from './grant.ts';

/**
 * The narrow rule by which a held action is not held again for a time. Refuses
 * `grant.not-rememberable`.
 */
export async function ruleFor(open: OpenLedger, held: HeldAction, forMs: number): Promise<Bundle> {
  const { started } = (await foldRunState(open, `run:${held.run}`)).state;
  assert(started !== undefined, 'a run of which an action is held has begun');
  if (started.subject !== undefined) {
    return refuse(
      'grant.not-rememberable',
      'the run belongs to a subject, and a rule would outlive it',
    );
  }
  const question = await questionOf(open, held.proposal);
  const { actor } = started;
  const untilMs = (await openClock(0)).nowMs() + forMs;
  const standing = await new Authority(open.store, open.ledger).policies();
  const active = [...standing.active.values()];
  const rule = granted(rememberedRule({ ...held.proposal, question, actor }, { untilMs, active }));
  return granted(await bundleOf(rule));
}

async function questionOf(
  { store, keys }: OpenLedger,
  { question: content }: Body<'proposal.suspended'>,
) {
  const value = content && (await readContent({ store, keys }, content));
  const question = value === undefined ? undefined : readQuestion(value);
  return (
    question ?? refuse('grant.not-rememberable', 'what policy was asked about it is not recorded')
  );
}

/** Has a rule decide from here on where the voter may sign policies, and proposes it where not. */
export async function remember(
  { store, ledger }: OpenLedger,
  bundle: Bundle,
  { action, voter }: { readonly action: string; readonly voter: Signer },
): Promise<Grant> {
  const clock = await openClock(await latestMsOf(store, 'policy'));
  const authority = new Authority(store, ledger);
  const signatory: Signatory = { store, ledger, clock, authority, by: voter };
  if (isTrustedFor(await authority.trust(), voter.id, 'sign-policy')) {
    granted(await activatePolicy(signatory, bundle));
    return { bundle, state: 'active' };
  }
  granted(await proposePolicy(signatory, bundle, action));
  return { bundle, state: 'proposed' };
}

import type { Action } from '@chancery/kernel/compiler';
import type { Digest } from '@chancery/kernel/encoding';
import type { Body, Draft } from '@chancery/kernel/ledger';
import { Fault } from '@chancery/kernel/refusal';
import { thrown } from './broken.ts';
import type { ExecutionContext, Reconciliation } from './capability.ts';
import { readAction } from './content.ts';
import { checkObservation, untilOverdue, within, type Effected } from './effect.ts';
import { lend } from './leases.ts';
import type { Offer } from './offer.ts';
import { recordedTree } from './prepare.ts';
import type { RunContext } from './run-context.ts';
import { ending, type Ending, type Started } from './settle.ts';

/** An action as it is recorded. */
interface Recorded {
  readonly actionDigest: Digest;
  readonly proposal: Body<'proposal.staged'>;
}

/** Asks a capability what became of an effect whose end is not recorded. */
export async function askCapability(
  run: RunContext,
  { actionDigest, proposal }: Recorded,
  offer: Offer | undefined,
): Promise<Reconciliation> {
  if (offer?.capability.reconcile === undefined) return cannotTell;
  const action = await readAction(run.contents, proposal.action);
  return answerOf(run, offer, { action, actionDigest });
}

const unknown = (evidence: string): Reconciliation => ({ kind: 'unknown', evidence });

const cannotTell = unknown('the capability cannot tell');

/** Lent what its execution was lent. What it observed is held to the contract like any output. */
async function answerOf(
  run: RunContext,
  offer: Offer,
  { action, actionDigest }: { readonly action: Action; readonly actionDigest: Digest },
): Promise<Reconciliation> {
  const { contract } = offer.known;
  const leases = run.trajectory.executions.get(actionDigest)?.started.leases ?? [];
  const lent = await lend(run, contract, action, leases);
  if (!lent.ok) return unknown(`it was not asked: ${lent.refusal.message}`);
  const answer = await within(run, offer, actionDigest, (context) =>
    reconcile(offer, action, { ...context, credentials: lent.value }),
  );
  if (answer.kind !== 'happened') return answer;
  const checked = checkObservation(offer, action.normalisedArgs, answer.observation);
  return typeof checked === 'number' ? answer : unknown(`it happened, but ${checked.message}`);
}

/** One that throws, or does not answer in time, has told nothing. */
async function reconcile(
  { capability }: Offer,
  action: Action,
  context: ExecutionContext,
): Promise<Reconciliation> {
  if (capability.reconcile === undefined) return cannotTell;
  try {
    const answer = await untilOverdue(context.signal, capability.reconcile(action, context));
    return answer ?? unknown('the capability did not answer');
  } catch (error) {
    return unknown(`the capability threw ${thrown(error)} when it was asked`);
  }
}

/** The entry that tells what a capability has found out. */
export function reconciledDraft(
  run: RunContext,
  action: Digest,
  answer: Exclude<Reconciliation, { kind: 'unknown' }>,
): Draft {
  const evidence = run.redactor.redactText(answer.evidence).value;
  const happened = answer.kind === 'happened';
  return {
    stream: run.stream,
    kind: 'execution.reconciled',
    body: { action, happened, evidence, word: null },
    cause: toldOf(run, action),
  };
}

/** The entry that tells how an execution stands. */
export function toldOf({ trajectory }: RunContext, actionDigest: Digest): Digest {
  const execution = trajectory.executions.get(actionDigest);
  if (execution === undefined) throw new Fault(`${actionDigest} was not started`);
  return execution.told;
}

/** How to record the end of an action, and what stands before it in its batch. */
interface Ended {
  readonly end: Ending;
  readonly before: readonly Draft[];
}

/**
 * The end of an action by what its effect came to. Of one that has left the machine and was lost, its
 * capability is asked once, before it is left to a human. Only that it happened is believed: what is
 * still on its way may happen yet.
 */
export async function endingOf(
  run: RunContext,
  started: Started,
  ended: { readonly action: Action; readonly actionDigest: Digest; readonly effected: Effected },
): Promise<Ended> {
  const { effected } = ended;
  const answer = isLost(started, effected) ? await answerOf(run, started.offer, ended) : cannotTell;
  if (answer.kind !== 'happened') {
    return { end: await ending(run, started, effected), before: [] };
  }
  if (started.touchesWorkspace) await run.workspace.restore(recordedTree(run));
  const { observation } = answer;
  const known = { ...started, touchesWorkspace: false };
  const used = started.reserved;
  const execution = {
    kind: 'done',
    observation,
    delta: [],
    changed: [],
    used,
    heard: true,
  } as const;
  return {
    end: await ending(run, known, { kind: 'done', execution, chars: undefined }),
    before: [reconciledDraft(run, ended.actionDigest, answer)],
  };
}

function isLost({ leaves, offer }: Started, effected: Effected): boolean {
  const isUnknown = effected.kind === 'failed' && effected.failure.class === 'unknown';
  return leaves && isUnknown && offer.capability.reconcile !== undefined;
}

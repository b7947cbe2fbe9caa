import { zeroAmounts } from '@chancery/kernel/account';
import type { CompileOutcome } from '@chancery/kernel/compiler';
import type { Digest, Signer } from '@chancery/kernel/encoding';
import type { Body, Draft } from '@chancery/kernel/ledger';
import { checkWord, giveWord } from '@chancery/kernel/quorum';
import { Fault, refusal, RefusalError } from '@chancery/kernel/refusal';
import { resolutionOf } from './approval-state.ts';
import type { ExecutionFailure, Reconciliation } from './capability.ts';
import { decide } from './decide.ts';
import { effect } from './effect.ts';
import type { Offer } from './offer.ts';
import { inPlace } from './place.ts';
import { prepare, type Prepared } from './prepare.ts';
import { askCapability, endingOf, reconciledDraft, toldOf } from './reconcile.ts';
import { presidingOver, record, type RunContext } from './run-context.ts';
import { ending, settle, type Settled } from './settle.ts';
import { readSubmission } from './submission.ts';
import { nothing, startOf, startedOf, type Submission } from './submit.ts';

/** An execution without an end, found when a run is taken up again. */
interface Broken {
  readonly actionDigest: Digest;
  readonly proposal: Body<'proposal.staged'>;
  readonly submission: Submission;
}

/**
 * Brings an execution that was cut off to its end: looks run again; a write is undone and runs
 * again; what may have left the machine is asked for, and without an answer is in doubt. It runs
 * again only when it compiles again, to the very same action.
 */
export async function recover(run: RunContext, actionDigest: Digest): Promise<Settled> {
  const broken = await brokenOf(run, actionDigest);
  await checkFound(run, actionDigest);
  const { effects } = broken.proposal;
  const offer = run.offers.get(broken.proposal.action.capability);
  if (effects.includes('write')) await undo(run, actionDigest);
  if (mayHaveLeft(effects) && !isReleased(run, actionDigest)) {
    const answer = await ask(run, broken, offer);
    if (answer.kind === 'unknown') return doubt(run, actionDigest, answer.evidence);
    const known = reconciledDraft(run, actionDigest, answer);
    if (answer.kind === 'happened')
      return commitKnown(run, broken, known, { ...answer, heard: true });
    await record(run, [known]);
  }
  return again(run, broken);
}

function mayHaveLeft(effects: Body<'proposal.staged'>['effects']): boolean {
  return effects.includes('external') || effects.includes('irreversible');
}

/** Whether it is on the ledger already that it did not happen. */
function isReleased(run: RunContext, actionDigest: Digest): boolean {
  return run.trajectory.executions.get(actionDigest)?.phase === 'released';
}

/**
 * What was in doubt may start again by the signed word of a human alone.
 * @throws {RefusalError} `ledger.corrupt` where it is recorded without one.
 */
async function checkFound(run: RunContext, actionDigest: Digest): Promise<void> {
  const found = run.trajectory.executions.get(actionDigest)?.found;
  if (found === undefined || !(found.doubted || found.entry.body.word !== null)) return;
  const { cause, body } = found.entry;
  const { action, happened, evidence, word } = body;
  const said = { ledger: run.ledger, action, doubt: cause ?? '', happened, evidence };
  const trust = await run.authority.trust();
  const isSaid =
    word !== null && checkWord(word, said, { trust, proposer: run.actor }) === undefined;
  if (isSaid) return;
  const why = `nobody who may has said what became of the action ${action}`;
  throw new RefusalError(refusal('ledger.corrupt', why));
}

/** A human's word on an execution in doubt. */
export interface Word {
  readonly happened: boolean;
  readonly evidence: string;
  /** Signs it: a key that is trusted for approving, and not the proposer's. */
  readonly by: Signer;
}

/**
 * Ends an execution in doubt by what a human has found out, and has signed.
 * @throws {RefusalError} `approval.not-approver` for a key that may not say it.
 */
export async function resolveDoubt(
  run: RunContext,
  actionDigest: Digest,
  word: Word,
): Promise<Settled> {
  const broken = await brokenOf(run, actionDigest);
  const { happened } = word;
  const evidence = run.redactor.redactText(word.evidence).value;
  const doubt = toldOf(run, actionDigest);
  const said = { ledger: run.ledger, action: actionDigest, doubt, happened, evidence };
  const envelope = giveWord(said, word.by);
  const trust = await run.authority.trust();
  const unfit = checkWord(envelope, said, { trust, proposer: run.actor });
  if (unfit !== undefined) throw new RefusalError(unfit);
  const known: Draft = {
    stream: run.stream,
    kind: 'execution.reconciled',
    body: { action: actionDigest, happened, evidence, word: envelope },
    cause: doubt,
  };
  if (happened)
    return commitKnown(run, broken, known, {
      observation: { reconciled: 'human', evidence },
      heard: false,
    });
  await record(run, [known]);
  return again(run, broken);
}

async function brokenOf(run: RunContext, actionDigest: Digest): Promise<Broken> {
  const proposal = run.trajectory.staged.get(actionDigest);
  const intent = proposal && run.trajectory.intents.get(proposal.action.intent);
  if (proposal === undefined || intent === undefined) {
    throw new Fault(`the execution of ${actionDigest} has no proposal`);
  }
  const submission = await readSubmission(run, intent);
  return { actionDigest, proposal, submission };
}

async function undo(run: RunContext, actionDigest: Digest): Promise<void> {
  const treeBefore = run.trajectory.executions.get(actionDigest)?.started.treeBefore;
  if (typeof treeBefore === 'string') await run.workspace.restore(treeBefore);
}

async function doubt(run: RunContext, action: Digest, evidence: string): Promise<Settled> {
  const reason = run.redactor.redactText(evidence).value;
  const body = { action, reason };
  const cause = toldOf(run, action);
  await record(run, [{ stream: run.stream, kind: 'execution.in-doubt', body, cause }]);
  return { kind: 'in-doubt', reason };
}

/** What is known of an effect that happened, and whether a capability has asked a host for it. */
interface Known extends Pick<Extract<Reconciliation, { kind: 'happened' }>, 'observation'> {
  readonly heard: boolean;
}

/** Commits an effect that is known to have happened, whatever stands against it now, in one batch. */
async function commitKnown(
  run: RunContext,
  { actionDigest, proposal }: Broken,
  known: Draft,
  { observation, heard }: Known,
): Promise<Settled> {
  const offer = run.offers.get(proposal.action.capability);
  if (offer === undefined) {
    throw new Fault(`the capability ${proposal.action.capability} is not offered any more`);
  }
  const started = {
    actionDigest,
    offer,
    // Its files, if it had any, were put back before anybody was asked.
    touchesWorkspace: false,
    lifted: [],
    policySetDigest: proposal.policySetDigest,
    leaves: true,
    startedAtMs: run.journal.clock.nowMs(),
    reserved: proposal.reserved,
  };
  const used = proposal.reserved;
  const execution = { kind: 'done', observation, delta: [], changed: [], used, heard } as const;
  return settle(run, await ending(run, started, { kind: 'done', execution, chars: undefined }), [
    known,
  ]);
}

/** Compiles the recorded intent again and runs it when it is still the same action. */
async function again(run: RunContext, broken: Broken): Promise<Settled> {
  return inPlace(run, broken.submission.origin, (place) => restart(place, broken));
}

/** The recorded intent as it is decided now. */
async function recompiled(run: RunContext, { actionDigest, submission }: Broken) {
  const standing = await presidingOver(run);
  const prepared: Prepared = await prepare(run, submission.intent, standing.programs);
  const nowMs = run.journal.clock.nowMs();
  const approval = await resolutionOf(run, actionDigest);
  // The execution that was cut off is the one that the approval was for.
  const resolution = approval && { ...approval.resolution, used: false };
  const options = { standing, nowMs, resolution, isFresh: false };
  const outcome = decide(run, submission.intent, prepared, options);
  return { standing, prepared, nowMs, resolution, outcome };
}

/** To ask leaves the machine as well, with the secrets of the call: by the authority that there is now. */
async function ask(
  run: RunContext,
  broken: Broken,
  offer: Offer | undefined,
): Promise<Reconciliation> {
  const { outcome } = await recompiled(run, broken);
  const isSame = outcome.kind === 'staged' && outcome.actionDigest === broken.actionDigest;
  if (isSame) return askCapability(run, broken, offer);
  const why = outcome.kind === 'rejected' ? outcome.refusal.message : 'it is another action now';
  return { kind: 'unknown', evidence: `it was not asked: ${why}` };
}

async function restart(run: RunContext, broken: Broken): Promise<Settled> {
  const { actionDigest } = broken;
  const { standing, prepared, nowMs, resolution, outcome } = await recompiled(run, broken);
  if (outcome.kind !== 'staged' || outcome.actionDigest !== actionDigest) {
    return giveUp(run, broken, outcome);
  }
  const { offer } = prepared;
  if (offer === undefined) throw new Fault('an action was staged for an unknown capability');
  const cause = toldOf(run, actionDigest);
  const decided = { standing, prepared, nowMs, opening: nothing, cause };
  const { drafts, blobs } = startOf(run, outcome, decided);
  if ((await record(run, drafts, { reads: standing.reads, blobs })) === 'stale') {
    return restart(run, broken);
  }
  run.probe('journalled');
  run.probe('executing');
  const started = startedOf(run, { ...outcome, resolution }, offer, decided);
  const { leases } = prepared;
  const effected = await effect(run, offer, { ...outcome, leases, lifted: started.lifted });
  run.probe('executed');
  const { end, before } = await endingOf(run, started, { ...outcome, effected });
  run.probe('observed');
  return settle(run, end, before);
}

/** What was undone or never happened, and may not happen any more, has failed. */
async function giveUp(run: RunContext, broken: Broken, outcome: CompileOutcome): Promise<Settled> {
  const failure: ExecutionFailure =
    outcome.kind === 'rejected'
      ? { class: 'terminal', code: outcome.refusal.code, message: outcome.refusal.message }
      : { class: 'terminal', code: 'args.changed', message: 'the outside facts have changed' };
  const { actionDigest: action, proposal } = broken;
  // What it used before it was cut off is unknown, so that it pays all that it had reserved.
  const cost = isReleased(run, action) ? zeroAmounts : proposal.reserved;
  await record(run, [
    {
      stream: run.stream,
      kind: 'execution.failed',
      body: { action, failure, redactions: 0, delta: [], cost },
      cause: toldOf(run, action),
    },
  ]);
  return { kind: 'failed', failure };
}

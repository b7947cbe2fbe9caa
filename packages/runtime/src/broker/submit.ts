import { intentDigest, type CompileOutcome, type Resolution } from '@chancery/kernel/compiler';
import {
  isJsonObject,
  maxDepth,
  whyUnrecordable,
  type Digest,
  type Json,
} from '@chancery/kernel/encoding';
import { decide as decideApproval, requestOn } from '@chancery/domain/approvals';
import type { Blob, Body, Draft, Head, HeadExpectation } from '@chancery/kernel/ledger';
import { assert, done, Fault, refused, type Refusal, type Result } from '@chancery/kernel/refusal';
import type { RoutingEvidence } from '@chancery/kernel/routing';
import { readApproval } from './recorded-approval.ts';
import { keepAction, keepQuestion } from './content.ts';
import { decide } from './decide.ts';
import { effect } from './effect.ts';
import { inPlace } from './place.ts';
import { liftedFor } from './lifting.ts';
import type { Offer } from './offer.ts';
import { prepare, recordedTree, type Prepared } from './prepare.ts';
import { hearRouting, misrouted, type GivenRouting } from './routing.ts';
import { presidingOver, record, type Presiding, type RunContext } from './run-context.ts';
import { endingOf } from './reconcile.ts';
import { settle, type Settled, type Started } from './settle.ts';

/** An intent with what the runtime knows of where it comes from. */
export interface Submission {
  readonly origin: Body<'intent.proposed'>['origin'];
  readonly turn: number;
  readonly callId: string;
  /** As it was proposed; trusted for nothing. */
  readonly intent: Json;
  /** What a router says of how it came to it. Recorded beside the intent, and never read to decide. */
  readonly routing?: GivenRouting | undefined;
}

/** What became of an intent. */
export type Outcome =
  | Settled
  | { readonly kind: 'rejected'; readonly refusal: Refusal }
  | { readonly kind: 'suspended'; readonly action: Digest };

type Staged = Extract<CompileOutcome, { kind: 'staged' }>;
type Suspended = Extract<CompileOutcome, { kind: 'suspended' }>;

/** The intent stands first in the batch of its proposal. */
const intentFirst = 0;

/** How often a decision is made again because authority changed under it. */
const maxDecisions = 64;

/**
 * Takes an intent all the way: compile, record, act, record. One with malformed evidence of a router is
 * rejected with `routing.malformed` and not compiled; one that cannot be recorded with
 * `intent.malformed`, and nothing is recorded.
 */
export async function submit(run: RunContext, submission: Submission): Promise<Outcome> {
  const { routing: given, origin } = submission;
  // What stands on the ledger is that of a call; elsewhere nobody has looked at it.
  const isHeard = given?.from === 'ledger' && origin === 'model';
  const routing = given && (isHeard ? given.value : hearRouting(given.value, run.redactor));
  const isMalformed = routing !== undefined && 'malformed' in routing;
  const opening = openingOf(run, submission, isMalformed ? undefined : routing);
  if (!opening.ok) return { kind: 'rejected', refusal: opening.refusal };
  if (isMalformed) return rejectMisrouted(run, submission, routing.malformed, opening.value);
  return inPlace(run, submission.origin, (place) =>
    deciding(place, submission, undefined, opening.value),
  );
}

/** A held action whose approval has been resolved: what it waited for, and where that is recorded. */
export interface Release {
  readonly resolution: Resolution;
  readonly read: HeadExpectation;
}

/** Compiles a held intent again with its resolution, and acts when it passes. */
export async function release(
  run: RunContext,
  submission: Submission,
  resolved: Release,
): Promise<Outcome> {
  return inPlace(run, submission.origin, (place) => deciding(place, submission, resolved, nothing));
}

async function deciding(
  run: RunContext,
  submission: Submission,
  resolved: Release | undefined,
  opening: Opening,
): Promise<Outcome> {
  for (let decision = 0; decision < maxDecisions; decision += 1) {
    const standing = await presidingOver(run);
    const prepared = await prepare(run, submission.intent, standing.programs);
    run.probe('prepared');
    const nowMs = run.journal.clock.nowMs();
    const resolution = resolved?.resolution;
    const outcome = decide(run, submission.intent, prepared, {
      standing,
      nowMs,
      resolution,
      isFresh: opening.drafts.length > 0,
    });
    run.probe('compiled');
    const reads = resolved === undefined ? standing.reads : [...standing.reads, resolved.read];
    const cause = resolved?.read.head?.digest ?? intentFirst;
    const decided = { submission, standing, prepared, nowMs, reads, opening, cause, resolution };
    const result = await follow(run, outcome, decided);
    if (result !== 'stale') return result;
  }
  throw new Fault('authority changed at every one of many decisions');
}

/** What is recorded before the outcome, in the same batch. */
export interface Opening {
  readonly drafts: readonly Draft[];
  readonly blobs: readonly Blob[];
}

/** The opening of what is decided again: its intent is on the ledger. */
export const nothing: Opening = { drafts: [], blobs: [] };

interface Decided {
  readonly submission: Submission;
  readonly standing: Presiding;
  readonly prepared: Prepared;
  readonly nowMs: number;
  readonly resolution: Resolution | undefined;
  readonly reads: readonly HeadExpectation[];
  readonly opening: Opening;
  /** What the proposal follows from: the intent, first of the batch, or what made it be asked again. */
  readonly cause: Digest | number;
}

async function follow(
  run: RunContext,
  outcome: CompileOutcome,
  decided: Decided,
): Promise<Outcome | 'stale'> {
  switch (outcome.kind) {
    case 'rejected':
      return reject(run, outcome, decided);
    case 'suspended':
      return suspend(run, outcome, decided);
    case 'staged':
      return act(run, outcome, decided);
  }
}

async function reject(
  run: RunContext,
  { intentDigest, question, refusal, trace, rules }: Extract<CompileOutcome, { kind: 'rejected' }>,
  { submission, nowMs, reads, opening, cause }: Decided,
): Promise<Outcome | 'stale'> {
  const kept = question && keepQuestion(question, run.keep);
  const body = {
    ...(kept === undefined ? {} : { question: kept.content }),
    ...{ callId: submission.callId, intent: intentDigest, nowMs, refusal, rules, trace },
  };
  const rejected: Draft = { stream: run.stream, kind: 'proposal.rejected', body, cause };
  const drafts: Draft[] = [...opening.drafts, rejected];
  const blobs = [...opening.blobs, ...(kept?.blobs ?? [])];
  if ((await record(run, drafts, { reads, blobs })) === 'stale') return 'stale';
  return { kind: 'rejected', refusal };
}

async function rejectMisrouted(
  run: RunContext,
  submission: Submission,
  why: string,
  { drafts, blobs }: Opening,
): Promise<Outcome> {
  const { body, refusal } = misrouted(submission, why, run.journal.clock.nowMs());
  const rejected: Draft = {
    stream: run.stream,
    kind: 'proposal.rejected',
    body,
    cause: intentFirst,
  };
  const recorded = await record(run, [...drafts, rejected], { blobs });
  assert(recorded === 'recorded', 'it relies on no authority that could have changed');
  return { kind: 'rejected', refusal };
}

async function suspend(
  run: RunContext,
  { action, actionDigest, question, effects, trace, rules, hold }: Suspended,
  { standing, nowMs, reads, opening, cause }: Decided,
): Promise<Outcome | 'stale'> {
  const approval = await readApproval(run.journal.store, actionDigest);
  const { trust, channels } = standing;
  const proposer = run.actor;
  const request = requestOn(
    { run: run.stream, action: actionDigest, ...hold },
    { channels, trust, proposer, nowMs, withinMs: run.approvalMs, passed: [] },
  );
  if (!request.ok) throw new Fault(`a hold has nobody to ask: ${request.refusal.message}`);
  const requested = decideApproval(
    approval.approval,
    { type: 'request', request: request.value },
    { trust, proposer, nowMs },
  );
  if (!requested.ok) throw new Fault(`a hold cannot be asked for: ${requested.refusal.message}`);
  const kept = keepAction(action, run.keep);
  const asked = keepQuestion(question, run.keep);
  const drafts: Draft[] = [
    ...opening.drafts,
    {
      stream: run.stream,
      kind: 'proposal.suspended',
      body: {
        ...{ action: kept.recorded, actionDigest, question: asked.content },
        ...{ effects, hold, nowMs, rules, trace },
      },
      cause,
    },
    ...requested.value.map((draft) => ({ ...draft, cause: opening.drafts.length })),
  ];
  const heads = new Map<string, Head | null>([[approval.stream, approval.head]]);
  const blobs = [...opening.blobs, ...kept.blobs, ...asked.blobs];
  if ((await record(run, drafts, { reads, heads, blobs })) === 'stale') return 'stale';
  return { kind: 'suspended', action: actionDigest };
}

async function act(run: RunContext, staged: Staged, decided: Decided): Promise<Outcome | 'stale'> {
  const { offer } = decided.prepared;
  if (offer === undefined) throw new Fault('an action was staged for an unknown capability');
  const started = startedOf(run, { ...staged, resolution: decided.resolution }, offer, decided);
  const { drafts, blobs } = startOf(run, staged, decided);
  const looksOnly = staged.effects.every((kind) => kind === 'pure' || kind === 'read');
  if (!looksOnly) {
    if ((await record(run, drafts, { reads: decided.reads, blobs })) === 'stale') return 'stale';
    run.probe('journalled');
  }
  run.probe('executing');
  const { leases } = decided.prepared;
  const effected = await effect(run, offer, { ...staged, leases, lifted: started.lifted });
  run.probe('executed');
  const { end, before } = await endingOf(run, started, { ...staged, effected });
  run.probe('observed');
  if (!looksOnly) return settle(run, end, before);
  const reads = decided.reads;
  const whole = [...drafts, { ...end.draft, cause: drafts.length - 1 }];
  const all = [...blobs, ...(end.options.blobs ?? [])];
  if ((await record(run, whole, { ...end.options, reads, blobs: all })) === 'stale') return 'stale';
  run.probe('settled');
  return end.settled;
}

/** A decision as starting an action needs it. */
export type Deciding = Pick<Decided, 'standing' | 'prepared' | 'nowMs' | 'opening' | 'cause'>;

export function startedOf(
  run: Pick<RunContext, 'protectedPaths'>,
  staged: Staged & Pick<Decided, 'resolution'>,
  offer: Offer,
  { standing, prepared, nowMs }: Pick<Deciding, 'standing' | 'prepared' | 'nowMs'>,
): Started {
  return {
    actionDigest: staged.actionDigest,
    offer,
    touchesWorkspace: prepared.touchesWorkspace,
    lifted: liftedFor(staged, run.protectedPaths),
    policySetDigest: standing.policy.digest,
    leaves: staged.effects.some((kind) => kind === 'external' || kind === 'irreversible'),
    startedAtMs: nowMs,
    reserved: staged.reserved,
  };
}

/** What opens the batch, the proposal, and the start that is durable before the effect begins. */
export function startOf(run: RunContext, staged: Staged, decided: Deciding): Opening {
  const { action, actionDigest, question, effects, trace, rules, reserved } = staged;
  const { stream } = run;
  const { nowMs, prepared, standing, opening, cause } = decided;
  const policySetDigest = standing.policy.digest;
  const { recorded, blobs } = keepAction(action, run.keep);
  const asked = keepQuestion(question, run.keep);
  const body: Body<'proposal.staged'> = {
    action: recorded,
    actionDigest,
    effects,
    nowMs,
    policySetDigest,
    question: asked.content,
    reserved,
    rules,
    trace,
  };
  return {
    drafts: [
      ...opening.drafts,
      { stream, kind: 'proposal.staged', body, cause },
      { ...startDraft(run, staged, prepared), cause: opening.drafts.length },
    ],
    blobs: [...opening.blobs, ...blobs, ...asked.blobs],
  };
}

function startDraft(run: RunContext, staged: Staged, prepared: Prepared): Draft {
  return {
    stream: run.stream,
    kind: 'execution.started',
    body: {
      action: staged.actionDigest,
      attempt: (run.trajectory.executions.get(staged.actionDigest)?.started.attempt ?? 0) + 1,
      reserved: staged.reserved,
      treeBefore: prepared.touchesWorkspace ? recordedTree(run) : null,
      unsandboxed: prepared.normalised?.ok === true && prepared.normalised.value.unsandboxed,
      ...(prepared.leases.length === 0 ? {} : { leases: prepared.leases }),
    },
  };
}

/** Nesting that an intent may have within the body and the content of the entry that holds it. */
const intentDepth = maxDepth - 2;

/** Refuses `intent.malformed` where what is proposed has no recordable form. */
function openingOf(
  run: RunContext,
  submission: Submission,
  routing: RoutingEvidence | undefined,
): Result<Opening> {
  const why = whyUnrecordable(submission.intent, intentDepth);
  if (why === undefined) return done(proposed(run, submission, routing));
  return refused('intent.malformed', `the intent cannot be recorded: ${why}`);
}

/** Origins whose intents follow from an entry: an answer, or a plan. */
const follows: ReadonlySet<Submission['origin']> = new Set<Submission['origin']>([
  'model',
  'rollback',
]);

function proposed(
  run: RunContext,
  { origin, turn, callId, intent }: Submission,
  routing: RoutingEvidence | undefined,
): Opening {
  const { content, blobs } = run.keep(intent);
  const nonce = isJsonObject(intent) ? intent['nonce'] : undefined;
  const draft: Draft = {
    stream: run.stream,
    kind: 'intent.proposed',
    body: {
      callId,
      digest: intentDigest(intent),
      intent: content,
      nonce: typeof nonce === 'string' ? nonce : null,
      origin,
      turn,
      ...(routing === undefined ? {} : { routing }),
    },
    cause: follows.has(origin) ? (run.trajectory.answered ?? null) : null,
  };
  return { drafts: [draft], blobs };
}

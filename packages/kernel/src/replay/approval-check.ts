import type { Digest, Envelope, KeyId } from '../encoding/index.ts';
import type { Body, Entry, SealedEntry } from '../ledger/index.ts';
import { approversOn, type Channels } from '../channel/index.ts';
import {
  heardFor,
  isExpired,
  readVote,
  tally,
  voicesOf,
  type Tally,
  type VoteRequest,
} from '../quorum/index.ts';
import type { Trust } from '../writ/index.ts';
import type { Findings, Place } from './finding.ts';

/** The latest request for an approval of an action. */
interface Approval {
  readonly body: Body<'approval.requested'>;
  readonly request: VoteRequest;
  readonly votes: Envelope[];
  /** Positions of their entries. */
  readonly votedAt: number[];
  /** Channels on which it was asked since it was held, the one that it was held on first. */
  readonly channels: readonly string[];
  /** Keys that have signed a vote, whether it counts or not. */
  readonly signers: Set<KeyId>;
  /** What the votes come to where it is resolved, whatever that entry says, and by which entry. */
  resolved: (Tally & { readonly by: Digest; readonly batch: string }) | undefined;
}

export interface ApprovalContext {
  readonly trust: Trust;
  readonly channels: Channels;
  /** Key that proposed the action. */
  readonly proposer: KeyId;
  /** By the action that its run holds, for what reason; undefined where the run cannot be judged. */
  readonly reasons: ReadonlyMap<Digest, string> | undefined;
}

/** A held action that is about to be released. */
export interface Release extends Pick<ApprovalContext, 'trust' | 'proposer'> {
  readonly action: Digest;
  readonly run: string;
  /** What it needs an answer for; undefined where nothing holds it any more. */
  readonly hold: { readonly channel: string; readonly quorum: number } | undefined;
  readonly nowMs: number;
}

/** Approvals: every outcome is what the signed votes give. */
export class ApprovalCheck {
  private readonly ledger: Digest;
  private readonly findings: Findings;
  private readonly approvals = new Map<string, Approval>();

  constructor(ledger: Digest, findings: Findings) {
    this.ledger = ledger;
    this.findings = findings;
  }

  /** The run whose action an entry of this stream is about. */
  runOf(entry: SealedEntry['entry']): string | undefined {
    if (entry.kind === 'approval.requested') return entry.body.run;
    return this.approvals.get(entry.stream)?.body.run;
  }

  take(place: Place, sealed: SealedEntry, context: ApprovalContext | undefined): void {
    const { entry } = sealed;
    if (entry.kind === 'approval.requested') {
      this.open(place, sealed as SealedEntry<'approval.requested'>, context);
      return;
    }
    const approval = this.approvals.get(place.stream);
    if (approval === undefined || approval.resolved !== undefined) {
      this.findings.add('approval.invalid', place, 'no request is open on this stream');
      return;
    }
    if (entry.kind === 'approval.voted') this.vote(place, entry, approval);
    if (entry.kind === 'approval.resolved') {
      this.resolve(place, sealed as SealedEntry<'approval.resolved'>, { approval, context });
    }
    this.author(place, entry, [context?.proposer, ...approval.signers, ...closers(entry)]);
  }

  /** What was answered about an action, and until when; undefined while nothing was. */
  answerTo(
    action: Digest,
  ): { readonly outcome: Tally['outcome']; readonly expiresAt: number } | undefined {
    const approval = this.approvals.get(`approval:${action}`);
    if (approval?.resolved === undefined) return undefined;
    return { outcome: approval.resolved.outcome, expiresAt: approval.body.expiresAt };
  }

  /**
   * Why an action that was held, or is, may not be released; undefined when it may. Of what holds it, the
   * keys are asked again.
   */
  whyHeld({ action, run, hold, nowMs, trust, proposer }: Release): string | undefined {
    const approval = this.approvals.get(`approval:${action}`);
    if (approval?.resolved?.outcome !== 'granted') return 'nobody granted it';
    const { body, resolved, channels } = approval;
    if (body.run !== run) return 'it was granted to another run';
    if (isExpired(body.expiresAt, nowMs)) return 'it was released too late';
    if (hold === undefined) return undefined;
    if (channels[0] !== hold.channel) return 'another channel was asked than it was held on';
    const { channel, quorum } = body;
    const voices = voicesOf(resolved.voters, { trust, proposer, of: quorum.of, channel, nowMs });
    const needed = Math.max(hold.quorum, quorum.m);
    return voices < needed ? 'too few who granted it may approve' : undefined;
  }

  /**
   * What was resolved may be asked for again: policy may have come to want more votes, or nobody has
   * decided in time.
   */
  private open(
    place: Place,
    { entry, digest }: SealedEntry<'approval.requested'>,
    context: ApprovalContext | undefined,
  ): void {
    const { body } = entry;
    const before = this.approvals.get(place.stream);
    const from = before?.resolved?.outcome === 'escalated' ? before : undefined;
    const may =
      from !== undefined && context !== undefined && mayPassOn(entry, from, context, place);
    this.author(place, entry, [context?.proposer, ...(may ? [entry.by] : [])]);
    if (before !== undefined && before.resolved === undefined) {
      this.findings.add('approval.invalid', place, 'a request is open on this stream');
      return;
    }
    if (place.stream !== `approval:${body.action}`) {
      this.findings.add('approval.invalid', place, 'the request is about another action');
      return;
    }
    const wrong =
      (from === undefined ? whyNotHeld(entry, context) : whyNotPassedOn(entry, from)) ??
      whyNotOfChannel(entry, context);
    if (wrong !== undefined) this.findings.add('approval.invalid', place, wrong);
    const { action, channel, quorum, expiresAt, escalate } = body;
    const asked = { action, channel, quorum, expiresAt, escalatesAt: escalate?.at };
    this.approvals.set(place.stream, {
      body,
      request: { ledger: this.ledger, request: digest, ...asked },
      channels: [...(from?.channels ?? []), channel],
      ...{ votes: [], votedAt: [], signers: new Set<KeyId>(), resolved: undefined },
    });
  }

  private vote(place: Place, { body }: Entry<'approval.voted'>, approval: Approval): void {
    const read = readVote(body.envelope);
    if (!read.ok) {
      this.findings.add('approval.invalid', place, read.refusal.message);
      return;
    }
    approval.votes.push(body.envelope);
    approval.votedAt.push(place.position);
    approval.signers.add(read.value.voter);
  }

  private resolve(
    place: Place,
    { entry, digest }: SealedEntry<'approval.resolved'>,
    { approval, context }: { approval: Approval; context: ApprovalContext | undefined },
  ): void {
    const { body, at, batch } = entry;
    if (context === undefined) {
      this.findings.add('approval.invalid', place, 'it is about a run that nobody started');
      return;
    }
    const { request, votes, votedAt } = approval;
    const counted = tally({ request, votes, votedAt, ...context, nowMs: at });
    approval.resolved = { ...counted, by: digest, batch: batch.id };
    const { outcome, voters } = counted;
    const same =
      body.request === request.request &&
      body.action === request.action &&
      body.outcome === outcome &&
      (hasNoVoters(outcome) || [...body.voters].sort().join() === [...voters].sort().join());
    if (!same) this.findings.add('approval.invalid', place, `by the votes it is ${outcome}`);
    if (outcome === 'escalated' && batch.index + 1 === batch.size) {
      this.findings.add('approval.invalid', place, 'it is passed on, and nobody is asked');
    }
  }

  private author(place: Place, { by }: Entry, keys: readonly (KeyId | undefined)[]): void {
    if (!keys.includes(by)) {
      this.findings.add('entry.misattributed', place, `${by} neither proposed nor voted`);
    }
  }
}

/** Those whose votes were too few are not told by an end that time has made. */
function hasNoVoters(outcome: Tally['outcome']): boolean {
  return outcome === 'expired' || outcome === 'escalated';
}

/**
 * Who may record that time has passed a request on, beside the proposer: whoever may vote before or
 * after, which is asked of the request that follows in the same batch.
 */
function closers(entry: Entry): readonly KeyId[] {
  const escalates = entry.kind === 'approval.resolved' && entry.body.outcome === 'escalated';
  return escalates ? [entry.by] : [];
}

/** Whether one who records that a request is passed on may vote on it, before or after. */
function mayPassOn(
  { by, at: nowMs, body }: Entry<'approval.requested'>,
  from: Approval,
  { trust, proposer }: ApprovalContext,
  { position: at }: Place,
): boolean {
  return [from.body, body].some(({ channel, quorum: { of } }) => {
    return heardFor(by, { trust, proposer, of, channel, nowMs, at }).length > 0;
  });
}

/** A request follows from a hold, and tells humans the reason for which policy holds the action. */
function whyNotHeld(
  { body: { action, reason } }: Entry<'approval.requested'>,
  context: ApprovalContext | undefined,
): string | undefined {
  if (context?.reasons === undefined) return undefined;
  const held = context.reasons.get(action);
  if (held === reason) return undefined;
  return held === undefined ? 'nothing holds the action' : 'it tells another reason than the hold';
}

/** One that is passed on follows from the end of the request before it, and asks for the same. */
function whyNotPassedOn(
  { body, cause, batch }: Entry<'approval.requested'>,
  from: Approval,
): string | undefined {
  const { resolved } = from;
  if (resolved === undefined) return undefined;
  if (cause !== resolved.by || batch.id !== resolved.batch) {
    return 'what was passed on is not asked anew in the same batch';
  }
  const { run, quorum, escalate, reason } = from.body;
  if (body.channel !== escalate?.to) return `it was to be passed on to ${escalate?.to ?? 'nobody'}`;
  const isSame = body.run === run && body.quorum.m === quorum.m && body.reason === reason;
  return isSame ? undefined : 'it asks for something else';
}

/** Whom a channel asks, how long, and who is asked then, is as it was defined at this place. */
function whyNotOfChannel(
  { body, at }: Entry<'approval.requested'>,
  context: ApprovalContext | undefined,
): string | undefined {
  const channel = context?.channels.get(body.channel);
  const { quorum, escalate, expiresAt } = body;
  if (context === undefined || channel === undefined) {
    return escalate === undefined ? undefined : `${body.channel} is passed on to nobody`;
  }
  if (quorum.of.join() !== approversOn(body.channel, context).join()) {
    return `it does not ask the approvers of the channel ${body.channel}`;
  }
  if (expiresAt > at + channel.withinMs) return 'it leaves more time than the channel does';
  if (escalate === undefined) return undefined;
  const { to, afterMs } = channel.escalate ?? { to: '', afterMs: 0 };
  return escalate.to === to && escalate.at <= at + afterMs
    ? undefined
    : 'it is passed on otherwise than the channel says';
}

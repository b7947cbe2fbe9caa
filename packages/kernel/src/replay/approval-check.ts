import { type Digest, type Envelope, type KeyId } from '../encoding/index.ts';
import { type Body, type Entry, type SealedEntry } from '../ledger/index.ts';
import {
  isExpired,
  qualifiedVoters,
  readVote,
  tally,
  type Tally,
  type VoteRequest,
} from '../quorum/index.ts';
import { type Trust } from '../writ/index.ts';
import { type Findings, type Place } from './finding.ts';

/** The latest request for an approval of an action. */
interface Approval {
  readonly body: Body<'approval.requested'>;
  readonly request: VoteRequest;
  readonly votes: Envelope[];
  /** Positions of their entries. */
  readonly votedAt: number[];
  /** Keys that have signed a vote, whether it counts or not. */
  readonly signers: Set<KeyId>;
  /** What the votes come to where it is resolved, whatever that entry says. */
  resolved: Tally | undefined;
}

export interface ApprovalContext {
  readonly trust: Trust;
  /** Key that proposed the action. */
  readonly proposer: KeyId;
}

/** A held action that is about to be released. */
export interface Release extends ApprovalContext {
  readonly action: Digest;
  readonly run: string;
  readonly hold: { readonly channel: string; readonly quorum: number };
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

  take(place: Place, { entry, digest }: SealedEntry, context: ApprovalContext | undefined): void {
    if (entry.kind === 'approval.requested') {
      this.open(place, entry, digest);
      this.author(place, entry, [context?.proposer]);
      return;
    }
    const approval = this.approvals.get(place.stream);
    if (approval === undefined || approval.resolved !== undefined) {
      this.findings.add('approval.invalid', place, 'no request is open on this stream');
      return;
    }
    if (entry.kind === 'approval.voted') this.vote(place, entry, approval);
    if (entry.kind === 'approval.resolved') this.resolve(place, entry, approval, context);
    this.author(place, entry, [context?.proposer, ...approval.signers]);
  }

  /** Why a held action may not be released; undefined when it may. The keys are asked again. */
  whyHeld({ action, run, hold, nowMs, trust, proposer }: Release): string | undefined {
    const approval = this.approvals.get(`approval:${action}`);
    if (approval?.resolved?.outcome !== 'granted') return 'nobody granted it';
    const { body, resolved } = approval;
    if (body.run !== run) return 'it was granted to another run';
    if (body.channel !== hold.channel || body.quorum.m < hold.quorum) {
      return 'less was asked than it was held for';
    }
    if (isExpired(body.expiresAt, nowMs)) return 'it was released too late';
    const voters = qualifiedVoters(resolved.voters, trust, proposer);
    return voters.length < body.quorum.m ? 'the keys that granted it may not approve' : undefined;
  }

  /** What was resolved may be asked for again: policy may have come to want more votes. */
  private open(place: Place, { body }: Entry<'approval.requested'>, digest: Digest): void {
    const { action, channel, quorum, expiresAt } = body;
    const before = this.approvals.get(place.stream);
    if (before !== undefined && before.resolved === undefined) {
      this.findings.add('approval.invalid', place, 'a request is open on this stream');
      return;
    }
    if (place.stream !== `approval:${action}`) {
      this.findings.add('approval.invalid', place, 'the request is about another action');
      return;
    }
    const request = { ledger: this.ledger, request: digest, action, channel, quorum, expiresAt };
    const none = { votes: [], votedAt: [], signers: new Set<KeyId>(), resolved: undefined };
    this.approvals.set(place.stream, { body, request, ...none });
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
    { body, at }: Entry<'approval.resolved'>,
    approval: Approval,
    context: ApprovalContext | undefined,
  ): void {
    if (context === undefined) {
      this.findings.add('approval.invalid', place, 'it is about a run that nobody started');
      return;
    }
    const { request, votes, votedAt } = approval;
    const counted = tally({ request, votes, votedAt, ...context, nowMs: at });
    approval.resolved = counted;
    const { outcome, voters } = counted;
    const same =
      body.request === request.request &&
      body.action === request.action &&
      body.outcome === outcome &&
      (outcome === 'expired' || [...body.voters].sort().join() === [...voters].sort().join());
    if (!same) this.findings.add('approval.invalid', place, `by the votes it is ${outcome}`);
  }

  private author(place: Place, { by }: Entry, keys: readonly (KeyId | undefined)[]): void {
    if (!keys.includes(by)) {
      this.findings.add('entry.misattributed', place, `${by} neither proposed nor voted`);
    }
  }
}

import { type Digest, type Envelope, type KeyId } from '../encoding/index.ts';
import { type Body, type Entry, type SealedEntry } from '../ledger/index.ts';
import { qualifiedVoters, readVote, tally, type VoteRequest } from '../quorum/index.ts';
import { type Trust } from '../writ/index.ts';
import { type Findings, type Place } from './finding.ts';

interface Approval {
  readonly body: Body<'approval.requested'>;
  readonly request: VoteRequest;
  readonly votes: Envelope[];
  resolved: Body<'approval.resolved'> | undefined;
}

export interface ApprovalContext {
  readonly trust: Trust;
  /** Key that proposed the action. */
  readonly proposer: KeyId;
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
      return;
    }
    const approval = this.approvals.get(place.stream);
    if (approval === undefined || approval.resolved !== undefined) {
      this.findings.add('approval.invalid', place, 'no request is open on this stream');
      return;
    }
    if (entry.kind === 'approval.voted') this.vote(place, entry, approval);
    if (entry.kind === 'approval.resolved') this.resolve(place, entry, approval, context);
  }

  /**
   * Why an action that was held for `quorum` votes on `channel` may not be released; undefined when
   * it may. The keys behind the votes are asked again.
   */
  whyHeld(
    action: Digest,
    hold: { readonly channel: string; readonly quorum: number },
    { trust, proposer }: ApprovalContext,
  ): string | undefined {
    const approval = this.approvals.get(`approval:${action}`);
    if (approval?.resolved?.outcome !== 'granted') return 'nobody granted it';
    const { channel, quorum } = approval.body;
    if (channel !== hold.channel || quorum.m < hold.quorum)
      return 'less was asked than it was held for';
    const voters = qualifiedVoters(approval.resolved.voters, trust, proposer);
    return voters.length < quorum.m ? 'the keys that granted it may not approve' : undefined;
  }

  private open(place: Place, { body }: Entry<'approval.requested'>, digest: Digest): void {
    const { action, channel, quorum, expiresAt } = body;
    if (place.stream !== `approval:${action}` || this.approvals.has(place.stream)) {
      this.findings.add('approval.invalid', place, 'the request is not the first of its stream');
      return;
    }
    const request = { ledger: this.ledger, request: digest, action, channel, quorum, expiresAt };
    this.approvals.set(place.stream, { body, request, votes: [], resolved: undefined });
  }

  private vote(place: Place, { body }: Entry<'approval.voted'>, approval: Approval): void {
    const read = readVote(body.envelope);
    if (!read.ok) {
      this.findings.add('approval.invalid', place, read.refusal.message);
      return;
    }
    approval.votes.push(body.envelope);
  }

  private resolve(
    place: Place,
    { body, at }: Entry<'approval.resolved'>,
    approval: Approval,
    context: ApprovalContext | undefined,
  ): void {
    const { request, votes } = approval;
    approval.resolved = body;
    if (context === undefined) {
      this.findings.add('approval.invalid', place, 'it is about a run that nobody started');
      return;
    }
    const { outcome, voters } = tally({ request, votes, ...context, nowMs: at });
    const same =
      body.request === request.request &&
      body.action === request.action &&
      body.outcome === outcome &&
      (outcome === 'expired' || [...body.voters].sort().join() === [...voters].sort().join());
    if (!same) this.findings.add('approval.invalid', place, `by the votes it is ${outcome}`);
  }
}

import { actionFrom, type Action } from '@chancery/kernel/compiler';
import { bytesDigest, recordText, type Json } from '@chancery/kernel/encoding';
import type { Body, Entry, Kind, SealedEntry } from '@chancery/kernel/ledger';
import { readVote } from '@chancery/kernel/quorum';
import { RefusalError } from '@chancery/kernel/refusal';
import type { RoutingEvidence } from '@chancery/kernel/routing';
import type { Contents } from '../cognition/index.ts';
import type { PolicyHistory } from './policy-history.ts';

type Staged = Body<'proposal.staged'>;

/** A rule that mattered, with its text as it was then; null when it is none of a bundle. */
export interface AuditedRule {
  readonly id: string;
  readonly level: string;
  readonly effect: string;
  readonly text: string | null;
}

export type AuditedOutcome =
  /** Begun or held, and without an end. */
  | { readonly kind: 'open' }
  | { readonly kind: 'rejected'; readonly refusal: Body<'proposal.rejected'>['refusal'] }
  | {
      readonly kind: 'committed';
      readonly observation: Json;
      /** SHA-256 of the observation's canonical text. */
      readonly observationDigest: string;
      readonly redactions: number;
      readonly delta: Body<'commit'>['delta'];
      readonly cost: Body<'commit'>['cost'];
      readonly compilerVersion: string;
    }
  | {
      readonly kind: 'failed';
      readonly failure: Body<'execution.failed'>['failure'];
      readonly cost: Body<'execution.failed'>['cost'];
    }
  | { readonly kind: 'in-doubt'; readonly reason: string };

/** An intent and all that came of it. */
export interface AuditedAction {
  /** Seq of `intent.proposed`, and of the entry that ended it; null while it has no end. */
  readonly seq: number;
  readonly endSeq: number | null;
  readonly atMs: number;
  readonly origin: Body<'intent.proposed'>['origin'];
  readonly turn: number;
  readonly intent: Json;
  /** What a router said of how it came to it; it had no part in what follows. */
  readonly routing: RoutingEvidence | null;
  /** Null where it was refused before it became an action. */
  readonly action: Action | null;
  readonly actionDigest: string | null;
  readonly effects: Staged['effects'];
  readonly trace: Staged['trace'] | null;
  readonly rules: readonly AuditedRule[];
  readonly hold: Body<'proposal.suspended'>['hold'] | null;
  readonly approval: AuditedApproval | null;
  /** The policy set that decided, and the contract of the capability. */
  readonly policySetDigest: string;
  readonly contractDigest: string | null;
  readonly unsandboxed: boolean;
  /** Secrets of the vault that it was lent. */
  readonly leases: NonNullable<Body<'execution.started'>['leases']>;
  readonly outcome: AuditedOutcome;
}

export interface AuditedApproval {
  readonly channel: string;
  readonly quorum: Body<'approval.requested'>['quorum'];
  readonly expiresAtMs: number;
  readonly votes: readonly {
    readonly voter: string;
    readonly vote: 'grant' | 'deny';
    readonly reason: string;
    readonly atMs: number;
  }[];
  readonly outcome: Body<'approval.resolved'>['outcome'] | null;
}

export interface AuditSources {
  readonly contents: Contents;
  readonly policies: PolicyHistory;
  /** Entries of the approval of an action; empty when nobody was asked. */
  readonly approvalOf: (action: string) => readonly SealedEntry[];
}

/** Resolves a run to what was intended, decided, done and seen, one item for each intent. */
export class AuditFold {
  private readonly record: AuditRecord;

  constructor(sources: AuditSources) {
    this.record = new AuditRecord(sources);
  }

  get actions(): readonly AuditedAction[] {
    return this.record.items;
  }

  /** Takes the next entry of the run's stream. */
  advance({ entry }: SealedEntry): void {
    const step = steps[entry.kind] as Step | undefined;
    step?.(this.record, entry);
  }
}

/** The state behind an `AuditFold`. */
class AuditRecord {
  readonly items: AuditedAction[] = [];
  private readonly sources: AuditSources;
  /** The set that decided last, as far as the run tells. */
  private policySet = '';

  constructor(sources: AuditSources) {
    this.sources = sources;
  }

  start(body: Body<'run.started'>): void {
    this.policySet = body.policySetDigest;
    this.sources.policies.narrow(body);
  }

  begin(entry: Entry<'intent.proposed'>): void {
    this.items.push(begun(entry, this.sources.contents(entry.body.intent), this.policySet));
  }

  proposal(body: Staged | Body<'proposal.suspended'>): Partial<AuditedAction> {
    const { actionDigest, effects, trace, rules } = body;
    const action = actionFrom(body.action, this.sources.contents) ?? null;
    if ('policySetDigest' in body) this.policySet = body.policySetDigest;
    return {
      ...{ action, actionDigest, effects, trace },
      contractDigest: body.action.contract,
      policySetDigest: this.policySet,
      rules: this.textsOf(rules),
      approval: approvalFrom(this.sources.approvalOf(actionDigest)),
    };
  }

  reject({ body, seq }: Entry<'proposal.rejected'>): void {
    this.change(undefined, {
      endSeq: seq,
      trace: body.trace,
      rules: this.textsOf(body.rules),
      outcome: { kind: 'rejected', refusal: body.refusal },
    });
  }

  commit({ body, seq }: Entry<'commit'>): void {
    const observation = this.sources.contents(body.observation);
    const { redactions, delta, cost, compilerVersion, policySetDigest, contractDigest } = body;
    this.change(body.action, {
      endSeq: seq,
      ...{ policySetDigest, contractDigest },
      outcome: {
        kind: 'committed',
        ...{ observation, redactions, delta, cost, compilerVersion },
        observationDigest: bytesDigest(recordText(observation)),
      },
    });
  }

  private textsOf(
    rules: readonly Pick<AuditedRule, 'id' | 'level' | 'effect'>[],
  ): readonly AuditedRule[] {
    return rules.map(({ id, level, effect }) => ({
      ...{ id, level, effect },
      text: this.sources.policies.textOf(this.policySet, { level, id }) ?? null,
    }));
  }

  /** Changes the item of an action; the latest one where it has none of its own yet. */
  change(action: string | undefined, more: Partial<AuditedAction>): void {
    const own = this.items.findIndex(({ actionDigest }) => actionDigest === action);
    const index = action === undefined || own < 0 ? this.items.length - 1 : own;
    const before = this.items[index];
    if (before !== undefined) this.items[index] = { ...before, ...more };
  }
}

type Step<K extends Kind = Kind> = (record: AuditRecord, entry: Entry<K>) => void;

/** What each kind adds to the items; one without a row adds nothing. */
const steps: { readonly [K in Kind]?: Step<K> } = {
  'run.started': (record, { body }) => record.start(body),
  'intent.proposed': (record, entry) => record.begin(entry),
  'proposal.staged': (record, { body }) => record.change(body.actionDigest, record.proposal(body)),
  'proposal.suspended': (record, { body }) =>
    record.change(body.actionDigest, { ...record.proposal(body), hold: body.hold }),
  'proposal.rejected': (record, entry) => record.reject(entry),
  'execution.started': (record, { body }) =>
    record.change(body.action, { unsandboxed: body.unsandboxed, leases: body.leases ?? [] }),
  commit: (record, entry) => record.commit(entry),
  'execution.failed': (record, { body: { action, failure, cost }, seq }) =>
    record.change(action, { endSeq: seq, outcome: { kind: 'failed', failure, cost } }),
  'execution.in-doubt': (record, { body: { action, reason } }) =>
    record.change(action, { outcome: { kind: 'in-doubt', reason } }),
};

function begun(
  { seq, at, body }: Entry<'intent.proposed'>,
  intent: Json,
  policySetDigest: string,
): AuditedAction {
  return {
    ...{ seq, endSeq: null, atMs: at, origin: body.origin, turn: body.turn },
    intent,
    routing: body.routing ?? null,
    ...{ action: null, actionDigest: null, effects: [], trace: null, rules: [] },
    ...{ hold: null, approval: null, policySetDigest, contractDigest: null, unsandboxed: false },
    leases: [],
    outcome: { kind: 'open' },
  };
}

function approvalFrom(entries: readonly SealedEntry[]): AuditedApproval | null {
  let approval: AuditedApproval | null = null;
  for (const { entry } of entries) approval = approvalAfter(approval, entry);
  return approval;
}

function approvalAfter(before: AuditedApproval | null, entry: Entry): AuditedApproval | null {
  if (entry.kind === 'approval.requested') {
    const { channel, quorum, expiresAt } = entry.body;
    return { channel, quorum, expiresAtMs: expiresAt, votes: [], outcome: null };
  }
  if (before === null) return null;
  if (entry.kind === 'approval.resolved') return { ...before, outcome: entry.body.outcome };
  if (entry.kind !== 'approval.voted') return before;
  const read = readVote(entry.body.envelope);
  if (!read.ok) throw new RefusalError(read.refusal);
  const { voter, vote } = read.value;
  const cast = { voter, vote: vote.vote, reason: vote.reason, atMs: entry.at };
  return { ...before, votes: [...before.votes, cast] };
}

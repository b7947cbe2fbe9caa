import {
  exactly,
  isDigest,
  misfit,
  readStatement,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type KeyId,
  type ReadStatement,
  type Signer,
} from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { believe, isTrustedFor, type SayingRule, type Trust } from '../writ/index.ts';
import { bundleDigest, readBundle, signBundle } from './bundle.ts';
import type { Bundle } from './model.ts';

/** Payload of `policy.proposed`: a bundle that whoever may sign policies is asked to activate. */
interface Proposal {
  readonly v: 1;
  readonly proposal: 'make';
  readonly ledger: Digest;
  /** The entry of the stream `policy` that it was signed upon. */
  readonly after: Digest;
  readonly bundle: Digest;
  /** Digest of the approved action that it is to remember. */
  readonly action: Digest;
}

/** Payload of `policy.proposal-withdrawn`. */
interface Withdrawal {
  readonly v: 1;
  readonly proposal: 'withdraw';
  readonly ledger: Digest;
  readonly after: Digest;
  readonly bundle: Digest;
  readonly reason: string;
}

/** A bundle that is proposed, and decides nothing. */
export interface ProposedBundle {
  readonly bundle: Bundle;
  readonly action: Digest;
  readonly by: KeyId;
}

/** Bundles that are proposed, by their digests. */
export type ProposedBundles = ReadonlyMap<Digest, ProposedBundle>;

export type ProposalEntry = Entry<'policy.proposed'> | Entry<'policy.proposal-withdrawn'>;

export function isProposalEntry(entry: Entry): entry is ProposalEntry {
  return entry.kind === 'policy.proposed' || entry.kind === 'policy.proposal-withdrawn';
}

const payloadType = 'application/vnd.chancery.policy-proposal+json';

const shared: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  after: isDigest,
  bundle: isDigest,
};

const forms = {
  make: { ...shared, proposal: exactly('make'), action: isDigest },
  withdraw: { ...shared, proposal: exactly('withdraw'), reason: textOf(0, 4096) },
} as const satisfies Record<string, Readonly<Record<string, Form>>>;

export interface ProposalRequest extends Pick<Proposal, 'ledger' | 'after' | 'action'> {
  readonly bundle: Bundle;
  readonly by: Signer;
}

/** The body of `policy.proposed`: the bundle, and what it is proposed for, signed. */
export function proposeBundle({ ledger, after, action, bundle, by }: ProposalRequest) {
  const digest = bundleDigest(bundle);
  const payload: Proposal = { v: 1, proposal: 'make', ledger, after, bundle: digest, action };
  return {
    envelope: signBundle(bundle, by),
    proposal: sealEnvelope(payloadType, payload, [by]),
    bundle: digest,
  };
}

/** Signs that a proposal is none any more. */
export function withdrawProposal(asked: Omit<Withdrawal, 'v' | 'proposal'>, by: Signer): Envelope {
  const payload: Withdrawal = { ...asked, v: 1, proposal: 'withdraw' };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Whether a key may propose what is to decide, or withdraw it: that of a human who approves or legislates. */
export function mayPropose(trust: Trust, key: KeyId, at?: number): boolean {
  return isTrustedFor(trust, key, 'approve', at) || isTrustedFor(trust, key, 'sign-policy', at);
}

const saying: SayingRule = {
  what: 'the proposal',
  may: mayPropose,
  lacks: 'may neither approve nor sign policies',
};

/**
 * What is proposed after an entry, see `believe`. What a compromised key has proposed is not proposed.
 * Refuses with `envelope.invalid` and `policy.invalid`.
 */
export function evolveProposals(
  proposed: ProposedBundles,
  { entry, position }: { readonly entry: ProposalEntry; readonly position?: number | undefined },
  present: Trust,
): Result<ProposedBundles> {
  const placed = { entry, position };
  if (entry.kind === 'policy.proposal-withdrawn') {
    const read = readProposal(entry.body.envelope, 'withdraw');
    if (!read.ok) return read;
    const counts = believe(read.value, placed, saying, present);
    if (!counts.ok) return counts;
    const left = new Map(proposed);
    left.delete(read.value.said.bundle);
    return done(left);
  }
  const read = readProposal(entry.body.proposal, 'make');
  if (!read.ok) return read;
  const counts = believe(read.value, placed, saying, present);
  if (!counts.ok) return counts;
  const { action, bundle: digest } = read.value.said;
  const named = readNamedBundle(entry, digest);
  if (!named.ok) return named;
  if (!counts.value) return done(proposed);
  return done(new Map(proposed).set(digest, { bundle: named.value, action, by: entry.by }));
}

function readNamedBundle({ body, by }: Entry<'policy.proposed'>, said: Digest): Result<Bundle> {
  const read = readBundle(body.envelope);
  if (!read.ok) return read;
  const { bundle, digest, signers } = read.value;
  return digest === said && said === body.bundle && signers.includes(by)
    ? done(bundle)
    : refused('policy.invalid', 'another bundle is proposed than the entry names');
}

interface Said {
  readonly make: Proposal;
  readonly withdraw: Withdrawal;
}

/** What one key has signed of a proposal, wherever. Refuses with `envelope.invalid`. */
export function readProposal<W extends keyof Said>(
  envelope: Envelope,
  what: W,
): Result<ReadStatement<Said[W]>> {
  return readStatement<Said[W]>(envelope, {
    type: payloadType,
    what: 'the proposal',
    wrongIn: (payload) => misfit(payload, forms[what]),
  });
}

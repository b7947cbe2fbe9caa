import {
  exactly,
  isDigest,
  misfit,
  openEnvelope,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type KeyId,
  type Signer,
} from '../encoding/index.ts';
import { type Entry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { isTrustedFor, withoutCompromises, type Trust } from '../writ/index.ts';
import { bundleDigest, readBundle, signBundle } from './bundle.ts';
import { type Bundle } from './model.ts';

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

/**
 * What is proposed after an entry. What is signed names the ledger and the entry before it; its signer
 * is the author of the entry. What a compromised key has proposed is not proposed. Refuses with
 * `envelope.invalid` and `policy.invalid`.
 */
export function evolveProposals(
  proposed: ProposedBundles,
  { entry, position }: { readonly entry: ProposalEntry; readonly position?: number | undefined },
  present: Trust,
): Result<ProposedBundles> {
  const { by } = entry;
  const said = readSaid(entry, present);
  if (!said.ok) return said;
  if (!mayPropose(withoutCompromises(present), by, position)) {
    return refused('envelope.invalid', `${by} may neither approve nor sign policies`);
  }
  const { bundle: digest } = said.value;
  if (entry.kind === 'policy.proposal-withdrawn') {
    const left = new Map(proposed);
    left.delete(digest);
    return done(left);
  }
  const read = readBundle(entry.body.envelope);
  if (!read.ok) return read;
  const { bundle, signers } = read.value;
  if (read.value.digest !== digest || digest !== entry.body.bundle || !signers.includes(by)) {
    return refused('policy.invalid', 'another bundle is proposed than the entry names');
  }
  if (!mayPropose(present, by, position)) return done(proposed);
  const { action } = said.value as Proposal;
  return done(new Map(proposed).set(digest, { bundle, action, by }));
}

function readSaid(
  { kind, body, by, prev }: ProposalEntry,
  { ledger }: Trust,
): Result<Proposal | Withdrawal> {
  const made = kind === 'policy.proposed';
  const read = readProposal(made ? body.proposal : body.envelope, made ? 'make' : 'withdraw');
  if (!read.ok) return read;
  const { said, signers } = read.value;
  if (said.ledger !== ledger || said.after !== prev) {
    return refused('envelope.invalid', 'the proposal was signed for another place');
  }
  return signers.length === 1 && signers[0] === by
    ? done(said)
    : refused('envelope.invalid', 'the proposal is signed by another key than its author');
}

interface ReadProposal {
  readonly said: Proposal | Withdrawal;
  readonly signers: readonly KeyId[];
}

/** What is signed of a proposal, wherever. Refuses with `envelope.invalid`. */
export function readProposal(envelope: Envelope, what: keyof typeof forms): Result<ReadProposal> {
  const opened = openEnvelope(envelope, payloadType);
  if (!opened.ok) return opened;
  const { payload, signers } = opened.value;
  const wrong = misfit(payload, forms[what]);
  if (wrong !== undefined) {
    return refused('envelope.invalid', `the proposal has a malformed "${wrong}"`);
  }
  return done({ said: payload as unknown as Proposal | Withdrawal, signers });
}

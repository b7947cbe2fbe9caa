import { evolveChannels, isChannelEntry, type Channels } from '@chancery/kernel/channel';
import { envelopeOf, parseRecord, type Envelope, type KeyId } from '@chancery/kernel/encoding';
import type { Body, LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import {
  activeOn,
  bundleDigest,
  bundleIn,
  bundleKey,
  compilePolicySet,
  evolveProposals,
  isProposalEntry,
  readActivation,
  readRetirement,
  type ActiveBundle,
  type ActiveSet,
  type ProposedBundles,
} from '@chancery/kernel/policy';
import { Fault, refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import {
  evolveManifests,
  isManifestEntry,
  type DeclaredManifests,
} from '@chancery/kernel/manifest';
import { evolvePrices, isPricesEntry, type DeclaredPrices } from '@chancery/kernel/prices';
import { evolvePrograms, isProgramsEntry, type DeclaredPrograms } from '@chancery/kernel/programs';
import { beliefIn, isTrustedFor, type Trust } from '@chancery/kernel/writ';

/** Bundles that are active, each under its level and name. */
export type ActiveBundles = ReadonlyMap<string, ActiveBundle>;

/** What the stream of policies comes to. */
export interface PolicyState {
  readonly active: ActiveBundles;
  readonly channels: Channels;
  /** Price tables, in the order in which they were declared. */
  readonly prices: DeclaredPrices;
  /** Capabilities as data, by name. */
  readonly manifests: DeclaredManifests;
  /** What is declared of programs, by their names. */
  readonly programs: DeclaredPrograms;
  /** Bundles that are proposed, and not active. */
  readonly proposed: ProposedBundles;
}

/** Before the first entry of the stream. */
export const noPolicy: PolicyState = {
  active: new Map(),
  channels: new Map(),
  prices: [],
  manifests: new Map(),
  programs: new Map(),
  proposed: new Map(),
};

/** What the stream of policies is read with. */
interface Reading {
  readonly store: Pick<LedgerStore, 'blob'>;
  readonly trust: Trust;
}

/**
 * The state after an entry of the stream.
 * @throws {RefusalError} as `evolvePolicy`, `evolveChannels`, `evolvePrices`, `evolveManifests`,
 * `evolvePrograms` and `evolveProposals` refuse.
 */
export async function evolvePolicyState(
  state: PolicyState,
  sealed: SealedEntry,
  reading: Reading,
): Promise<PolicyState> {
  const { entry, digest, position } = sealed;
  const { trust } = reading;
  if (isChannelEntry(entry)) {
    const channels = granted(evolveChannels(state.channels, { entry, position }, trust));
    return { ...state, channels };
  }
  if (isPricesEntry(entry)) {
    const prices = granted(evolvePrices(state.prices, { entry, digest, position }, trust));
    return { ...state, prices };
  }
  if (isManifestEntry(entry)) {
    const placed = { entry, digest, position };
    return { ...state, manifests: granted(evolveManifests(state.manifests, placed, trust)) };
  }
  if (isProgramsEntry(entry)) {
    const placed = { entry, digest, position };
    return { ...state, programs: granted(evolvePrograms(state.programs, placed, trust)) };
  }
  if (isProposalEntry(entry)) {
    const proposed = granted(evolveProposals(state.proposed, { entry, position }, trust));
    return { ...state, proposed };
  }
  const active = await evolvePolicy(state.active, sealed, reading);
  return { ...state, active, proposed: withoutActive(state.proposed, active) };
}

function withoutActive(proposed: ProposedBundles, active: ActiveBundles): ProposedBundles {
  if (proposed.size === 0) return proposed;
  const digests = new Set([...active.values()].map((each) => bundleDigest(bundleIn(each))));
  return new Map([...proposed].filter(([digest]) => !digests.has(digest)));
}

/**
 * A later activation of the same level and name takes the place of the earlier one, and a retirement
 * takes it away; but not where its key has turned out to be compromised.
 * @throws {RefusalError} `ledger.corrupt` where the blob of a bundle is missing, and whatever
 * `readActivation` and `readRetirement` refuse.
 */
export async function evolvePolicy(
  active: ActiveBundles,
  { entry, position }: SealedEntry,
  { store, trust }: Reading,
): Promise<ActiveBundles> {
  const place = { ledger: trust.ledger, after: entry.prev };
  const counts = (...signed: readonly (readonly KeyId[])[]): boolean => {
    const mayDecide = (by: Trust): boolean =>
      signed.every((keys) => keys.some((key) => isTrustedFor(by, key, 'sign-policy', position)));
    const belief = beliefIn(trust, mayDecide);
    if (belief !== 'none') return belief === 'held';
    throw new Fault(`the entry at ${entry.stream} ${entry.seq} is signed by no trusted key`);
  };
  if (entry.kind === 'policy.retired') {
    if (!counts(granted(readRetirement(entry.body, place)))) return active;
    const left = new Map(active);
    left.delete(bundleKey(entry.body));
    return left;
  }
  if (isChannelEntry(entry) || isPricesEntry(entry) || isManifestEntry(entry)) return active;
  if (isProgramsEntry(entry) || isProposalEntry(entry)) return active;
  if (entry.kind !== 'policy.activated') {
    throw new Fault(`an entry of kind ${entry.kind} stands in the stream ${entry.stream}`);
  }
  const envelope = await bundleEnvelope(store, entry.body);
  const { bundle, signers, activators, repository } = granted(
    readActivation({ ...entry.body, envelope }, place),
  );
  if (!counts(signers, activators)) return active;
  return new Map(active).set(bundleKey(bundle), activeOn(bundle, repository));
}

function granted<T>(read: Result<T>): T {
  if (read.ok) return read.value;
  throw new RefusalError(read.refusal);
}

async function bundleEnvelope(
  store: Pick<LedgerStore, 'blob'>,
  { envelope: recorded }: Body<'policy.activated'>,
): Promise<Envelope> {
  if (!('blob' in recorded)) return recorded;
  const { digest } = recorded.blob;
  const bytes = await store.blob(digest);
  const parsed = bytes && parseRecord(new TextDecoder().decode(bytes));
  const envelope = parsed?.ok === true ? envelopeOf(parsed.value) : undefined;
  if (envelope !== undefined) return envelope;
  const why = `the blob ${digest} of a policy bundle is missing, or holds none`;
  throw new RefusalError(refusal('ledger.corrupt', why));
}

const compiled = new WeakMap<ActiveBundles, ActiveSet>();

/** The set that decides; compiled once for the same bundles. */
export function policySetOf(active: ActiveBundles): ActiveSet {
  const known = compiled.get(active);
  if (known !== undefined) return known;
  const set = compilePolicySet([...active.values()]);
  if (!set.ok) throw new RefusalError(set.refusal);
  compiled.set(active, set.value);
  return set.value;
}

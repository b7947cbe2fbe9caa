import { envelopeOf, parseRecord, type Envelope, type KeyId } from '@chancery/kernel/encoding';
import { type Body, type LedgerStore, type SealedEntry } from '@chancery/kernel/ledger';
import {
  compilePolicySet,
  readActivation,
  type Bundle,
  type PolicySet,
} from '@chancery/kernel/policy';
import { Fault, refusal, RefusalError } from '@chancery/kernel/refusal';
import { isTrustedFor, withoutCompromises, type Trust } from '@chancery/kernel/writ';

/** Bundles that are active, each under its level and name. */
export type ActiveBundles = ReadonlyMap<string, Bundle>;

/** What a bundle is active under. */
export function bundleKey({ level, name }: Pick<Bundle, 'level' | 'name'>): string {
  return `${level}/${name}`;
}

/**
 * A later activation of the same level and name takes the place of the earlier one, but not where its
 * key has turned out to be compromised.
 * @throws {RefusalError} `ledger.corrupt` where the blob of a bundle is missing, and whatever
 * `readActivation` refuses.
 */
export async function evolvePolicy(
  active: ActiveBundles,
  { entry, position }: SealedEntry,
  { store, trust }: { readonly store: LedgerStore; readonly trust: Trust },
): Promise<ActiveBundles> {
  if (entry.kind !== 'policy.activated') {
    throw new Fault(`an entry of kind ${entry.kind} stands in the stream ${entry.stream}`);
  }
  const envelope = await bundleEnvelope(store, entry.body);
  const read = readActivation(
    { ...entry.body, envelope },
    { ledger: trust.ledger, after: entry.prev },
  );
  if (!read.ok) throw new RefusalError(read.refusal);
  const { bundle, signers, activators } = read.value;
  const mayDecide = (by: Trust): boolean => {
    const isTrusted = (key: KeyId): boolean => isTrustedFor(by, key, 'sign-policy', position);
    return signers.some(isTrusted) && activators.some(isTrusted);
  };
  if (!mayDecide(withoutCompromises(trust))) {
    throw new Fault(`the bundle at ${entry.stream} ${entry.seq} is signed by no trusted key`);
  }
  if (!mayDecide(trust)) return active;
  return new Map(active).set(bundleKey(bundle), bundle);
}

async function bundleEnvelope(
  store: LedgerStore,
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

const compiled = new WeakMap<ActiveBundles, PolicySet>();

/** The set that decides; compiled once for the same bundles. */
export function policySetOf(active: ActiveBundles): PolicySet {
  const known = compiled.get(active);
  if (known !== undefined) return known;
  const set = compilePolicySet([...active.values()]);
  if (!set.ok) throw new RefusalError(set.refusal);
  compiled.set(active, set.value);
  return set.value;
}

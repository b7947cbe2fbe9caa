import { type Digest, type KeyId, type Signer } from '@chancery/kernel/encoding';
import { type Draft } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { trustKey, type Purpose, type Trust } from '@chancery/kernel/writ';
import { Journal } from '../journal/index.ts';
import { type Signatory } from './signatory.ts';

export interface Trusting {
  readonly key: KeyId;
  /** For people, 1 to 128 characters. A key that has one keeps it. */
  readonly label: string;
  readonly purposes: readonly Purpose[];
  /** Those who sign: at least as many as the genesis asks for. */
  readonly roots: readonly Signer[];
}

/**
 * Signs and records that the ledger trusts a key for these purposes, beside those that it has.
 * Answers the digest of the entry; null where the key has them all, and nothing is recorded.
 * Refuses `key.not-root`: a statement that too few roots have signed would stop everybody who reads it.
 */
export async function recordTrust(
  signatory: Omit<Signatory, 'by'>,
  { key, label, purposes, roots }: Trusting,
): Promise<Result<Digest | null>> {
  const { store, ledger, clock, authority } = signatory;
  for (;;) {
    const { trust, keys } = await authority.controls();
    const by = speaker(trust, roots);
    if (!by.ok) return by;
    const has = trust.keys.get(key)?.purposes ?? [];
    if (purposes.every((purpose) => has.includes(purpose))) return done(null);
    const envelope = trustKey({ ledger, key, label, purposes, roots });
    const draft: Draft = { stream: keys.stream, kind: 'key.trusted', body: { envelope } };
    const journal = new Journal({ store, ledger, clock, by: by.value.id });
    const written = await journal.append(new Map([[keys.stream, keys.head]]), [draft]);
    if (written.kind === 'written') return done(written.entries[0]?.digest ?? null);
  }
}

/** In whose name a statement is recorded: the first of those who sign it, who must be roots, and enough. */
function speaker({ genesis }: Trust, signers: readonly Signer[]): Result<Signer> {
  const distinct = new Map(signers.map((signer) => [signer.id, signer]));
  const [first] = signers;
  const stranger = signers.find(({ id }) => !genesis.roots.includes(id));
  if (stranger !== undefined) {
    return refused('key.not-root', `${stranger.id} is not among the roots of this ledger`);
  }
  if (first !== undefined && distinct.size >= genesis.threshold) return done(first);
  return refused(
    'key.not-root',
    `${genesis.threshold} of the roots must sign, and ${distinct.size} did`,
  );
}

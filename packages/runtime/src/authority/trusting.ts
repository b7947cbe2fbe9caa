import { type Digest, type KeyId, type Signer } from '@chancery/kernel/encoding';
import { type Draft } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { trustKey, type Purpose, type Trust } from '@chancery/kernel/writ';
import { Journal } from '../journal/index.ts';
import { type Signatory } from './signatory.ts';

/** Where the roots speak of keys; who speaks is told by those who sign. */
export type Speaking = Omit<Signatory, 'by'>;

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
 * Refuses `key.not-root`: a statement that too few roots have signed would stop everybody who reads
 * it; and `key.ended` for a key that is compromised.
 */
export async function recordTrust(
  speaking: Speaking,
  { key, label, purposes, roots }: Trusting,
): Promise<Result<Digest | null>> {
  const { ledger } = speaking;
  const recorded = await recordStatements(speaking, roots, (trust) => {
    const known = trust.keys.get(key);
    if (known?.voidFrom !== undefined) {
      return refused('key.ended', `${key} is compromised, and is never trusted again`, {
        remedy: 'Make another key: chancery keys create NAME.',
      });
    }
    if (purposes.every((purpose) => known?.purposes.includes(purpose))) return done([]);
    const earlier = known?.statements ?? 0;
    const envelope = trustKey({ ledger, key, label, purposes, earlier, roots });
    return done([{ stream: keyStream, kind: 'key.trusted', body: { envelope } }]);
  });
  return recorded.ok ? done(recorded.value[0] ?? null) : recorded;
}

export const keyStream = 'ledger';

/**
 * Records what the roots say of keys, all of it or nothing, whoever writes at the same moment: `make`
 * is asked again when anything about the keys has changed. Answers the digests of the entries.
 * Refuses `key.not-root`, and what `make` refuses.
 */
export async function recordStatements(
  { store, ledger, clock, authority }: Speaking,
  roots: readonly Signer[],
  make: (trust: Trust) => Result<readonly Draft[]> | Promise<Result<readonly Draft[]>>,
): Promise<Result<readonly Digest[]>> {
  for (;;) {
    const { trust, keys } = await authority.controls();
    const by = speaker(
      trust,
      roots.map(({ id }) => id),
    );
    if (!by.ok) return by;
    const drafts = await make(trust);
    if (!drafts.ok) return drafts;
    if (drafts.value.length === 0) return done([]);
    const journal = new Journal({ store, ledger, clock, by: by.value });
    const written = await journal.append(new Map([[keys.stream, keys.head]]), drafts.value);
    if (written.kind === 'written') return done(written.entries.map(({ digest }) => digest));
  }
}

/** In whose name a statement is recorded: the first of those who sign it, who must be roots, and enough. */
function speaker({ genesis }: Trust, signers: readonly KeyId[]): Result<KeyId> {
  const distinct = new Set(signers);
  const [first] = signers;
  const stranger = signers.find((id) => !genesis.roots.includes(id));
  if (stranger !== undefined) {
    return refused('key.not-root', `${stranger} is not among the roots of this ledger`);
  }
  if (first !== undefined && distinct.size >= genesis.threshold) return done(first);
  return refused(
    'key.not-root',
    `${genesis.threshold} of the roots must sign, and ${distinct.size} did`,
  );
}

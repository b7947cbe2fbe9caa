import { type Digest, type Envelope, type Signer } from '@chancery/kernel/encoding';
import { catalogueDigest, type Draft, type LedgerStore } from '@chancery/kernel/ledger';
import {
  activateBundle,
  policySetDigest,
  recordedActivation,
  type Bundle,
} from '@chancery/kernel/policy';
import { done, Fault, refused, type Result } from '@chancery/kernel/refusal';
import { createGenesis, trustKey, type Purpose } from '@chancery/kernel/writ';
import { Journal, entriesOf, type Clock } from '../journal/index.ts';

export interface Founding {
  readonly store: LedgerStore;
  readonly clock: Clock;
  readonly name: string;
  /** Makes two ledgers of the same name distinct. */
  readonly nonce: string;
  /** The human: sole root, and trusted for issuing, approving and signing policies. */
  readonly owner: Signer;
  /** Key of this runtime: trusted for running and working. */
  readonly runtime: Signer;
  /** Bundle that decides from the first run on. */
  readonly bundle: Bundle;
}

const ownerPurposes: readonly Purpose[] = ['issue', 'approve', 'sign-policy'];
const runtimePurposes: readonly Purpose[] = ['run', 'work'];

/**
 * Founds a ledger: its genesis, then its keys and its policy in one batch. What was cut off between
 * the two is completed when it is called again with the same keys. Refuses `ledger.exists` for a
 * ledger that is complete, or that other keys have founded. Returns the ledger id.
 */
export async function foundLedger(founding: Founding): Promise<Result<Digest>> {
  const { store, bundle, owner } = founding;
  if ((await store.head('policy')) !== null) {
    return refused('ledger.exists', 'a ledger has been founded here');
  }
  const begun = await genesisOf(founding);
  if (begun.by !== owner.id) {
    return refused('ledger.exists', 'a ledger has been founded here with another key');
  }
  const ledger = begun.digest;
  const journal = journalOf(founding, ledger);
  const activated = recordedActivation(
    activateBundle({
      ...{ ledger, after: ledger, by: owner },
      ...{ bundle, policySet: policySetDigest([bundle]) },
    }),
  );
  const drafts: readonly Draft[] = [
    trusted(founding, ledger, { key: owner, label: 'owner', purposes: ownerPurposes }),
    trusted(founding, ledger, {
      key: founding.runtime,
      label: 'runtime',
      purposes: runtimePurposes,
    }),
    { stream: 'policy', kind: 'policy.activated', body: activated.body },
  ];
  const heads = new Map([
    ['ledger', await store.head('ledger')],
    ['policy', null],
  ]);
  const written = await journal.append(heads, drafts, { blobs: activated.blobs });
  return written.kind === 'written'
    ? done(ledger)
    : refused('ledger.exists', 'another process has founded a ledger here');
}

function journalOf({ store, clock, owner }: Founding, ledger: Digest | null): Journal {
  return new Journal({ store, ledger, by: owner.id, clock });
}

async function genesisOf(
  founding: Founding,
): Promise<{ readonly digest: Digest; readonly by: string }> {
  const envelope: Envelope = createGenesis({
    name: founding.name,
    roots: [founding.owner],
    threshold: 1,
    contractDigest: catalogueDigest,
    defaultPolicy: policySetDigest([founding.bundle]),
    nonce: founding.nonce,
  });
  if ((await founding.store.head('ledger')) === null) {
    const draft: Draft = { stream: 'ledger', kind: 'ledger.created', body: { envelope } };
    await journalOf(founding, null).append(new Map([['ledger', null]]), [draft]);
  }
  for await (const { digest, entry } of entriesOf(founding.store, 'ledger')) {
    return { digest, by: entry.by };
  }
  throw new Fault('the genesis that was just written is not there');
}

interface TrustedKey {
  readonly key: Signer;
  readonly label: string;
  readonly purposes: readonly Purpose[];
}

function trusted({ owner }: Founding, ledger: Digest, { key, label, purposes }: TrustedKey): Draft {
  const envelope = trustKey({ ledger, key: key.id, label, purposes, roots: [owner] });
  return { stream: 'ledger', kind: 'key.trusted', body: { envelope } };
}

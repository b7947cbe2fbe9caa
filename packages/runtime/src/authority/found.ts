import {
  leafDigest,
  recordText,
  signEnvelope,
  type Digest,
  type Envelope,
  type KeyId,
  type Signer,
} from '@chancery/kernel/encoding';
import { catalogueDigest, type Draft, type LedgerStore } from '@chancery/kernel/ledger';
import {
  activateBundle,
  policySetDigest,
  recordedActivation,
  type Bundle,
} from '@chancery/kernel/policy';
import { done, Fault, refusal, refused, type Refusal, type Result } from '@chancery/kernel/refusal';
import {
  draftGenesis,
  readGenesisDraft,
  readKeyStatementDraft,
  trustKey,
  type Genesis,
  type Purpose,
} from '@chancery/kernel/writ';
import { Journal, type Clock } from '../journal/index.ts';
import { Authority } from './authority.ts';
import { draftOf, whyNotSpeak, type KeySaying } from './speaking.ts';
import { whyNotUsable } from './usable-keys.ts';

/** Where a ledger is founded. */
export interface Founding {
  readonly store: LedgerStore;
  readonly clock: Clock;
  /** Bundle that decides from the first run on. */
  readonly bundle: Bundle;
}

/** What a genesis says. */
export interface NewLedger {
  readonly name: string;
  /** Makes two ledgers of the same name distinct. */
  readonly nonce: string;
  /** Who says whom the ledger trusts; distinct. */
  readonly roots: readonly KeyId[];
  /** How many of them must agree, 1 at least. */
  readonly threshold: number;
}

/** The keys that a ledger begins with, beside its roots. */
export interface FirstKeys {
  /** The human: trusted for issuing, approving and signing policies. */
  readonly owner: KeyId;
  /** Key of this runtime: trusted for running and working. */
  readonly runtime: KeyId;
}

const ownerPurposes: readonly Purpose[] = ['issue', 'approve', 'sign-policy'];
const runtimePurposes: readonly Purpose[] = ['run', 'work'];

/**
 * A genesis that nobody has signed yet. Refuses `key.invalid` for a root that cannot sign.
 * @throws {Fault} when it could never be read.
 */
export function newGenesis(bundle: Bundle, ledger: NewLedger): Result<Envelope> {
  const unusable = whyNotUsable(...ledger.roots);
  if (unusable !== undefined) return { ok: false, refusal: unusable };
  const defaultPolicy = policySetDigest([bundle]);
  return done(draftGenesis({ ...ledger, contractDigest: catalogueDigest, defaultPolicy }));
}

/**
 * Writes a genesis that enough of its roots have signed. Answers the ledger id, again where it is
 * written already. Refuses `key.not-root` where too few have signed, or somebody else;
 * `key.invalid` for a root that cannot sign;
 * `envelope.invalid`, also where it was drafted by another version; `ledger.exists` where another is.
 */
export async function beginLedger(founding: Founding, envelope: Envelope): Promise<Result<Digest>> {
  const read = readGenesisDraft(envelope);
  if (!read.ok) return read;
  const { genesis, signers } = read.value;
  const wrong = whyNotUsable(...genesis.roots) ?? whyNotSpeak(genesis, signers);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  const { contractDigest, defaultPolicy } = genesis;
  const isOurs = contractDigest === catalogueDigest;
  if (!isOurs || defaultPolicy !== policySetDigest([founding.bundle])) {
    return refused('envelope.invalid', 'the genesis was drafted by another version of chancery', {
      remedy: 'Draft it with this version, and have it signed anew.',
    });
  }
  const begun = await written(founding, envelope);
  return recordText(begun.genesis) === recordText(genesis)
    ? done(begun.ledger)
    : refused('ledger.exists', 'another ledger has been founded here');
}

/** What the roots say of the keys that a ledger begins with. */
export function firstSayings(
  ledger: Digest,
  { owner, runtime }: FirstKeys,
  roots: readonly Signer[],
): readonly KeySaying[] {
  const trusted = (key: KeyId, label: string, purposes: readonly Purpose[]): KeySaying => {
    return { kind: 'key.trusted', envelope: trustKey({ ledger, key, label, purposes, roots }) };
  };
  return [trusted(owner, 'owner', ownerPurposes), trusted(runtime, 'runtime', runtimePurposes)];
}

/**
 * Completes a ledger that was begun: its first keys, as enough of its roots have signed them, and its
 * policy. Answers the ledger id. Refuses `envelope.invalid` for other sayings than `firstSayings` of
 * these keys, `key.not-root` where too few have signed, `ledger.missing` where none was begun, and
 * `ledger.exists` for one that is complete.
 */
export async function completeLedger(
  { store, clock, bundle }: Founding,
  { owner, runtime, said }: Completing,
): Promise<Result<Digest>> {
  if ((await store.head('policy')) !== null) {
    return refused('ledger.exists', 'a ledger has been founded here');
  }
  const begun = await begunIn(store);
  if (begun === undefined) return refused('ledger.missing', 'no ledger has been begun here');
  const { ledger } = begun;
  const wrong = whyNotFirst(begun, { owner: owner.id, runtime }, said);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  const policySet = policySetDigest([bundle]);
  const activated = recordedActivation(
    activateBundle({ ledger, after: ledger, by: owner, bundle, policySet }),
  );
  const drafts: readonly Draft[] = [
    ...said.map(draftOf),
    { stream: 'policy', kind: 'policy.activated', body: activated.body },
  ];
  const heads = new Map([
    ['ledger', await store.head('ledger')],
    ['policy', null],
  ]);
  const journal = new Journal({ store, clock, ledger, by: owner.id });
  const outcome = await journal.append(heads, drafts, { blobs: activated.blobs });
  return outcome.kind === 'written'
    ? done(ledger)
    : refused('ledger.exists', 'another process has founded a ledger here');
}

export interface Completing {
  readonly owner: Signer;
  readonly runtime: KeyId;
  readonly said: readonly KeySaying[];
}

/**
 * Founds a ledger by roots who are here, the owner alone where none are named: its genesis, then its
 * keys and its policy in one batch. What was cut off between the two is completed when it is called
 * again with the same roots. Answers the ledger id. Refuses `ledger.exists` for a ledger that is
 * complete, or that others have founded, `key.not-root` where fewer are here than must agree, and `key.invalid`.
 */
export async function foundLedger(
  founding: Founding,
  { name, nonce, owner, runtime, roots = aloneRoot(owner) }: FoundingHere,
): Promise<Result<Digest>> {
  const { keys, threshold, here } = roots;
  const wrong = whyNotSpeak(
    { roots: keys, threshold },
    here.map(({ id }) => id),
  );
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  if ((await founding.store.head('policy')) !== null) {
    return refused('ledger.exists', 'a ledger has been founded here');
  }
  const draft = newGenesis(founding.bundle, { name, nonce, roots: keys, threshold });
  if (!draft.ok) return draft;
  const begun = await written(founding, here.reduce(signEnvelope, draft.value));
  if (!hasRoots(begun.genesis, roots)) {
    return refused('ledger.exists', 'a ledger has been founded here with other roots');
  }
  const said = firstSayings(begun.ledger, { owner: owner.id, runtime }, here);
  return completeLedger(founding, { owner, runtime, said });
}

export interface FoundingHere extends Pick<NewLedger, 'name' | 'nonce'> {
  readonly owner: Signer;
  readonly runtime: KeyId;
  readonly roots?: Roots;
}

/** Roots of a ledger, and those of them who sign here. */
export interface Roots {
  readonly keys: readonly KeyId[];
  readonly threshold: number;
  readonly here: readonly Signer[];
}

function aloneRoot(owner: Signer): Roots {
  return { keys: [owner.id], threshold: 1, here: [owner] };
}

/** A ledger that has its genesis. */
interface Begun {
  readonly ledger: Digest;
  readonly genesis: Genesis;
}

/** The ledger that this genesis is the first entry of, unless there is one already. */
async function written({ store, clock }: Founding, envelope: Envelope): Promise<Begun> {
  const by = envelope.signatures[0]?.keyid;
  if (by !== undefined && (await store.head('ledger')) === null) {
    const draft: Draft = { stream: 'ledger', kind: 'ledger.created', body: { envelope } };
    const journal = new Journal({ store, clock, ledger: null, by });
    await journal.append(new Map([['ledger', null]]), [draft]);
  }
  const begun = await begunIn(store);
  if (begun === undefined) throw new Fault('the genesis that was just written is not there');
  return begun;
}

async function begunIn(store: LedgerStore): Promise<Begun | undefined> {
  const [first] = await store.read('ledger', 0, 1);
  if (first === undefined) return undefined;
  const ledger = leafDigest(first.text);
  return { ledger, genesis: (await new Authority(store, ledger).trust()).genesis };
}

function hasRoots({ roots, threshold }: Genesis, asked: Roots): boolean {
  const same = roots.length === asked.keys.length && asked.keys.every((key) => roots.includes(key));
  return same && threshold === asked.threshold;
}

/** Why these are not the first sayings of a ledger about these keys, signed by enough of its roots. */
function whyNotFirst(
  { ledger, genesis }: Begun,
  keys: FirstKeys,
  said: readonly KeySaying[],
): Refusal | undefined {
  const due = firstSayings(ledger, keys, []);
  const payloads = (sayings: readonly KeySaying[]) =>
    sayings.map(({ kind, envelope }) => `${kind} ${envelope.payload}`).join('\n');
  if (payloads(said) !== payloads(due)) {
    return refusal(
      'envelope.invalid',
      'something else is said than that the keys here are trusted',
      {
        remedy: 'Draft it anew: chancery init --signed GENESIS --unsigned FILE.',
      },
    );
  }
  for (const { kind, envelope } of said) {
    const read = readKeyStatementDraft(kind, envelope);
    const wrong = read.ok ? whyNotSpeak(genesis, read.value.signers) : read.refusal;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

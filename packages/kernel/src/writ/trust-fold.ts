import type { Digest, KeyId } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import { done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { isDelegationEntry, type DelegationEntry } from './approver-delegation.ts';
import { afterDelegation } from './approver-right.ts';
import { isKeyEntry, readKeyStatement, type KeyEntry, type KeyStatement } from './key-statement.ts';
import {
  purposes,
  type KeyTrust,
  type KnownDelegation,
  type KnownKey,
  type Trust,
} from './model.ts';
import { reachesThreshold, readGenesis } from './read.ts';

/** Entries that trust is folded from. */
export type TrustEntry = Entry<'ledger.created'> | KeyEntry | DelegationEntry;

/** One of them, and its place in the order of the whole ledger. */
export interface PlacedTrustEntry {
  readonly entry: TrustEntry;
  readonly position: number;
}

export function isTrustEntry(entry: Entry): entry is TrustEntry {
  return entry.kind === 'ledger.created' || isKeyEntry(entry) || isDelegationEntry(entry);
}

/**
 * Roots, keys and delegations of a ledger, taken from its stream `ledger` in order, each signature verified once.
 * The caller has checked that the ledger id is the digest of the first entry. A value of `trust`
 * does not change when more is taken.
 */
export class TrustFold {
  readonly #ledger: Digest;
  #shown: Trust | undefined;
  #genesis: Trust['genesis'] | undefined;
  #keys: Map<KeyId, KnownKey>;
  /** Never changed: replaced by another. */
  #delegations: ReadonlyMap<Digest, KnownDelegation>;
  /** Whether `#keys` is that of a value that was given out. */
  #isShared = false;

  /** Goes on from what was folded before, where it is given. */
  constructor(ledger: Digest, before?: Trust) {
    this.#ledger = ledger;
    this.#shown = before;
    this.#genesis = before?.genesis;
    this.#keys = new Map(before?.keys);
    this.#delegations = before?.delegations ?? new Map();
  }

  /** Undefined before the genesis. */
  get trust(): Trust | undefined {
    if (this.#genesis === undefined) return undefined;
    if (this.#shown === undefined) {
      this.#shown = {
        ledger: this.#ledger,
        genesis: this.#genesis,
        keys: this.#keys,
        delegations: this.#delegations,
      };
      this.#isShared = true;
    }
    return this.#shown;
  }

  /** Why an entry says nothing, in which case nothing has changed. Refuses `envelope.invalid`. */
  take({ entry, position }: PlacedTrustEntry): Refusal | undefined {
    if (entry.kind === 'ledger.created') return this.#begin(entry);
    const genesis = this.#genesis;
    if (genesis === undefined) return invalid('the ledger does not begin with its genesis');
    if (isDelegationEntry(entry)) return this.#delegate(entry, position);
    const read = readKeyStatement(entry.kind, entry.body.envelope);
    if (!read.ok) return read.refusal;
    const { statement, signers } = read.value;
    const { key } = statement;
    if (statement.ledger !== this.#ledger) {
      return invalid(`what is said of ${key} is of another ledger`);
    }
    if (!reachesThreshold(signers, genesis)) {
      return invalid(`what is said of ${key} is not signed by enough of the roots`);
    }
    const isRoot = genesis.roots.includes(key);
    const known = this.#keys.get(key);
    const next = afterStatement(known, statement, { position, isRoot });
    if (!next.ok) return next.refusal;
    this.#set(key, next.value);
    return undefined;
  }

  #delegate(entry: DelegationEntry, position: number): Refusal | undefined {
    const { trust } = this;
    if (trust === undefined) return invalid('the ledger does not begin with its genesis');
    const next = afterDelegation(trust, entry, position);
    if (!next.ok) return next.refusal;
    this.#delegations = new Map(this.#delegations).set(...next.value);
    this.#shown = undefined;
    return undefined;
  }

  #begin({ body }: Entry<'ledger.created'>): Refusal | undefined {
    if (this.#genesis !== undefined) return invalid('the ledger has a second genesis');
    const genesis = readGenesis(body.envelope);
    if (!genesis.ok) return genesis.refusal;
    this.#genesis = genesis.value;
    return undefined;
  }

  #set(key: KeyId, known: KnownKey): void {
    if (this.#isShared) this.#keys = new Map(this.#keys);
    this.#isShared = false;
    this.#shown = undefined;
    this.#keys.set(key, known);
  }
}

/** Folds a whole stream; see `TrustFold`. Refuses with `envelope.invalid` for the first entry that says nothing. */
export function foldTrust(ledger: Digest, entries: readonly PlacedTrustEntry[]): Result<Trust> {
  const fold = new TrustFold(ledger);
  for (const placed of entries) {
    const found = fold.take(placed);
    if (found !== undefined) return { ok: false, refusal: found };
  }
  const { trust } = fold;
  return trust === undefined
    ? refused('envelope.invalid', 'the ledger does not begin with its genesis')
    : done(trust);
}

/** Where a statement stands, and whether it is about a root. */
export interface StatementPlace {
  readonly position: number;
  readonly isRoot: boolean;
}

/**
 * What is known of a key after another statement about it. A later trust adds purposes and takes none
 * away. Refuses with `envelope.invalid`.
 */
export function afterStatement(
  known: KnownKey | undefined,
  statement: KeyStatement,
  { position, isRoot }: StatementPlace,
): Result<KnownKey> {
  const { key, earlier } = statement;
  const statements = known?.statements ?? 0;
  if (earlier !== undefined && earlier !== statements) {
    return refused('envelope.invalid', `what is said of ${key} was signed for another place`);
  }
  if (statement.kind === 'key.trusted') return trusted(known, statement, position);
  if (isRoot) {
    return refused('envelope.invalid', `${key} is a root: only another genesis is without it`);
  }
  if (known === undefined) return refused('envelope.invalid', `${key} was never trusted`);
  if (statement.kind === 'key.retired') {
    return isLive(known)
      ? done(ended(known, position))
      : refused('envelope.invalid', `${key} has ended before`);
  }
  const { fromSize } = statement;
  if (fromSize > position) {
    return refused('envelope.invalid', `${key} cannot be compromised from ${fromSize} on yet`);
  }
  if (known.voidFrom !== undefined && fromSize >= known.voidFrom) {
    return refused('envelope.invalid', `${key} is compromised from ${known.voidFrom} on`);
  }
  return done({ ...ended(known, position), voidFrom: fromSize });
}

/** Whether a key has a span that lasts. */
export function isLive({ spans }: KnownKey): boolean {
  return spans.at(-1)?.until === null;
}

function trusted(
  known: KnownKey | undefined,
  { key, label, purposes: given, earlier }: KeyTrust,
  position: number,
): Result<KnownKey> {
  if (known?.voidFrom !== undefined) {
    return refused('envelope.invalid', `${key} is compromised, and is never trusted again`);
  }
  if (known !== undefined && !isLive(known) && earlier === undefined) {
    return refused('envelope.invalid', `the trust in ${key} was signed before it ended`);
  }
  const all = purposes.filter(
    (purpose) => given.includes(purpose) || known?.purposes.includes(purpose),
  );
  const statements = (known?.statements ?? 0) + 1;
  const before = known === undefined ? [] : known.spans;
  if (known !== undefined && isLive(known) && all.length === known.purposes.length) {
    return done({ ...known, statements });
  }
  // From the next size on: the statement itself stands at its position.
  const from = position + 1;
  const spans = [...closedAt(before, from), { purposes: all, from, until: null }];
  return done({
    label: known?.label ?? label,
    ...{ purposes: all, spans, statements, voidFrom: undefined },
  });
}

function ended({ label, spans, statements, voidFrom }: KnownKey, position: number): KnownKey {
  const until = position + 1;
  return {
    label,
    purposes: [],
    spans: closedAt(spans, until),
    statements: statements + 1,
    voidFrom,
  };
}

function closedAt(spans: KnownKey['spans'], until: number): KnownKey['spans'] {
  return spans.map((span) => (span.until === null ? { ...span, until } : span));
}

function invalid(message: string): Refusal {
  return refusal('envelope.invalid', message);
}

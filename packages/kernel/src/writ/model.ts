import type { Amounts } from '../account/index.ts';
import type { Effect } from '../contract/index.ts';
import type { Digest, Envelope, KeyId } from '../encoding/index.ts';

/** A condition on a normalised action. A grant's conditions must all hold. */
export type Predicate =
  /** A workspace path equal to `under` or below it; `.` is the whole workspace. */
  | { readonly arg: string; readonly op: 'under'; readonly value: string }
  | { readonly arg: string; readonly op: 'is'; readonly value: string }
  | { readonly arg: string; readonly op: 'in'; readonly values: readonly string[] }
  | { readonly arg: string; readonly op: 'at-most'; readonly value: number }
  /**
   * The host of a canonical URL, or of `host:port`, is one of these; `*.` and a host are all names
   * below that, and with `:PORT` it is that port alone.
   */
  | { readonly arg: string; readonly op: 'host-in'; readonly values: readonly string[] }
  /** Every host that the action may reach is one of these, as above; also where it reaches none. */
  | { readonly op: 'hosts-in'; readonly values: readonly string[] }
  /** Every program that the command runs is one of these, and each can be told. */
  | { readonly op: 'programs-in'; readonly values: readonly string[] }
  /** The manifest of the capability has one of these digests; what is built in has none. */
  | { readonly op: 'manifest-in'; readonly values: readonly Digest[] };

/** A condition on one argument. */
export type ArgumentPredicate = Extract<Predicate, { readonly arg: string }>;

export interface Grant {
  readonly capability: string;
  readonly where: readonly Predicate[];
}

/** The terms of a writ: what its subject may do, how much, when, and whether it may delegate. */
export interface Terms {
  /** At most one grant a capability, by name in code unit order. */
  readonly grants: readonly Grant[];
  /** Ceiling: the set of permitted effects, in the order of `effects`; `pure` is always allowed. */
  readonly effects: readonly Effect[];
  readonly budget: Amounts;
  /** Both ends inclusive, milliseconds since the epoch. */
  readonly window: { readonly notBefore: number; readonly notAfter: number };
  readonly delegation: {
    /** How many generations may stand below; a child has strictly less. */
    readonly depth: number;
    /** How many children may be issued. */
    readonly children: number;
  };
}

/** Payload of a writ. Its digest is its id. */
export interface Writ extends Terms {
  readonly v: 1;
  readonly ledger: Digest;
  /** Id of the writ that this one was carved from; null for a root writ. */
  readonly parent: Digest | null;
  readonly issuer: KeyId;
  readonly subject: KeyId;
  readonly nonce: string;
}

/** A writ with its id recomputed from the signed payload, never taken from elsewhere. */
export interface ReadWrit {
  readonly id: Digest;
  readonly writ: Writ;
  readonly envelope: Envelope;
}

/** What a trusted key may do. */
export type Purpose = 'issue' | 'approve' | 'run' | 'work' | 'sign-policy' | 'witness';

export const purposes: readonly Purpose[] = [
  'issue',
  'approve',
  'run',
  'work',
  'sign-policy',
  'witness',
];

/** Payload of the genesis, signed by `threshold` of `roots`. */
export interface Genesis {
  readonly v: 1;
  readonly name: string;
  readonly roots: readonly KeyId[];
  readonly threshold: number;
  /** Digest of the catalogue that the ledger begins with. */
  readonly contractDigest: Digest;
  /** Digest of the policy set that is activated at the start. */
  readonly defaultPolicy: Digest;
  readonly nonce: string;
}

/** Payload of `key.trusted`, signed by `threshold` of the ledger's roots. */
export interface KeyTrust {
  readonly v: 1;
  readonly ledger: Digest;
  readonly key: KeyId;
  readonly label: string;
  readonly purposes: readonly Purpose[];
  /** As in `KeyRetirement`; older versions left it out, and such a statement revives no key. */
  readonly earlier?: number;
}

/** Payload of `key.retired`, signed as that of `key.trusted` is: the key signs nothing new. */
export interface KeyRetirement {
  readonly v: 1;
  readonly ledger: Digest;
  readonly key: KeyId;
  /** Number of statements about this key before this one, so that none can be recorded again. */
  readonly earlier: number;
  readonly reason: string;
}

/** Payload of `key.compromised`, signed likewise: what it signed since is void. */
export interface KeyCompromise extends KeyRetirement {
  /** Size that the ledger had when the key was last in the right hands alone. */
  readonly fromSize: number;
}

/** Payload of `writ.revoked`, signed by the writ's issuer or a root. */
export interface Revocation {
  readonly v: 1;
  readonly ledger: Digest;
  readonly writ: Digest;
  readonly reason: string;
}

/** Payload of `writ.closed`, signed by the writ's subject, its issuer or a root. */
export type Closing = Revocation;

/** The purposes of a key at the sizes `from` ≤ size < `until` of the ledger. */
export interface KeySpan {
  readonly purposes: readonly Purpose[];
  readonly from: number;
  /** Null while it lasts. */
  readonly until: number | null;
}

/** Everything that the roots have said of a key. */
export interface KnownKey {
  readonly label: string;
  /** What it may do now. */
  readonly purposes: readonly Purpose[];
  /** In their order, none overlapping. */
  readonly spans: readonly KeySpan[];
  /** How many statements there are. */
  readonly statements: number;
  /** Size of the ledger from which on what it signed is void. */
  readonly voidFrom: number | undefined;
}

/** That a key may answer in the place of an approver. */
export interface KnownDelegation {
  readonly approver: KeyId;
  readonly delegate: KeyId;
  /** The one channel that it is for; null for all. */
  readonly channel: string | null;
  /** Both ends inclusive, milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Position of the entry that gave it, and of the one that ended it; null while none has. */
  readonly from: number;
  readonly until: number | null;
}

/** Roots and keys of a ledger as they stand at one place of it, folded from its stream `ledger`. */
export interface Trust {
  readonly ledger: Digest;
  readonly genesis: Genesis;
  readonly keys: ReadonlyMap<KeyId, KnownKey>;
  /** Rights of approvers that others may use for a time, by id; also those that are over. */
  readonly delegations: ReadonlyMap<Digest, KnownDelegation>;
}

import {
  misfit,
  openEnvelope,
  openUnsigned,
  sealEnvelope,
  type Digest,
  type Envelope,
  type Form,
  type JsonObject,
  type KeyId,
  type OpenedEnvelope,
  type Signer,
} from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { keyCompromiseForm, keyRetirementForm, keyTrustForm, placedKeyTrustForm } from './form.ts';
import {
  purposes,
  type KeyCompromise,
  type KeyRetirement,
  type KeyTrust,
  type Purpose,
} from './model.ts';

/** Kinds by which the roots speak of a key. */
export const keyKinds = ['key.trusted', 'key.retired', 'key.compromised'] as const;

export type KeyKind = (typeof keyKinds)[number];

export type KeyEntry = { readonly [K in KeyKind]: Entry<K> }[KeyKind];

/** What the roots say of a key. */
export type KeyStatement =
  | ({ readonly kind: 'key.trusted' } & KeyTrust)
  | ({ readonly kind: 'key.retired' } & KeyRetirement)
  | ({ readonly kind: 'key.compromised' } & KeyCompromise);

export interface ReadKeyStatement {
  readonly statement: KeyStatement;
  /** Keys that signed it; whether they are roots is for the fold of trust to say. */
  readonly signers: readonly KeyId[];
}

export interface KeyTrustRequest {
  readonly ledger: Digest;
  readonly key: KeyId;
  /** For people, 1 to 128 characters. */
  readonly label: string;
  readonly purposes: readonly Purpose[];
  /** Number of statements about this key before this one; none where it is left out. */
  readonly earlier?: number;
  /** At least as many roots as the threshold of the ledger; none for a draft that goes round them. */
  readonly roots: readonly Signer[];
}

/** Signs the statement that a key is trusted for these purposes. */
export function trustKey(request: KeyTrustRequest): Envelope {
  const { ledger, key, label, earlier = 0 } = request;
  const wanted = purposes.filter((purpose) => request.purposes.includes(purpose));
  const statement: KeyTrust = { v: 1, ledger, key, label, purposes: wanted, earlier };
  return sealEnvelope(payloadTypes['key.trusted'], statement, request.roots);
}

export interface KeyRetirementRequest extends Pick<KeyRetirement, 'ledger' | 'key' | 'earlier'> {
  readonly reason: string;
  readonly roots: readonly Signer[];
}

/** Signs that a key signs nothing new from here on; what it has signed stands. */
export function retireKey(request: KeyRetirementRequest): Envelope {
  const { ledger, key, earlier, reason, roots } = request;
  const statement: KeyRetirement = { v: 1, ledger, key, earlier, reason };
  return sealEnvelope(payloadTypes['key.retired'], statement, roots);
}

export interface KeyCompromiseRequest extends KeyRetirementRequest {
  readonly fromSize: number;
}

/** Signs that what a key signed when the ledger had `fromSize` entries or more is void. */
export function compromiseKey(request: KeyCompromiseRequest): Envelope {
  const { ledger, key, earlier, reason, fromSize, roots } = request;
  const statement: KeyCompromise = { v: 1, ledger, key, earlier, reason, fromSize };
  return sealEnvelope(payloadTypes['key.compromised'], statement, roots);
}

const payloadTypes = {
  'key.trusted': 'application/vnd.chancery.key+json',
  'key.retired': 'application/vnd.chancery.key-retirement+json',
  'key.compromised': 'application/vnd.chancery.key-compromise+json',
} as const satisfies Readonly<Record<KeyKind, string>>;

/** Reads what an envelope says of a key, signed by one at least. Refuses with `envelope.invalid`. */
export function readKeyStatement(kind: KeyKind, envelope: Envelope): Result<ReadKeyStatement> {
  return readOpened(kind, openEnvelope(envelope, payloadTypes[kind]));
}

/** Reads what may bear no signature yet; as `readKeyStatement` in all else. */
export function readKeyStatementDraft(kind: KeyKind, envelope: Envelope): Result<ReadKeyStatement> {
  return readOpened(kind, openUnsigned(envelope, payloadTypes[kind]));
}

function readOpened(kind: KeyKind, opened: Result<OpenedEnvelope>): Result<ReadKeyStatement> {
  if (!opened.ok) return opened;
  const { payload, signers } = opened.value;
  const wrong = misfit(payload, formOf(kind, payload));
  if (wrong !== undefined) {
    return refused('envelope.invalid', `the payload has a malformed "${wrong}"`);
  }
  return done({ statement: { kind, ...payload } as unknown as KeyStatement, signers });
}

function formOf(kind: KeyKind, payload: JsonObject): Readonly<Record<string, Form>> {
  if (kind === 'key.retired') return keyRetirementForm;
  if (kind === 'key.compromised') return keyCompromiseForm;
  return Object.hasOwn(payload, 'earlier') ? placedKeyTrustForm : keyTrustForm;
}

export function isKeyEntry(entry: Entry): entry is KeyEntry {
  return keyKinds.some((kind) => kind === entry.kind);
}

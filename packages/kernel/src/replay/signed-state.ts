import {
  envelopeOf,
  exactly,
  isDigest,
  misfit,
  openEnvelope,
  parseRecord,
  recordText,
  sealEnvelope,
  type Digest,
  type Form,
  type Json,
  type JsonObject,
  type KeyId,
  type PayloadType,
  type Signer,
} from '../encoding/index.ts';
import { done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';

/** A payload beside its version and the ledger that it is of. */
export type StatePayload = Readonly<Record<string, Json>>;

/** Signs a state that was folded; the bytes of its envelope. */
export function sealState(
  type: PayloadType,
  payload: StatePayload,
  { ledger, by }: { readonly ledger: Digest; readonly by: Signer },
): Uint8Array {
  const envelope = sealEnvelope(type, { ...payload, v: 1, ledger }, [by]);
  return new TextEncoder().encode(recordText(envelope));
}

/** What a signed state is held against. */
export interface SnapshotGround {
  /** Id of the ledger that is read. */
  readonly ledger: Digest;
  /** Whether the ledger trusts a key to run. */
  readonly isTrusted: (key: KeyId) => boolean;
}

/** What a signed state has to be. */
export interface StateKind {
  readonly type: PayloadType;
  readonly form: Readonly<Record<string, Form>>;
}

/**
 * The payload of a state that one trusted key has signed for this ledger, of the form that is asked
 * for. Refuses `snapshot.invalid`, and `ledger.newer` for one of a later version.
 */
export function openState(
  bytes: Uint8Array,
  { type, form }: StateKind,
  ground: SnapshotGround,
): Result<JsonObject> {
  const parsed = parseRecord(new TextDecoder().decode(bytes));
  const envelope = parsed.ok ? envelopeOf(parsed.value) : undefined;
  if (envelope === undefined) return invalidSnapshot('it is not a signed envelope');
  const opened = openEnvelope(envelope, type);
  if (!opened.ok) return invalidSnapshot(opened.refusal.message);
  const { payload, signers } = opened.value;
  const wrong = strangerOf(signers, ground) ?? malformed(payload, form, ground);
  return wrong === undefined ? done(payload) : { ok: false, refusal: wrong };
}

export function invalidSnapshot(why: string): Result<never> {
  return refused('snapshot.invalid', refusalOf(why).message);
}

function strangerOf(signers: readonly KeyId[], { isTrusted }: SnapshotGround) {
  const [signer, ...others] = signers;
  const right = signer !== undefined && others.length === 0 && isTrusted(signer);
  return right ? undefined : refusalOf(`the ledger does not trust ${signers.join(', ')} to run`);
}

function malformed(
  payload: JsonObject,
  form: StateKind['form'],
  { ledger }: SnapshotGround,
): Refusal | undefined {
  const { v } = payload;
  if (typeof v === 'number' && v > 1) {
    return refusal('ledger.newer', `the snapshot has the version ${v}`);
  }
  const wrong = misfit(payload, { v: exactly(1), ledger: isDigest, ...form });
  if (wrong !== undefined) return refusalOf(`it has a malformed "${wrong}"`);
  return payload['ledger'] === ledger ? undefined : refusalOf('it is of another ledger');
}

function refusalOf(why: string): Refusal {
  return refusal('snapshot.invalid', `the snapshot cannot be used: ${why}`);
}

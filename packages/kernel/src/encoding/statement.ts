import { done, refused, type Result } from '../refusal/index.ts';
import { openEnvelope, type Envelope, type PayloadType } from './envelope.ts';
import type { JsonObject } from './json.ts';
import type { KeyId } from './key.ts';

/** What exactly one key has signed; whether it may is for the reader to ask. */
export interface ReadStatement<S> {
  readonly said: S;
  readonly signer: KeyId;
}

export interface StatementType {
  readonly type: PayloadType;
  /** What it is called in a refusal: "the vote". */
  readonly what: string;
  /** The member by which a payload differs from its form, see `misfit`; its form is that of `S`. */
  readonly wrongIn: (payload: JsonObject) => string | undefined;
}

/** Reads what exactly one key has signed, once. Refuses with `envelope.invalid`. */
export function readStatement<S>(
  envelope: Envelope,
  { type, what, wrongIn }: StatementType,
): Result<ReadStatement<S>> {
  const opened = openEnvelope(envelope, type);
  if (!opened.ok) return opened;
  const { payload, signers } = opened.value;
  const wrong = wrongIn(payload);
  if (wrong !== undefined) return refused('envelope.invalid', `${what} has a malformed "${wrong}"`);
  const [signer] = signers;
  if (signer === undefined || envelope.signatures.length !== 1) {
    return refused('envelope.invalid', `${what} bears more than one signature`);
  }
  return done({ said: payload as unknown as S, signer });
}

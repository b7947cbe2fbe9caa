import {
  exactly,
  isDigest,
  misfit,
  readStatement,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type KeyId,
  type Signer,
} from '../encoding/index.ts';
import { refusal, type Refusal } from '../refusal/index.ts';
import { isTrustedFor, type Trust } from '../writ/index.ts';

/** Payload of a human's word in `execution.reconciled`: whether an effect in doubt has happened. */
export interface Word {
  readonly v: 1;
  readonly ledger: Digest;
  readonly action: Digest;
  /** Digest of the entry `execution.in-doubt` that it answers. */
  readonly doubt: Digest;
  readonly happened: boolean;
  /** What was found by whoever looked. */
  readonly evidence: string;
}

const payloadType = 'application/vnd.chancery.word+json';

const wordForm: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  action: isDigest,
  doubt: isDigest,
  happened: (value) => typeof value === 'boolean',
  evidence: textOf(0, Number.MAX_SAFE_INTEGER),
};

/** Signs a word. */
export function giveWord(said: Omit<Word, 'v'>, by: Signer): Envelope {
  const word: Word = { ...said, v: 1 };
  return sealEnvelope(payloadType, word, [by]);
}

export interface WordContext {
  readonly trust: Trust;
  /** Key that proposed the action; it cannot vouch for what became of it. */
  readonly proposer: KeyId;
}

/**
 * Why an envelope is not the word that is said: about this very doubt, signed by one key, which is
 * trusted for approving and is not the proposer's. Refuses `envelope.invalid` and
 * `approval.not-approver`.
 */
export function checkWord(
  envelope: Envelope,
  said: Omit<Word, 'v'>,
  { trust, proposer }: WordContext,
): Refusal | undefined {
  const read = readStatement<Word>(envelope, {
    type: payloadType,
    what: 'the word',
    wrongIn: (payload) => misfit(payload, wordForm),
  });
  if (!read.ok) return read.refusal;
  const { said: stated, signer } = read.value;
  const other = (Object.keys(said) as (keyof typeof said)[]).find(
    (member) => stated[member] !== said[member],
  );
  if (other !== undefined) return refusal('envelope.invalid', `the word names another ${other}`);
  return signer !== proposer && isTrustedFor(trust, signer, 'approve')
    ? undefined
    : refusal('approval.not-approver', `${signer} may not say what happened`);
}

import {
  amounts,
  array,
  bool,
  content,
  count,
  digest,
  envelope,
  keyId,
  nullable,
  object,
  refusalBody,
  streamName,
  text,
} from '../schema.ts';
import { delta } from './delta.ts';

const verdict = { enum: ['pass', 'refuse', 'hold', 'unreached'] } as const;

/** Verdict of each compiler stage, in an object whose members are the thirteen stages. */
const trace = object({
  controls: verdict,
  intent: verdict,
  writ: verdict,
  revocation: verdict,
  window: verdict,
  capability: verdict,
  args: verdict,
  scope: verdict,
  preconditions: verdict,
  budget: verdict,
  policy: verdict,
  holds: verdict,
  emit: verdict,
});

/** The digest of an action is over its contents, wherever they stand. */
const action = object({
  ledger: digest,
  stream: streamName,
  /** Digest of the intent. */
  intent: digest,
  writ: digest,
  /** Digest of the capability's contract. */
  contract: digest,
  capability: text,
  normalisedArgs: content,
  /** Outside facts that were used to normalise. */
  resolved: content,
});

const rules = array(
  object({
    id: text,
    level: text,
    effect: { enum: ['permit', 'forbid', 'hold', 'lift', 'shadow', 'error'] },
  }),
);

/**
 * What policy was asked, in whole: kind of the intent, attributes of the capability, the context, and
 * what holds the action besides policy. Not there where an earlier stage refused, and in entries of
 * before it was recorded.
 */
const question = content;

const effects = array({ enum: ['pure', 'read', 'write', 'external', 'irreversible'] });

const failure = object({
  class: { enum: ['terminal', 'retryable', 'unknown'] },
  code: text,
  message: text,
});

/**
 * What whoever sees this may have seen by it: `secret:<scope>`, `untrusted:<where from>`. Not there
 * where it is nothing.
 */
const labels = array(text);

export const executionKinds = {
  'proposal.staged': object(
    {
      action,
      actionDigest: digest,
      effects,
      trace,
      rules,
      question,
      reserved: amounts,
      /** Of the set that decided, and that the commit names again. */
      policySetDigest: digest,
      nowMs: count,
    },
    ['question'],
  ),
  'proposal.suspended': object(
    {
      action,
      actionDigest: digest,
      effects,
      trace,
      rules,
      question,
      hold: object({ channel: text, quorum: count, reason: text, rule: text }),
      nowMs: count,
    },
    ['question'],
  ),
  'proposal.rejected': object(
    {
      callId: text,
      /** Digest of the intent; null when it could not be read as one. */
      intent: nullable(digest),
      trace,
      rules,
      question,
      refusal: refusalBody,
      nowMs: count,
    },
    ['question'],
  ),
  'approval.requested': object(
    {
      run: streamName,
      action: digest,
      channel: text,
      quorum: object({ m: count, of: array(keyId) }),
      reason: text,
      expiresAt: count,
      /** Where it is asked anew, and from when on, unless it has been decided. */
      escalate: object({ to: text, at: count }),
    },
    ['escalate'],
  ),
  'approval.voted': object({ envelope }),
  'approval.resolved': object({
    action: digest,
    /** Digest of the request entry. */
    request: digest,
    /** What is escalated is asked anew in the same batch. */
    outcome: { enum: ['granted', 'denied', 'expired', 'escalated'] },
    voters: array(keyId),
    reason: text,
  }),
  'execution.started': object(
    {
      action: digest,
      attempt: count,
      reserved: amounts,
      /** Tree digest before the effect; null when the capability cannot touch the workspace. */
      treeBefore: nullable(text),
      unsandboxed: bool,
      /** Secrets of the vault that are lent to it; `setAt` tells which value of the name it was. */
      leases: array(object({ name: text, scope: text, setAt: count })),
    },
    ['leases'],
  ),
  commit: object(
    {
      action: digest,
      observation: content,
      /** Number of secrets that were redacted from the observation. */
      redactions: count,
      labels,
      /** The label of secrecy that a human has taken from the run by this action. */
      unlabelled: text,
      delta,
      cost: amounts,
      compilerVersion: text,
      policySetDigest: digest,
      contractDigest: digest,
      /** In a run that undoes another: entries of that one, its commits, that this one undoes. */
      compensates: array(count),
    },
    ['labels', 'unlabelled', 'compensates'],
  ),
  'execution.failed': object(
    { action: digest, failure, redactions: count, labels, delta, cost: amounts },
    ['labels'],
  ),
  'execution.in-doubt': object({ action: digest, reason: text }),
  'execution.reconciled': object({
    action: digest,
    happened: bool,
    /** What was found, by the capability or by the human who looked. */
    evidence: text,
    /** The signed word of the human who looked; null where the capability has told. */
    word: nullable(envelope),
  }),
} as const;

import {
  amounts,
  array,
  bool,
  content,
  count,
  digest,
  integer,
  keyId,
  nullable,
  object,
  streamName,
  text,
} from '../schema.ts';
import { delta } from './delta.ts';
import { routingEvidence, routingHeard } from './routing.ts';

/** Tokens and money of one model call. */
const spend = object({ tokens: count, costMicrousd: count });

const failure = object({
  class: { enum: ['terminal', 'retryable', 'unknown'] },
  code: text,
  message: text,
});

/** Kinds of the streams `run:<id>` that tell of the run itself. */
export const runKinds = {
  'run.started': object(
    {
      task: text,
      /** Where the contents of the run belong to a subject: its key, and the task, sealed with it. */
      subject: object({ key: digest, task: content }),
      /** What it belongs to, where it was said: secrets of the vault are kept for these. */
      initiative: text,
      plan: text,
      /**
       * `rollback`: no model, but what was recorded of another run, undone. `mcp`: an agent outside, as
       * whom `model` names what it calls itself.
       */
      agent: object({ kind: { enum: ['native', 'rollback', 'mcp'] }, model: text, why: text }),
      /**
       * Of a run that undoes another: what that one did after this entry of it, the digest of the plan
       * that was agreed to, the savepoint of that moment whose files are to be again where it is not
       * those of the moment itself, and the runs that have to succeed before its first step: they undo
       * what goes on from the other one.
       */
      rollback: object(
        { to: count, toSavepoint: text, undoing: digest, undoneFirst: array(streamName) },
        ['toSavepoint', 'undoing', 'undoneFirst'],
      ),
      actor: keyId,
      writ: digest,
      /** Digest of the catalogue of kinds that this runtime writes. */
      contractDigest: digest,
      /** Of what is active and of the run's own policies: `narrowedDigest`. */
      policySetDigest: digest,
      /** Policies of this run alone, below all that is active: the digest and the signed bundle of each. */
      policies: array(object({ bundle: digest, envelope: content })),
      /** Contract of every capability that is offered, pinned for the whole run. */
      capabilities: array(object({ name: text, contract: digest })),
      sandbox: object(
        {
          provider: text,
          version: text,
          enforced: array(text),
          missing: array(text),
          /** What a command may use up, and what holds it to that. */
          limits: array(object({ limit: text, most: count, by: text })),
          unsafe: bool,
        },
        ['limits'],
      ),
      workspace: object({
        repository: text,
        baseCommit: text,
        /** Tree digest of the world at the start. */
        tree: text,
        branch: text,
        worktree: text,
        /** What the guarantees do not cover, and why. */
        outside: array(object({ path: text, why: text })),
      }),
      gates: array(text),
      limits: object({
        turns: count,
        wallMs: count,
        retries: count,
        outputTokens: count,
        /** How long a human has to answer a hold. */
        approvalMs: count,
      }),
      /** Actions of this risk or above are held. */
      riskThreshold: { enum: ['low', 'medium', 'high', 'critical'] },
      /** Globs of the files whose change is held. */
      protectedPaths: array(text),
      /** Price in micro-USD for a million tokens, and where it comes from. */
      price: object(
        {
          inputMicrousd: count,
          cachedInputMicrousd: count,
          outputMicrousd: count,
          source: text,
          /** The entry of the price table that says so, where one does. */
          table: digest,
        },
        ['table'],
      ),
    },
    ['subject', 'initiative', 'plan', 'rollback', 'policies'],
  ),
  /** The run goes on from a moment of another; in the batch of its start. */
  'run.branched': object(
    {
      source: streamName,
      /** The entry of the source after which it goes on. */
      seq: count,
      /** The entry of the source, that one or one before it, which made the world what it was then. */
      entry: digest,
      /** Of the source at that moment. */
      worldDigest: digest,
      /** What the source may have seen until then. */
      labels: array(text),
      /** What the world of the source has beside its files. */
      delta,
      /** How much had left the machine in the source after text of strangers was seen. */
      egressAfterUntrusted: count,
    },
    ['egressAfterUntrusted'],
  ),
  'run.finished': object({
    outcome: { enum: ['succeeded', 'failed', 'cancelled', 'exhausted'] },
    reason: text,
    gates: array(object({ command: text, action: digest, exitCode: integer, passed: bool })),
    /** Commit of the result on the branch of the run; null when there is none. */
    commit: nullable(text),
    tree: text,
    worldDigest: digest,
    spent: amounts,
  }),
  'turn.started': object({ turn: count }),
  'model.requested': object({
    turn: count,
    attempt: count,
    model: text,
    /** Digest of the whole request: messages, tools, limits. */
    request: digest,
    messages: count,
    reserved: spend,
  }),
  'model.responded': object(
    {
      turn: count,
      attempt: count,
      /** The model that the provider says has answered, where it is not the one that was asked. */
      servedBy: { ...text, maxLength: 128 },
      text: content,
      calls: array(
        object(
          {
            ...{ id: text, name: text, args: content, malformed: bool },
            /** What a router says of how it came to this call. */
            routing: routingHeard,
          },
          ['routing'],
        ),
      ),
      stop: { enum: ['end', 'calls', 'length', 'refusal', 'other'] },
      usage: object({ inputTokens: count, cachedInputTokens: count, outputTokens: count }),
      cost: spend,
    },
    ['servedBy'],
  ),
  'model.interrupted': object({
    turn: count,
    attempt: count,
    failure,
    retryInMs: nullable(count),
    cost: spend,
  }),
  'intent.proposed': object(
    {
      /** Who emitted it: the model, an agent outside, or the runtime for a gate or of a plan to undo. */
      origin: { enum: ['model', 'gate', 'human', 'rollback', 'mcp'] },
      turn: count,
      callId: text,
      /** Digest of the intent, and its nonce where it has one. */
      digest,
      nonce: nullable(text),
      intent: content,
      /** What a router says of how it came to this; no part of the intent, and never read to decide. */
      routing: routingEvidence,
    },
    ['routing'],
  ),
  'turn.finished': object({ turn: count, calls: count }),
  /** In the batch of the entry that crosses it. */
  'budget.threshold-crossed': object({
    dimension: { enum: ['tokens', 'costMicrousd', 'calls', 'wallMs', 'cpuMs', 'bytesOut'] },
    percent: count,
    spent: count,
    granted: count,
  }),
} as const;

import type { Digest, KeyId } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import {
  delegationId,
  readDelegation,
  readDelegationEnd,
  type DelegationEntry,
} from './approver-delegation.ts';
import { isBarred, isTrustedFor } from './known-key.ts';
import type { KnownDelegation, Trust } from './model.ts';
import { believe, type SayingRule } from './saying.ts';

/** Where and when a key speaks. */
export interface Speaking {
  readonly channel: string;
  readonly nowMs: number;
  /** Size that the ledger had when it spoke; left out, the present is asked for. */
  readonly at?: number | undefined;
}

/**
 * Whether what a key says counts as the word of an approver: it is the approver's own, or has been
 * delegated to by it, for this channel and time. Either way the approver has to be trusted for
 * approving then; that it was when it delegated is for the fold to see.
 */
export function speaksFor(
  trust: Trust,
  key: KeyId,
  approver: KeyId,
  { channel, nowMs, at }: Speaking,
): boolean {
  if (!isTrustedFor(trust, approver, 'approve', at)) return false;
  if (key === approver) return true;
  if (whyNotDelegate(trust, key, at) !== undefined) return false;
  for (const given of trust.delegations.values()) {
    if (given.approver !== approver || given.delegate !== key) continue;
    if (given.channel !== null && given.channel !== channel) continue;
    const stands = given.until === null || (at !== undefined && at < given.until);
    const isNow = given.notBefore <= nowMs && nowMs <= given.notAfter;
    const wasKnown = at === undefined || given.from < at;
    if (stands && isNow && wasKnown) return true;
  }
  return false;
}

/** Why a key may not answer for a human: it was taken leave of, or it is that of a machine. */
export function whyNotDelegate(trust: Trust, key: KeyId, at?: number): string | undefined {
  if (isBarred(trust, key, at)) return `${key} has been retired or compromised`;
  const isMachine = isTrustedFor(trust, key, 'run', at) || isTrustedFor(trust, key, 'work', at);
  return isMachine ? `${key} is the key of a runtime or a worker, not of a human` : undefined;
}

/** Whether a key may end a delegation: it gave it, it has it, or it is a root. */
export function mayEndDelegation(
  { genesis }: Pick<Trust, 'genesis'>,
  { approver, delegate }: KnownDelegation,
  key: KeyId,
): boolean {
  return key === approver || key === delegate || genesis.roots.includes(key);
}

/**
 * A delegation as an entry leaves it, under its id, see `believe`. That a key is found to be compromised
 * later is for `speaksFor` to see. Refuses with `envelope.invalid`.
 */
export function afterDelegation(
  trust: Trust,
  entry: DelegationEntry,
  position: number,
): Result<readonly [Digest, KnownDelegation]> {
  if (entry.kind === 'approver.delegated') {
    const read = readDelegation(entry.body.envelope);
    if (!read.ok) return read;
    const { approver, delegate, channel, notBefore, notAfter } = read.value.said;
    const given = believe(read.value, { entry, position }, givenBy(approver), trust);
    if (!given.ok) return given;
    if (approver === delegate) return refused('envelope.invalid', 'a key delegates to itself');
    const span = { notBefore, notAfter, from: position, until: null };
    return done([delegationId(read.value.said), { approver, delegate, channel, ...span }]);
  }
  const read = readDelegationEnd(entry.body.envelope);
  if (!read.ok) return read;
  const { id } = read.value.said;
  const given = trust.delegations.get(id);
  const ended = believe(read.value, { entry, position }, endedBy(given), trust);
  if (!ended.ok) return ended;
  if (given?.until !== null) {
    return refused('envelope.invalid', `there is no delegation ${id} that could end`);
  }
  return done([id, { ...given, until: position }]);
}

function givenBy(approver: KeyId): SayingRule {
  return {
    what: 'the delegation',
    may: (trust, key, at) => key === approver && isTrustedFor(trust, approver, 'approve', at),
    lacks: `has no right of ${approver} to delegate`,
  };
}

function endedBy(given: KnownDelegation | undefined): SayingRule {
  return {
    what: 'the delegation',
    may: (trust, key) => given === undefined || mayEndDelegation(trust, given, key),
    lacks: 'may not end the delegation',
  };
}

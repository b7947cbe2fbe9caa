import type { Digest, KeyId } from '../encoding/index.ts';
import type { SealedEntry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { believe, isTrustedFor, type SayingRule, type Trust } from '../writ/index.ts';
import { readClearance, readEngagement, type Engagement } from './control.ts';

/** A control that stands, with who engaged it. */
export type Engaged = Engagement & { readonly by: KeyId };

/** Controls that are engaged, by the digest of the entry that engaged them. */
export type Controls = ReadonlyMap<Digest, Engaged>;

const saying: SayingRule = {
  what: 'the control',
  may: mayControl,
  lacks: 'is neither a root nor trusted for approving',
};

/**
 * The controls after an entry of the stream `control`, see `believe`: its signer is a root or trusted for
 * approving. Where that key is found to be compromised, what it engaged still halts, and what it cleared
 * is engaged again. Refuses with `envelope.invalid`.
 */
export function evolveControls(
  controls: Controls,
  { entry, digest, position }: SealedEntry,
  present: Trust,
): Result<Controls> {
  if (entry.kind === 'control.engaged') {
    const read = readEngagement(entry.body.envelope);
    if (!read.ok) return read;
    const counts = believe(read.value, { entry, position }, saying, present);
    if (!counts.ok) return counts;
    return done(new Map(controls).set(digest, { ...read.value.said, by: entry.by }));
  }
  if (entry.kind !== 'control.cleared') return done(controls);
  const read = readClearance(entry.body.envelope);
  if (!read.ok) return read;
  const counts = believe(read.value, { entry, position }, saying, present);
  if (!counts.ok) return counts;
  if (!counts.value) return done(controls);
  const left = new Map(controls);
  if (!left.delete(read.value.said.engaged)) {
    return refused('envelope.invalid', 'the control that is cleared is not engaged');
  }
  return done(left);
}

/** Whether a key may engage and clear controls: a root, or one that is trusted for approving. */
export function mayControl(trust: Trust, key: KeyId, at?: number): boolean {
  return isTrustedFor(trust, key, 'approve', at) || trust.genesis.roots.includes(key);
}

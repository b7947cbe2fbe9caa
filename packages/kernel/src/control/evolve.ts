import { type Digest, type KeyId } from '../encoding/index.ts';
import { type Entry, type SealedEntry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { isTrustedFor, withoutCompromises, type Trust } from '../writ/index.ts';
import { readClearance, readEngagement, type Control, type Engagement } from './control.ts';

/** A control that stands, with who engaged it. */
export type Engaged = Engagement & { readonly by: KeyId };

/** Controls that are engaged, by the digest of the entry that engaged them. */
export type Controls = ReadonlyMap<Digest, Engaged>;

/**
 * The controls after an entry of the stream `control`. What is signed names the ledger and the entry
 * before it, so that neither can be recorded twice, here or elsewhere; its signer is the author of
 * the entry, and a root or trusted for approving. Where that key is found to be compromised, what it
 * engaged still halts, and what it cleared is engaged again. Refuses with `envelope.invalid`.
 */
export function evolveControls(
  controls: Controls,
  { entry, digest, position }: SealedEntry,
  present: Trust,
): Result<Controls> {
  const by = { trust: withoutCompromises(present), at: position };
  if (entry.kind === 'control.engaged') {
    const read = readEngagement(entry.body.envelope);
    if (!read.ok) return read;
    const unfit = unfitness(entry, read.value.control, read.value.signer, by);
    if (unfit !== undefined) return refused('envelope.invalid', unfit);
    return done(new Map(controls).set(digest, { ...read.value.control, by: entry.by }));
  }
  if (entry.kind !== 'control.cleared') return done(controls);
  const read = readClearance(entry.body.envelope);
  if (!read.ok) return read;
  const { control, signer } = read.value;
  const unfit = unfitness(entry, control, signer, by);
  if (unfit !== undefined) return refused('envelope.invalid', unfit);
  if (!mayControl(present, signer, position)) return done(controls);
  const left = new Map(controls);
  if (!left.delete(control.engaged)) {
    return refused('envelope.invalid', 'the control that is cleared is not engaged');
  }
  return done(left);
}

/** Whether a key may engage and clear controls: a root, or one that is trusted for approving. */
export function mayControl(trust: Trust, key: KeyId, at?: number): boolean {
  return isTrustedFor(trust, key, 'approve', at) || trust.genesis.roots.includes(key);
}

function unfitness(
  { by, prev }: Entry,
  { ledger, after }: Control,
  signer: KeyId,
  { trust, at }: { readonly trust: Trust; readonly at: number | undefined },
): string | undefined {
  if (ledger !== trust.ledger) return 'the control is of another ledger';
  if (after !== prev) return 'the control was signed for another place';
  if (signer !== by) return 'the control is signed by another key than its author';
  return mayControl(trust, signer, at)
    ? undefined
    : `${signer} is neither a root nor trusted for approving`;
}

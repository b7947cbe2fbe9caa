import {
  clear,
  engage,
  mayControl,
  type ControlMode,
  type ControlScope,
} from '@chancery/kernel/control';
import type { Digest, Envelope, Signer } from '@chancery/kernel/encoding';
import type { Draft } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { Journal } from '../journal/index.ts';
import type { ControlStanding } from './authority.ts';
import type { Signatory } from './signatory.ts';

/** What is to halt, how, and why. */
export type Engaging = ControlScope & { readonly mode: ControlMode; readonly reason: string };

/**
 * Signs and records that everything, one run, or one writ with all below it is to halt, whoever
 * writes at the same moment. Answers the digest of the entry. Refuses `approval.not-approver`: a
 * control that is signed by a wrong key would stop everybody who reads it.
 */
export async function engageControl(
  signatory: Signatory,
  asked: Engaging,
): Promise<Result<Digest>> {
  const { ledger, by } = signatory;
  for (;;) {
    const standing = await signatory.authority.controls();
    if (!mayControl(standing.trust, by.id)) return notYours(by);
    const after = standing.head?.digest ?? ledger;
    const envelope = engage({ ...asked, ledger, after }, by);
    const written = await append(signatory, standing, { envelope, cause: null });
    if (written !== undefined) return done(written);
  }
}

/**
 * Signs and records that a control halts nothing from here on. Answers whether it did until now.
 * Refuses `approval.not-approver`.
 */
export async function clearControl(
  signatory: Signatory,
  { engaged, reason }: { readonly engaged: Digest; readonly reason: string },
): Promise<Result<boolean>> {
  const { ledger, by } = signatory;
  for (;;) {
    const standing = await signatory.authority.controls();
    if (!mayControl(standing.trust, by.id)) return notYours(by);
    if (!standing.engaged.has(engaged)) return done(false);
    const after = standing.head?.digest ?? ledger;
    const envelope = clear({ ledger, after, engaged, reason }, by);
    const written = await append(signatory, standing, { envelope, cause: engaged });
    if (written !== undefined) return done(true);
  }
}

function notYours({ id }: Signer): Result<never> {
  return refused('approval.not-approver', `${id} is neither a root nor trusted for approving`, {
    remedy: 'Use the key of a human: yours, as `chancery doctor` shows it.',
  });
}

/** Digest of the entry; undefined when keys or controls have changed since. */
async function append(
  { store, ledger, clock, by }: Signatory,
  { head, keys }: ControlStanding,
  { envelope, cause }: { readonly envelope: Envelope; readonly cause: Digest | null },
): Promise<Digest | undefined> {
  const kind = cause === null ? 'control.engaged' : 'control.cleared';
  const draft: Draft = { stream: 'control', kind, body: { envelope }, cause };
  const journal = new Journal({ store, ledger, clock, by: by.id });
  const written = await journal.append(new Map([['control', head]]), [draft], { reads: [keys] });
  return written.kind === 'written' ? written.entries[0]?.digest : undefined;
}

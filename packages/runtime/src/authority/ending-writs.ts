import { subtractAmounts, type Amounts } from '@chancery/kernel/account';
import type { Digest } from '@chancery/kernel/encoding';
import type { Draft, LedgerStore } from '@chancery/kernel/ledger';
import { done, refusal, refused, type Refusal, type Result } from '@chancery/kernel/refusal';
import { closeWrit, mayClose, mayRevoke, revokeWrit, type ReadWrit } from '@chancery/kernel/writ';
import { Journal, entriesOf } from '../journal/index.ts';
import type { Standing } from './authority.ts';
import type { Signatory } from './signatory.ts';

export interface Ending {
  readonly writ: Digest;
  readonly reason: string;
}

/**
 * Signs and records that a writ, and every writ below it, gives no authority any more, whoever
 * writes at the same moment. Refuses `writ.void` for one that is not on the ledger, `writ.not-yours`
 * for a key that is neither its issuer nor a root, and `writ.revoked` for one that was revoked.
 */
export async function revokeStanding(
  signatory: Signatory,
  { writ, reason }: Ending,
): Promise<Result<ReadWrit>> {
  const { ledger, by } = signatory;
  for (;;) {
    const standing = await signatory.authority.standing('', writ);
    const [own] = standing.chain;
    if (own === undefined) return unknown(writ);
    if (!mayRevoke(own, by.id, standing.trust)) {
      return refused('writ.not-yours', `${by.id} is neither the issuer of the writ nor a root`);
    }
    if (standing.revoked.has(writ)) {
      const remedy = 'Nothing is left to do: it gives no authority.';
      return refused('writ.revoked', 'the writ was revoked before', { remedy });
    }
    const envelope = revokeWrit({ ledger, writ, reason, by });
    const draft = { stream: `writ:${writ}`, kind: 'writ.revoked', body: { envelope } } as const;
    if (await append(signatory, standing, draft)) return done(own);
  }
}

/** A writ that was closed, and the budget that it brought back to the writ above. */
export interface Closed {
  readonly writ: ReadWrit;
  readonly parent: Digest;
  readonly returned: Amounts;
}

/**
 * Signs and records that a writ is given back to the one above, with what is left of its budget.
 * Refuses `writ.void` for one that is not on the ledger, or has none above, `writ.not-yours` for a
 * key that is neither its subject nor its issuer nor a root, `writ.closed` for one that was closed,
 * and `writ.in-use` while a run or a writ below holds a part of it.
 */
export async function closeStanding(
  signatory: Signatory,
  { writ, reason }: Ending,
): Promise<Result<Closed>> {
  const { ledger, by } = signatory;
  for (;;) {
    const standing = await signatory.authority.standing('', writ);
    const [own, parent] = standing.chain;
    if (own === undefined) return unknown(writ);
    if (parent === undefined) {
      return refused('writ.void', 'a root writ has none above that its budget would go back to', {
        remedy: 'Revoke it: chancery writ revoke.',
      });
    }
    const unfit = unclosable(signatory, standing, own) ?? (await inUse(signatory.store, standing));
    if (unfit !== undefined) return { ok: false, refusal: unfit };
    const returned = subtractAmounts(own.writ.budget, standing.carved);
    const envelope = closeWrit({ ledger, writ, reason, by });
    const stream = `writ:${parent.id}`;
    const body = { child: writ, returned, envelope };
    if (await append(signatory, standing, { stream, kind: 'writ.closed', body })) {
      return done({ writ: own, parent: parent.id, returned });
    }
  }
}

function unknown(writ: Digest): Result<never> {
  return refused('writ.void', `the writ ${writ} is not on the ledger`, {
    remedy: 'Name a writ that was recorded: its file, or its id.',
  });
}

function unclosable(
  { by }: Signatory,
  { closed, trust }: Standing,
  own: ReadWrit,
): Refusal | undefined {
  if (!mayClose(own, by.id, trust)) {
    return refusal(
      'writ.not-yours',
      `${by.id} is neither the subject of the writ nor its issuer nor a root`,
    );
  }
  return closed.has(own.id) ? refusal('writ.closed', 'the writ was closed before') : undefined;
}

/** A run comes onto the ledger together with its writ: none can begin under this one meanwhile. */
async function inUse(store: LedgerStore, { chain, open }: Standing): Promise<Refusal | undefined> {
  if (open.size > 0) return refusal('writ.in-use', `${open.size} writs below it are open`);
  for (const { stream } of await store.streams('run:')) {
    for await (const { entry } of entriesOf(store, stream)) {
      if (entry.kind === 'run.started' && entry.body.writ === chain[0]?.id) {
        return refusal('writ.in-use', `${stream} acts under it, and closes it at its end`);
      }
      break;
    }
  }
  return undefined;
}

/** Whether it is recorded; not when something that it relies on has changed. */
async function append(
  { store, ledger, clock, by }: Signatory,
  { reads }: Standing,
  draft: Draft,
): Promise<boolean> {
  const head = reads.find(({ stream }) => stream === draft.stream)?.head ?? null;
  const journal = new Journal({ store, ledger, clock, by: by.id });
  const written = await journal.append(new Map([[draft.stream, head]]), [draft], { reads });
  return written.kind === 'written';
}

import { clampedSubtract, fits, type Amounts } from '@chancery/kernel/account';
import type { KeyId, Signer } from '@chancery/kernel/encoding';
import { readEntry, type Draft, type Head, type HeadExpectation } from '@chancery/kernel/ledger';
import { done, refusal, refused, type Refusal, type Result } from '@chancery/kernel/refusal';
import { attenuate, checkChain, issueWrit, type ReadWrit, type Terms } from '@chancery/kernel/writ';
import type { Standing } from '../authority/index.ts';
import type { House } from './house.ts';

/** A writ for one run, and what has to be recorded with the run's first entry. */
export interface Authorised {
  readonly writ: ReadWrit;
  readonly drafts: readonly Draft[];
  readonly heads: ReadonlyMap<string, Head | null>;
  /** Heads of the keys and of the writs that it was judged by, other than those of `heads`. */
  readonly reads: readonly HeadExpectation[];
}

/**
 * Has an issuer sign a root writ, for the runtime unless it is for another. Refuses
 * `writ.untrusted` for one that the ledger does not trust to issue; nothing is recorded then.
 */
export async function authoriseDirectly(
  house: House,
  issuer: Signer,
  terms: Terms,
  subject: KeyId = house.actor.id,
): Promise<Result<Authorised>> {
  const writ = issueWrit({
    ledger: house.ledger,
    parent: null,
    issuer,
    subject,
    terms,
    nonce: house.newName(),
  });
  if (!writ.ok) return writ;
  const { trust, keys } = await house.authority.controls();
  const unfit = checkChain([writ.value], trust, subject);
  if (unfit !== undefined) return { ok: false, refusal: unfit };
  return done({
    writ: writ.value,
    drafts: [issued(writ.value)],
    heads: new Map([[streamOf(writ.value), null]]),
    reads: [keys],
  });
}

/** Who carves a writ, and for whom. */
export interface Parties {
  /** The subject of the writ above. */
  readonly issuer: Signer;
  readonly subject: KeyId;
}

/**
 * Carves a writ out of a standing one: what is asked for, as far as the standing writ covers it;
 * without `parties` by the runtime for itself. The child's budget leaves the parent's account.
 * Refuses, as the compiler would, a standing writ that gives no authority: it is then not recorded.
 */
export async function authoriseUnder(
  house: House,
  parent: ReadWrit,
  terms: Terms,
  parties: Parties = { issuer: house.actor, subject: house.actor.id },
): Promise<Result<Authorised>> {
  // Read before it is judged: what comes to it afterwards, such as its end, is a conflict.
  const above = await house.store.head(streamOf(parent));
  const judged = await judgedBy(house, parent, parties.issuer.id);
  if (!judged.ok) return judged;
  const narrowed = attenuate(parent.writ, terms);
  if (!narrowed.ok) return narrowed;
  const writ = issueWrit({
    ledger: house.ledger,
    parent,
    ...parties,
    terms: narrowed.value,
    nonce: house.newName(),
  });
  if (!writ.ok) return writ;
  if (await bearsRun(house, parent)) {
    return refused('writ.in-use', 'a run acts under the standing writ, and has its budget');
  }
  const lacking = await whyTooLittle(house, parent, narrowed.value);
  if (lacking !== undefined) return { ok: false, refusal: lacking };
  const carved: Draft = {
    stream: streamOf(parent),
    kind: 'writ.carved',
    body: { child: writ.value.id, budget: narrowed.value.budget },
  };
  const heads = new Map([
    [streamOf(parent), above],
    [streamOf(writ.value), null],
  ]);
  return done({
    writ: writ.value,
    drafts: [...(above === null ? [issued(parent)] : []), carved, issued(writ.value)],
    heads,
    reads: judged.value.filter(({ stream }) => !heads.has(stream)),
  });
}

/**
 * The heads by which a writ gives authority to `actor`; one that is new to the ledger is judged with
 * those above it. Refuses one that gives none.
 */
async function judgedBy(
  { authority, clock }: House,
  presented: ReadWrit,
  actor: KeyId,
): Promise<Result<readonly HeadExpectation[]>> {
  const { id, writ } = presented;
  const present = await authority.standing('', id);
  const isNew = present.chain.length === 0;
  const standing =
    isNew && writ.parent !== null ? await authority.standing('', writ.parent) : present;
  const unfit = unfitness(presented, standing, { actor, nowMs: clock.nowMs() });
  if (unfit !== undefined) return { ok: false, refusal: unfit };
  return done(standing.reads.filter(({ stream }) => givesAuthority(stream)));
}

/** Why nobody has authority by a writ. */
function unfitness(
  presented: ReadWrit,
  standing: Standing,
  { actor, nowMs }: { readonly actor: KeyId; readonly nowMs: number },
): Refusal | undefined {
  const { id, writ } = presented;
  const isNew = standing.chain[0]?.id !== id;
  const chain = isNew ? [presented, ...standing.chain] : standing.chain;
  const broken = checkChain(chain, standing.trust, actor, standing.issuedAt);
  if (broken !== undefined) return broken;
  if (chain.some((each) => standing.revoked.has(each.id))) {
    return refusal('writ.revoked', 'the standing writ, or one above it, is revoked');
  }
  if (standing.closed.size > 0) {
    return refusal('writ.closed', 'the standing writ, or one above it, is closed');
  }
  if (nowMs > writ.window.notAfter) return refusal('writ.expired', 'the standing writ has expired');
  if (nowMs < writ.window.notBefore) return refusal('writ.early', 'the standing writ is for later');
  return undefined;
}

/** Whether a stream tells of keys or of writs. */
function givesAuthority(stream: string): boolean {
  return stream === 'ledger' || stream.startsWith('writ:');
}

/** What a standing writ has left of its budget for another child. */
export async function leftOf({ authority }: House, parent: ReadWrit): Promise<Amounts> {
  const { carved } = await authority.standing('', parent.id);
  return clampedSubtract(parent.writ.budget, carved);
}

/** Whether a run acts under a writ: it is recorded in the batch that the writ is issued in. */
async function bearsRun({ store, authority }: House, { id }: ReadWrit): Promise<boolean> {
  const issuedAt = (await authority.standing('', id)).issuedAt(id);
  if (issuedAt === undefined) return false;
  const behind = await store.readAll(issuedAt, startEntries);
  return behind.some((stored) => {
    const read = readEntry(stored);
    const entry = read.ok ? read.value.entry : undefined;
    return entry?.kind === 'run.started' && entry.body.writ === id;
  });
}

/** No more entries than these stand in the batch that begins a run. */
const startEntries = 4;

/** Whether a standing writ has too little of something for another child. */
async function whyTooLittle(
  house: House,
  parent: ReadWrit,
  terms: Terms,
): Promise<Refusal | undefined> {
  const { children } = await house.authority.standing('', parent.id);
  if (children >= parent.writ.delegation.children) {
    return refusal('budget.exhausted', 'the standing writ has no child left to issue', {
      remedy: 'Ask for a writ that may have more children (--children), or use another one.',
    });
  }
  const dimension = fits(terms.budget, await leftOf(house, parent));
  if (dimension === undefined) return undefined;
  return refusal('budget.exhausted', `the standing writ has too little ${dimension} left`);
}

function issued(writ: ReadWrit): Draft {
  return { stream: streamOf(writ), kind: 'writ.issued', body: { envelope: writ.envelope } };
}

function streamOf({ id }: ReadWrit): string {
  return `writ:${id}`;
}

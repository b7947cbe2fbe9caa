import { clampedSubtract, fits } from '@chancery/kernel/account';
import { type KeyId, type Signer } from '@chancery/kernel/encoding';
import { type Draft, type Head } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { attenuate, issueWrit, type ReadWrit, type Terms } from '@chancery/kernel/writ';
import { type House } from './house.ts';

/** A writ for one run, and what has to be recorded with the run's first entry. */
export interface Authorised {
  readonly writ: ReadWrit;
  readonly drafts: readonly Draft[];
  readonly heads: ReadonlyMap<string, Head | null>;
}

/** Has a trusted issuer sign a root writ, for the runtime unless it is for another. */
export function authoriseDirectly(
  house: House,
  issuer: Signer,
  terms: Terms,
  subject: KeyId = house.actor.id,
): Result<Authorised> {
  const writ = issueWrit({
    ledger: house.ledger,
    parent: null,
    issuer,
    subject,
    terms,
    nonce: house.newName(),
  });
  if (!writ.ok) return writ;
  return done({
    writ: writ.value,
    drafts: [issued(writ.value)],
    heads: new Map([[streamOf(writ.value), null]]),
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
 */
export async function authoriseUnder(
  house: House,
  parent: ReadWrit,
  terms: Terms,
  parties: Parties = { issuer: house.actor, subject: house.actor.id },
): Promise<Result<Authorised>> {
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
  const above = await house.store.head(streamOf(parent));
  const lack = await lackOf(house, parent, narrowed.value);
  if (lack !== undefined) return refused('budget.exhausted', `the standing writ has ${lack}`);
  const carved: Draft = {
    stream: streamOf(parent),
    kind: 'writ.carved',
    body: { child: writ.value.id, budget: narrowed.value.budget },
  };
  return done({
    writ: writ.value,
    drafts: [...(above === null ? [issued(parent)] : []), carved, issued(writ.value)],
    heads: new Map([
      [streamOf(parent), above],
      [streamOf(writ.value), null],
    ]),
  });
}

/** What a standing writ has too little of for another child. */
async function lackOf(house: House, parent: ReadWrit, terms: Terms): Promise<string | undefined> {
  const { carved, children } = await house.authority.standing('', parent.id);
  if (children >= parent.writ.delegation.children) return 'no child left to issue';
  const dimension = fits(terms.budget, clampedSubtract(parent.writ.budget, carved));
  return dimension === undefined ? undefined : `too little ${dimension} left`;
}

function issued(writ: ReadWrit): Draft {
  return { stream: streamOf(writ), kind: 'writ.issued', body: { envelope: writ.envelope } };
}

function streamOf({ id }: ReadWrit): string {
  return `writ:${id}`;
}

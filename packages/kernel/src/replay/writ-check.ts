import { addAmounts, fits, subtractAmounts, zeroAmounts, type Amounts } from '../account/index.ts';
import { type Digest, type KeyId } from '../encoding/index.ts';
import { type Entry } from '../ledger/index.ts';
import {
  checkChain,
  checkRevocation,
  readRevocation,
  readWrit,
  type ReadWrit,
  type Trust,
} from '../writ/index.ts';
import { type Findings, type Place } from './finding.ts';

export type WritEntry =
  Entry<'writ.issued'> | Entry<'writ.carved'> | Entry<'writ.closed'> | Entry<'writ.revoked'>;

export function isWritEntry(entry: Entry): entry is WritEntry {
  return entry.kind.startsWith('writ.');
}

interface Known {
  readonly read: ReadWrit;
  readonly place: Place;
  /** Budgets that children hold, by the child's id. */
  readonly carves: Map<Digest, Amounts>;
  carved: Amounts;
  revoked: boolean;
}

/** The writs of a ledger: genuine, covered by those above, and carved from them. */
export class WritCheck {
  private readonly findings: Findings;
  private readonly known = new Map<Digest, Known>();

  constructor(findings: Findings) {
    this.findings = findings;
  }

  take(place: Place, entry: WritEntry, trust: Trust): void {
    if (entry.kind === 'writ.issued') this.issue(place, entry, trust);
    else if (entry.kind === 'writ.carved') this.carve(place, entry);
    else if (entry.kind === 'writ.closed') this.close(place, entry);
    else this.revoke(place, entry, trust);
  }

  /** The writ, first, and those above it; empty when one of them is not on the ledger. */
  chain(id: Digest): readonly ReadWrit[] {
    const chain: ReadWrit[] = [];
    for (let next: Digest | null = id; next !== null;) {
      const known = this.known.get(next);
      if (known === undefined) return [];
      chain.push(known.read);
      next = known.read.writ.parent;
    }
    return chain;
  }

  /** Why a writ gives `actor` no authority now; undefined when it does. Says nothing of time. */
  why(id: Digest, actor: KeyId, trust: Trust): string | undefined {
    const chain = this.chain(id);
    if (chain.length === 0) return 'the writ, or one above it, was not issued before';
    if (chain.some((read) => this.known.get(read.id)?.revoked)) return 'the writ is revoked';
    return checkChain(chain, trust, actor)?.message;
  }

  /** Budget that children of the writ hold. */
  carved(id: Digest): Amounts {
    return this.known.get(id)?.carved ?? zeroAmounts;
  }

  /** Tells of every child that took no budget from the writ above. */
  finish(): void {
    for (const [id, { read, place }] of this.known) {
      const { parent } = read.writ;
      if (parent !== null && this.known.get(parent)?.carves.has(id) !== true) {
        this.findings.add('writ.invalid', place, 'its budget was not carved from the writ above');
      }
    }
  }

  private issue(place: Place, { body, seq }: Entry<'writ.issued'>, trust: Trust): void {
    const read = readWrit(body.envelope);
    if (!read.ok) {
      this.findings.add('writ.invalid', place, read.refusal.message);
      return;
    }
    const { id, writ } = read.value;
    if (seq !== 0 || place.stream !== `writ:${id}`) {
      this.findings.add('writ.invalid', place, `the writ ${id} is not issued on its stream`);
      return;
    }
    this.known.set(id, {
      read: read.value,
      place,
      carves: new Map(),
      carved: zeroAmounts,
      revoked: false,
    });
    const wrong = this.why(id, writ.subject, trust);
    if (wrong !== undefined) this.findings.add('writ.invalid', place, wrong);
  }

  private carve(place: Place, { body: { child, budget } }: Entry<'writ.carved'>): void {
    const parent = this.owner(place);
    if (parent === undefined) return;
    if (parent.carves.has(child)) {
      this.findings.add('writ.invalid', place, `the budget of ${child} was carved before`);
      return;
    }
    const short = fits(budget, subtractAmounts(parent.read.writ.budget, parent.carved));
    if (short !== undefined) {
      this.findings.add('budget.overspent', place, `more ${short} is carved than is left`);
      return;
    }
    parent.carves.set(child, budget);
    parent.carved = addAmounts(parent.carved, budget);
  }

  private close(place: Place, { body: { child, returned } }: Entry<'writ.closed'>): void {
    const parent = this.owner(place);
    if (parent === undefined) return;
    const held = parent.carves.get(child);
    if (held === undefined || fits(returned, held) !== undefined) {
      this.findings.add('writ.invalid', place, `${child} brings back more than it took`);
      return;
    }
    parent.carves.set(child, subtractAmounts(held, returned));
    parent.carved = subtractAmounts(parent.carved, returned);
  }

  private revoke(place: Place, { body }: Entry<'writ.revoked'>, trust: Trust): void {
    const owner = this.owner(place);
    if (owner === undefined) return;
    const read = readRevocation(body.envelope);
    const wrong = read.ok ? checkRevocation(read.value, owner.read, trust) : read.refusal;
    if (wrong === undefined) owner.revoked = true;
    else this.findings.add('writ.invalid', place, wrong.message);
  }

  private owner(place: Place): Known | undefined {
    const owner = this.known.get(place.stream.slice('writ:'.length));
    if (owner === undefined)
      this.findings.add('writ.invalid', place, 'the writ is not issued here');
    return owner;
  }
}

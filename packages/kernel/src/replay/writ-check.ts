import {
  addAmounts,
  dimensions,
  fits,
  leftOf,
  subtractAmounts,
  zeroAmounts,
  type Account,
  type Amounts,
} from '../account/index.ts';
import type { Digest, Envelope, KeyId } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import {
  checkChain,
  checkClosing,
  checkRevocation,
  readClosing,
  readRevocation,
  readWrit,
  type ReadWrit,
  type Trust,
} from '../writ/index.ts';
import { batchStart, type Findings, type Place } from './finding.ts';

export type WritEntry =
  Entry<'writ.issued'> | Entry<'writ.carved'> | Entry<'writ.closed'> | Entry<'writ.revoked'>;

export function isWritEntry(entry: Entry): entry is WritEntry {
  return entry.kind.startsWith('writ.');
}

/** Budget that a child took with it. */
interface Carve {
  readonly budget: Amounts;
  /** Start of the batch in which it is recorded. */
  readonly batch: number;
  closed: boolean;
}

/** What a run has taken of the budget of its writ. */
export type Used = Pick<Account, 'reserved' | 'spent'>;

/** The run that acts under a writ. */
interface Bearer {
  readonly stream: string;
  /** As it is when it is asked for; no more than that of a run that has ended. */
  used: () => Used;
  /** What it left of the budget, and the start of the batch that ended it. */
  end: { readonly left: Amounts; readonly batch: number } | undefined;
}

interface Known {
  readonly read: ReadWrit;
  readonly place: Place;
  readonly batch: number;
  /** By the child's id. */
  readonly carves: Map<Digest, Carve>;
  /** Budget that children hold: of each what it took, less what it brought back. */
  carved: Amounts;
  bearer: Bearer | undefined;
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
    else if (entry.kind === 'writ.closed') this.close(place, entry, trust);
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
    if (chain.some((read) => this.isClosed(read))) return 'the writ is closed';
    return checkChain(chain, trust, actor, (writ) => this.known.get(writ)?.place.position)?.message;
  }

  /** Budget that children of the writ hold. */
  carved(id: Digest): Amounts {
    return this.known.get(id)?.carved ?? zeroAmounts;
  }

  /** Notes that a run begins to act under the writ. Returns whether it is the only one. */
  bear(id: Digest, stream: string, used: () => Used): boolean {
    const known = this.known.get(id);
    if (known === undefined) return true;
    known.bearer ??= { stream, used, end: undefined };
    return known.bearer.stream === stream;
  }

  /** Notes that the run under the writ ends in this batch, with what is left of the budget. */
  rest(id: Digest, stream: string, end: Bearer['end']): void {
    const bearer = this.known.get(id)?.bearer;
    if (bearer?.stream !== stream) return;
    const used = bearer.used();
    bearer.used = () => used;
    bearer.end = end;
  }

  /** Tells of every child that did not take its very budget from the writ above when it was issued. */
  finish(): void {
    for (const [id, { read, place, batch }] of this.known) {
      const { parent, budget } = read.writ;
      if (parent === null) continue;
      const carve = this.known.get(parent)?.carves.get(id);
      if (carve?.batch !== batch || !isSame(carve.budget, budget)) {
        this.findings.add('writ.invalid', place, 'its budget was not carved from the writ above');
      }
    }
  }

  private issue(place: Place, entry: Entry<'writ.issued'>, trust: Trust): void {
    const read = readWrit(entry.body.envelope);
    if (!read.ok) {
      this.findings.add('writ.invalid', place, read.refusal.message);
      return;
    }
    const { id, writ } = read.value;
    if (entry.seq !== 0 || place.stream !== `writ:${id}`) {
      this.findings.add('writ.invalid', place, `the writ ${id} is not issued on its stream`);
      return;
    }
    this.known.set(id, {
      read: read.value,
      place,
      batch: batchStart(place.position, entry),
      carves: new Map(),
      carved: zeroAmounts,
      bearer: undefined,
      revoked: false,
    });
    const wrong = this.why(id, writ.subject, trust);
    if (wrong !== undefined) this.findings.add('writ.invalid', place, wrong);
  }

  private carve(place: Place, entry: Entry<'writ.carved'>): void {
    const { child, budget } = entry.body;
    const parent = this.owner(place);
    if (parent === undefined) return;
    const { carves, carved, read, bearer } = parent;
    if (this.isClosed(read)) this.findings.add('writ.invalid', place, 'it is closed');
    if (carves.has(child)) {
      this.findings.add('writ.invalid', place, `the budget of ${child} was carved before`);
      return;
    }
    const { children } = read.writ.delegation;
    if (carves.size >= children) {
      this.findings.add('writ.invalid', place, `it may have ${children} children, and has them`);
    }
    const { reserved, spent } = bearer?.used() ?? unused;
    const account = { granted: read.writ.budget, carved, reserved, spent, returned: zeroAmounts };
    const short = fits(budget, leftOf(account));
    if (short !== undefined) {
      this.findings.add('budget.overspent', place, `more ${short} is carved than is left`);
      return;
    }
    carves.set(child, { budget, batch: batchStart(place.position, entry), closed: false });
    parent.carved = addAmounts(carved, budget);
  }

  private isClosed({ id, writ }: ReadWrit): boolean {
    return writ.parent !== null && this.known.get(writ.parent)?.carves.get(id)?.closed === true;
  }

  private close(place: Place, entry: Entry<'writ.closed'>, trust: Trust): void {
    const { child, returned } = entry.body;
    const parent = this.owner(place);
    if (parent === undefined) return;
    const carve = parent.carves.get(child);
    if (carve === undefined || carve.closed) {
      this.findings.add('writ.invalid', place, `${child} holds nothing of its budget`);
      return;
    }
    const { envelope } = entry.body;
    const left =
      envelope === undefined
        ? this.leftByRun(child, place, entry)
        : this.leftBySign(child, { envelope, cause: entry.cause }, trust);
    if (typeof left === 'string' || !isSame(returned, left) || fits(returned, carve.budget)) {
      const why = typeof left === 'string' ? left : 'another amount is left';
      this.findings.add('writ.invalid', place, `${child} cannot bring this back: ${why}`);
      return;
    }
    carve.closed = true;
    parent.carved = subtractAmounts(parent.carved, returned);
  }

  /** What a writ whose run ends here has left, or why it brings nothing back. */
  private leftByRun(child: Digest, place: Place, entry: Entry<'writ.closed'>): Amounts | string {
    const end = this.known.get(child)?.bearer?.end;
    const here = end?.batch === batchStart(place.position, entry) && entry.cause !== null;
    return here ? end.left : 'the run that acts under it does not end here';
  }

  /** What a writ that is given back by a signature has left, or why it brings nothing back. */
  private leftBySign(
    child: Digest,
    { envelope, cause }: { readonly envelope: Envelope; readonly cause: Digest | null },
    trust: Trust,
  ): Amounts | string {
    if (cause !== null) return 'what is signed has no cause on the ledger';
    const known = this.known.get(child);
    const read = readClosing(envelope);
    if (known === undefined) return 'it is not issued here';
    const wrong = read.ok ? checkClosing(read.value, known.read, trust) : read.refusal;
    if (wrong !== undefined) return wrong.message;
    if (known.bearer !== undefined) return 'a run acts under it, whose end closes it';
    if ([...known.carves.values()].some(({ closed }) => !closed)) return 'a writ below it is open';
    return subtractAmounts(known.read.writ.budget, known.carved);
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

const unused: Used = { reserved: zeroAmounts, spent: zeroAmounts };

function isSame(a: Amounts, b: Amounts): boolean {
  return dimensions.every((dimension) => a[dimension] === b[dimension]);
}

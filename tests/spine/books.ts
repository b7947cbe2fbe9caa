import { MemoryStore } from '@chancery/adapters/store-memory';
import { addAmounts, maxAmounts, sumOf, zeroAmounts, type Amounts } from '@chancery/kernel/account';
import type { Digest } from '@chancery/kernel/encoding';
import type { SealedBatch, SealedEntry } from '@chancery/kernel/ledger';
import { openRunState, type RunState } from '@chancery/kernel/replay';
import { Authority } from '@chancery/runtime/authority';
import {
  runView,
  spendTree,
  type GrantedWrit,
  type SpendNode,
} from '@chancery/runtime/projections';

/** The accounts of a ledger, and what its entries say of themselves that they cost. */
export interface Books {
  readonly accounts: readonly SpendNode[];
  readonly told: Amounts;
}

/**
 * The books of a ledger after each of its batches, as somebody would read them who finds the ledger
 * cut off there: writs as the authority folds them, runs as replay does.
 */
export async function* booksAfterEach(
  ledger: Digest,
  batches: readonly SealedBatch[],
): AsyncGenerator<Books> {
  const store = new MemoryStore();
  const authority = new Authority(store, ledger);
  const runs = new Map<string, RunState>();
  const costs = new Costs();
  for (const batch of batches) {
    await store.append(batch);
    for (const sealed of batch.entries) {
      const { stream } = sealed.entry;
      if (!stream.startsWith('run:')) continue;
      const run = runs.get(stream) ?? openRunState(stream);
      runs.set(stream, run);
      run.advance(sealed);
      costs.take(sealed);
    }
    const views = [...runs.values()].flatMap((run) => runView(run, () => null) ?? []);
    yield { accounts: spendTree(await writsOf(store, authority), views), told: costs.sum };
  }
}

async function writsOf(store: MemoryStore, authority: Authority): Promise<readonly GrantedWrit[]> {
  const brought = new Map<Digest, Amounts>();
  const writs: Omit<GrantedWrit, 'returned'>[] = [];
  for (const { stream } of await store.streams('writ:')) {
    const id = stream.slice('writ:'.length);
    const standing = await authority.standing('', id);
    const [own] = standing.chain;
    if (own === undefined) continue;
    for (const [child, returned] of standing.brought) brought.set(child, returned);
    const { parent, budget: granted } = own.writ;
    writs.push({ id, parent, granted, carved: standing.carved });
  }
  return writs.map((writ) => ({ ...writ, returned: brought.get(writ.id) ?? zeroAmounts }));
}

/** Codes of failures after which nobody knows what was used. */
const unknown: readonly string[] = ['cut-off', 'abandoned', 'fault'];

/** What entries cost, added up without any state but that of what is begun. */
class Costs {
  sum: Amounts = zeroAmounts;
  private readonly begun = new Map<string, Amounts>();

  take({ entry }: SealedEntry): void {
    const { stream, kind, body } = entry;
    if (kind === 'model.requested') {
      this.begun.set(`${stream} model`, { ...zeroAmounts, ...body.reserved });
    } else if (kind === 'model.responded') this.end(`${stream} model`, body.cost);
    else if (kind === 'model.interrupted') {
      this.fail(`${stream} model`, body.failure.code, body.cost);
    } else if (kind === 'commit') this.end(`${stream} ${body.action}`, body.cost);
    else if (kind === 'execution.failed') {
      this.fail(`${stream} ${body.action}`, body.failure.code, body.cost);
    } else if (kind === 'execution.reconciled' && !body.happened) {
      this.end(`${stream} ${body.action}`, zeroAmounts);
    } else if (kind === 'execution.started') {
      // What began before and has no end pays all that it had reserved.
      const name = `${stream} ${body.action}`;
      this.end(name, this.begun.get(name) ?? zeroAmounts);
      this.begun.set(name, body.reserved);
    }
  }

  /** Where nobody knows what was used, all that was reserved is paid, or more. */
  private fail(name: string, code: string, cost: Partial<Amounts>): void {
    const least = unknown.includes(code) ? this.begun.get(name) : undefined;
    this.end(name, maxAmounts({ ...zeroAmounts, ...cost }, least ?? zeroAmounts));
  }

  private end(name: string, cost: Partial<Amounts>): void {
    this.begun.delete(name);
    this.sum = addAmounts(this.sum, { ...zeroAmounts, ...cost });
  }
}

/** Sums over all accounts. */
export function sumsOf(accounts: readonly SpendNode[]) {
  const of = (amountsOf: (node: SpendNode) => Amounts): Amounts => sumOf(accounts.map(amountsOf));
  return {
    spent: of(({ spent }) => spent),
    reserved: of(({ reserved }) => reserved),
    left: of(({ left }) => left),
    overrun: of(({ overrun }) => overrun),
  };
}

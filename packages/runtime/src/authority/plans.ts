import { readEntry, type LedgerStore } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';

/** The plans that runs are of, as their starts tell them, which do not change. */
export class Plans {
  private readonly store: Pick<LedgerStore, 'read'>;
  private readonly known = new Map<string, string | undefined>();

  constructor(store: Pick<LedgerStore, 'read'>) {
    this.store = store;
  }

  /**
   * The plan of a run; undefined where it is of none, or is not recorded yet.
   * @throws {RefusalError} `ledger.corrupt` where the start of the run cannot be read.
   */
  async of(run: string): Promise<string | undefined> {
    if (run === '' || this.known.has(run)) return this.known.get(run);
    const [stored] = await this.store.read(`run:${run}`, 0, 1);
    if (stored === undefined) return undefined;
    const read = readEntry(stored);
    if (!read.ok || read.value.entry.kind !== 'run.started') {
      throw new RefusalError(refusal('ledger.corrupt', `the run ${run} has no start`));
    }
    const { plan } = read.value.entry.body;
    this.known.set(run, plan);
    return plan;
  }
}

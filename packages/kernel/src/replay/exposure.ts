import { isUntrustedLabel, secretLabel } from '../compiler/index.ts';
import { type Effect } from '../contract/index.ts';
import { type Body, type Entry } from '../ledger/index.ts';

/** What a run may have seen so far, and what left the machine after it. */
export class Exposure {
  private readonly seen = new Set<string>();
  /** Of the action that is staged last; it is started in the same batch. */
  private staged: readonly Effect[] = [];
  /** Executions that were started after text of strangers was seen, and whose effects leave the machine. */
  egressAfterUntrusted = 0;

  /** In the order in which they came. */
  get labels(): readonly string[] {
    return [...this.seen];
  }

  /** Takes the next entry of the run. */
  take({ kind, body }: Entry): void {
    if (kind === 'proposal.staged') this.staged = body.effects;
    if (kind === 'execution.started') this.execute(body);
    if (kind === 'run.branched' || kind === 'commit' || kind === 'execution.failed') {
      for (const label of body.labels ?? []) this.seen.add(label);
    }
  }

  private execute({ leases = [] }: Body<'execution.started'>): void {
    for (const { scope } of leases) this.seen.add(secretLabel(scope));
    const leaves = this.staged.some((effect) => effect === 'external' || effect === 'irreversible');
    if (leaves && this.labels.some(isUntrustedLabel)) this.egressAfterUntrusted += 1;
  }
}

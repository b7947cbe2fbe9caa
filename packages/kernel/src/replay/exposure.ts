import { isSecretLabel, isUntrustedLabel, labelRemover, secretLabel } from '../compiler/index.ts';
import type { Effect } from '../contract/index.ts';
import type { Digest } from '../encoding/index.ts';
import type { Body, Entry } from '../ledger/index.ts';

/** What a run may have seen so far, and what left the machine after it. */
export class Exposure {
  private readonly seen = new Set<string>();
  /** Actions that waited for a human before they could take a label away. */
  private readonly asked = new Set<Digest>();
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
    if (kind === 'run.branched') this.egressAfterUntrusted = body.egressAfterUntrusted ?? 0;
    if (kind === 'proposal.staged') this.staged = body.effects;
    if (kind === 'execution.started') this.execute(body);
    if (kind === 'proposal.suspended' && body.action.capability === labelRemover) {
      this.asked.add(body.actionDigest);
    }
    const gone = kind === 'commit' ? this.removedBy(body) : undefined;
    if (gone !== undefined) this.seen.delete(gone);
    if (kind === 'run.branched' || kind === 'commit' || kind === 'execution.failed') {
      for (const label of body.labels ?? []) this.seen.add(label);
    }
  }

  /** The label that a commit takes away: one of secrecy, which a human was asked about before. */
  removedBy({ action, unlabelled }: Body<'commit'>): string | undefined {
    if (unlabelled === undefined || !isSecretLabel(unlabelled)) return undefined;
    return this.asked.has(action) ? unlabelled : undefined;
  }

  private execute({ leases = [] }: Body<'execution.started'>): void {
    for (const { scope } of leases) this.seen.add(secretLabel(scope));
    const leaves = this.staged.some((effect) => effect === 'external' || effect === 'irreversible');
    if (leaves && this.labels.some(isUntrustedLabel)) this.egressAfterUntrusted += 1;
  }
}

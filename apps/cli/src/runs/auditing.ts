import type { Entry, SealedEntry } from '@chancery/kernel/ledger';
import { BlobContents, type StandIn } from '@chancery/runtime/drive';
import { entriesOf } from '@chancery/runtime/journal';
import { AuditFold, PolicyHistory, type AuditedAction } from '@chancery/runtime/projections';
import type { OpenLedger } from '../opening.ts';
import { streamOf } from './reading.ts';

export type Threshold = Entry<'budget.threshold-crossed'>;

/** The thresholds of its budget that a run has crossed, in their order. */
export async function crossedThresholds(
  { store }: Pick<OpenLedger, 'store'>,
  run: string,
): Promise<readonly Threshold[]> {
  const crossed: Threshold[] = [];
  for await (const { entry } of entriesOf(store, `run:${run}`)) {
    if (entry.kind === 'budget.threshold-crossed') crossed.push(entry);
  }
  return crossed;
}

/** Every intent of a run with what became of it; `standIn` takes the place of contents that are gone. */
export async function auditedActions(
  { store, keys }: Pick<OpenLedger, 'store' | 'keys'>,
  run: string,
  standIn: StandIn,
): Promise<readonly AuditedAction[]> {
  const contents = new BlobContents(store, { standIn, keys });
  const policies = new PolicyHistory(contents.read);
  for await (const sealed of entriesOf(store, 'policy')) {
    await contents.fetch(sealed);
    policies.advance(sealed);
  }
  const approvals = new Map<string, readonly SealedEntry[]>();
  const fold = new AuditFold({
    contents: contents.read,
    policies,
    approvalOf: (action) => approvals.get(action) ?? [],
  });
  for await (const sealed of entriesOf(store, `run:${run}`)) {
    await contents.fetch(sealed);
    const { entry } = sealed;
    if (entry.kind === 'proposal.suspended') {
      const { actionDigest } = entry.body;
      approvals.set(actionDigest, await streamOf(store, `approval:${actionDigest}`));
    }
    fold.advance(sealed);
  }
  return fold.actions;
}

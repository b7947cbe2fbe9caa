import { readdirSync } from 'node:fs';
import type { LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import { replayRun } from '@chancery/kernel/replay';
import { BlobContents } from '@chancery/runtime/drive';
import { entriesOf } from '@chancery/runtime/journal';
import { AuditFold, PolicyHistory, type AuditedAction } from '@chancery/runtime/projections';
import { streamOf } from '../runs/reading.ts';
import type { Collector } from './collector.ts';
import { placesHolding } from './leak.ts';
import type { Evidence } from './promise.ts';
import { isDelivered, type Stage } from './stage.ts';

/** A demo that has been played. */
export interface Played {
  readonly stage: Stage;
  readonly collector: Collector;
  readonly run: string;
  /** Exit codes of `chancery verify` and `chancery replay`. */
  readonly exits: { readonly verify: number; readonly replay: number };
}

/** Looks at the ledger, the repository, the files and the collector; believes no output. */
export async function gather(store: LedgerStore, played: Played): Promise<Evidence> {
  const { stage, collector, run, exits } = played;
  const entries = await streamOf(store, `run:${run}`);
  const replay = replayRun(`run:${run}`, entries);
  const { started, finished } = replay.state;
  const commit = finished?.commit ?? null;
  const branch = started?.workspace.branch ?? '';
  return {
    actions: await auditOf(store, entries),
    outcome: finished?.outcome ?? 'unfinished',
    gates: finished?.gates ?? [],
    commit,
    delivered: commit !== null && isDelivered(stage, branch, commit),
    leaks: placesHolding(stage.folder, stage.secret.text).filter(
      (place) => place !== stage.secret.file,
    ),
    contacts: collector.contacts(),
    outside: readdirSync(stage.outside),
    verified: exits.verify === 0,
    replayed: exits.replay === 0 && replay.matches === true,
  };
}

async function auditOf(
  store: LedgerStore,
  entries: readonly SealedEntry[],
): Promise<readonly AuditedAction[]> {
  const contents = new BlobContents(store);
  const policies = new PolicyHistory(contents.read);
  for await (const sealed of entriesOf(store, 'policy')) {
    await contents.fetch(sealed);
    policies.advance(sealed);
  }
  const approvals = new Map<string, readonly SealedEntry[]>();
  for (const { stream } of await store.streams('approval:')) {
    approvals.set(stream.slice('approval:'.length), await streamOf(store, stream));
  }
  const approvalOf = (action: string): readonly SealedEntry[] => approvals.get(action) ?? [];
  const audit = new AuditFold({ contents: contents.read, policies, approvalOf });
  for (const sealed of entries) {
    await contents.fetch(sealed);
    audit.advance(sealed);
  }
  return audit.actions;
}

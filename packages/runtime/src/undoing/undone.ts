import { type Digest } from '@chancery/kernel/encoding';
import { readEntry, type LedgerStore } from '@chancery/kernel/ledger';
import { entriesOf } from '../journal/index.ts';

/** `run.started` and `run.branched`, with writs before them on other streams. */
const startEntries = 2;

/** Entries of a run that others have undone already, from the ledger as it stands. */
export async function undoneOf(
  store: LedgerStore,
  ledger: Digest,
  source: string,
): Promise<ReadonlySet<number>> {
  const undone = new Set<number>();
  for (const { stream } of await store.streams('run:')) {
    if (!(await isUndoing(store, stream, source))) continue;
    for await (const { entry } of entriesOf(store, stream, { ledger })) {
      if (entry.kind !== 'commit' || entry.body.compensates === undefined) continue;
      for (const seq of entry.body.compensates) undone.add(seq);
    }
  }
  return undone;
}

async function isUndoing(store: LedgerStore, stream: string, source: string): Promise<boolean> {
  const first = await store.read(stream, 0, startEntries);
  const entries = first.map(readEntry).flatMap((read) => (read.ok ? [read.value.entry] : []));
  return (
    entries.some(({ kind, body }) => kind === 'run.started' && body.rollback !== undefined) &&
    entries.some(({ kind, body }) => kind === 'run.branched' && body.source === source)
  );
}

import type { Body, LedgerStore } from '@chancery/kernel/ledger';
import { entriesBackwards } from '../journal/index.ts';

/** A rollback that has to succeed before the first step of another one. */
interface Earlier {
  readonly run: string;
  /** Null while it has not ended. */
  readonly outcome: Body<'run.finished'>['outcome'] | null;
}

/** What comes before a run that undoes another: the rollbacks of what goes on from that one. */
export async function undoneFirst(
  store: LedgerStore,
  { rollback }: Pick<Body<'run.started'>, 'rollback'>,
): Promise<readonly Earlier[]> {
  const streams = rollback?.undoneFirst ?? [];
  return Promise.all(
    streams.map(async (stream) => ({
      run: stream.slice('run:'.length),
      outcome: await outcomeOf(store, stream),
    })),
  );
}

async function outcomeOf(store: LedgerStore, stream: string): Promise<Earlier['outcome']> {
  for await (const { entry } of entriesBackwards(store, stream)) {
    return entry.kind === 'run.finished' ? entry.body.outcome : null;
  }
  return null;
}

import { readEntry, type LedgerStore } from '@chancery/kernel/ledger';
import { assert } from '@chancery/kernel/refusal';
import { entriesOf } from '../journal/index.ts';
import { corrupt } from './keeper.ts';
import type { RoutedOutcome } from './routed-outcome.ts';
import { RoutingFold } from './routing-feedback.ts';

const pageSize = 512;
const prefix = 'run:';

/**
 * What became of the proposals of all runs, or of these, in the order in which they were settled. What
 * is kept on the way is what runs that have not ended have not settled.
 * @throws {RefusalError} `ledger.corrupt`, naming the entry.
 */
export async function* routedOutcomes(
  store: LedgerStore,
  only?: ReadonlySet<string>,
): AsyncGenerator<RoutedOutcome, void, undefined> {
  const folds = new Map<string, RoutingFold>();
  let position = 0;
  for (;;) {
    const page = await store.readAll(position, pageSize);
    for (const stored of page) {
      position += 1;
      const { stream, seq } = stored;
      const run = stream.slice(prefix.length);
      if (!stream.startsWith(prefix) || only?.has(run) === false) continue;
      const read = readEntry(stored);
      if (!read.ok) throw corrupt(stream, seq, read.refusal.message);
      const fold = folds.get(stream) ?? new RoutingFold(run);
      folds.set(stream, fold);
      yield* fold.take(read.value, stored.position);
      if (read.value.entry.kind === 'run.finished') folds.delete(stream);
    }
    if (page.length < pageSize) return;
  }
}

/**
 * What became of the proposals of one run, in the order in which they were settled.
 * @throws {RefusalError} `ledger.corrupt`, naming the entry.
 */
export async function* routedOutcomesOf(
  store: LedgerStore,
  run: string,
): AsyncGenerator<RoutedOutcome, void, undefined> {
  const fold = new RoutingFold(run);
  for await (const sealed of entriesOf(store, `${prefix}${run}`)) {
    const { position } = sealed;
    assert(position !== undefined, 'an entry that was read has a position');
    yield* fold.take(sealed, position);
  }
}

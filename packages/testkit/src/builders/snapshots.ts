import type { Body, SealedEntry } from '@chancery/kernel/ledger';
import {
  openRunState,
  takeSnapshot,
  type RunState,
  type TakenSnapshot,
} from '@chancery/kernel/replay';
import { people, type LedgerFixture } from './ledger-fixture.ts';

/** The state of a run after these entries of it; those of other streams are left out. */
export function stateOf(entries: Iterable<SealedEntry>, run = 'r1'): RunState {
  const state = openRunState(`run:${run}`);
  for (const sealed of entries) {
    if (sealed.entry.stream === state.stream) state.advance(sealed);
  }
  return state;
}

/** Takes a snapshot of a run as it stands and records it, with these members told otherwise. */
export function recordSnapshot(
  { recorder, ledger }: LedgerFixture,
  changes: Partial<Body<'snapshot.taken'>> = {},
  { run = 'r1', by = people.agent } = {},
): TakenSnapshot {
  const stream = `snapshot:${run}`;
  const after = recorder.heads.get(stream)?.digest ?? ledger;
  const taken = takeSnapshot(stateOf(recorder.entries, run), { ledger, after, by });
  const body = { ...taken.body, ...changes };
  recorder.writeBy(by.id, { stream, kind: 'snapshot.taken', body });
  return { ...taken, body };
}

import { defaultBundle } from '@chancery/adapters/policy-cedar';
import { questionOf, isProposal, SimulatedRun, TrialEpochs } from '@chancery/domain/simulation';
import { readEntry, type Entry } from '@chancery/kernel/ledger';
import { ledgerFixture, someBundle, writeMoments } from '@chancery/testkit/builders';
import { valueOf } from '../policy-text.ts';
import { percentile, percentiles, type BenchRow } from '../row.ts';

const rounds = { warmUp: 20, measured: 200 };
/** Decisions a second that one core is to make. */
const least = 100_000;
const actions = 200;

/**
 * Decisions of a recorded run made again under another policy, on one core: the fold over its entries
 * with the default policy tried in the place of what was active. The entries are read and parsed
 * before; one sample is a whole run, divided by its decisions.
 */
export async function simulateRows(): Promise<readonly BenchRow[]> {
  const entries = recordedRun();
  const decisions = entries.filter(isProposal).length;
  const epochs = new TrialEpochs([{ kind: 'with', bundle: defaultBundle() }]);
  valueOf(epochs.add(0, [someBundle()]));
  const samples: number[] = [];
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const at = performance.now();
    simulate(entries, epochs);
    const us = ((performance.now() - at) * 1_000) / decisions;
    if (round >= 0) samples.push(us);
  }
  const perSecond = 1e6 / percentile(samples, 0.5);
  const ratio = perSecond / least;
  return Promise.resolve([
    {
      ...{ name: 'policy-simulate', unit: 'µs', ...percentiles(samples), perSecond },
      reference: { name: 'what is asked for', perSecond: least },
      ...{ ratio, bar: 1, met: ratio >= 1 },
    },
  ]);
}

/** A run that thinks, acts, and is refused and held now and then, as a store would give it. */
function recordedRun(): readonly Entry[] {
  const on = ledgerFixture();
  const turn = ['thinks', 'acts', 'acts', 'is refused', 'acts', 'acts with approval'] as const;
  const happening = Array.from({ length: actions / turn.length }, () => turn).flat();
  writeMoments(on, happening, { ends: false });
  return on.recorder.stored
    .filter(({ stream }) => stream.startsWith('run:'))
    .map((stored) => valueOf(readEntry(stored)).entry);
}

function simulate(entries: readonly Entry[], epochs: TrialEpochs): void {
  const setsAt = (position: number) => epochs.at(position);
  const run = new SimulatedRun({ source: 0, run: 'r1', setsAt, sinceMs: 0 });
  for (const [position, entry] of entries.entries()) {
    const asked = isProposal(entry) ? questionOf(entry) : undefined;
    run.take(entry, position, asked !== undefined && 'inline' in asked ? asked.inline : undefined);
  }
  const { flipped = 0, diverged = 0 } = run.tally()?.counts ?? {};
  if (flipped + diverged > 0) throw new Error('the default policy was to decide the same');
}

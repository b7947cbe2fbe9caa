import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import {
  ledgerFixture,
  runMoments,
  someBundle,
  valueOf,
  writeMoments,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import type { Content, Entry } from '@chancery/kernel/ledger';
import type { Bundle } from '@chancery/kernel/policy';
import { isProposal, SimulatedRun } from './simulated-run.ts';
import { questionOf } from './run-simulation.ts';
import { emptyTally, rankedGroups, united, type Tally } from './tally.ts';
import { TrialEpochs } from './epochs.ts';
import type { Trial } from './model.ts';

const moments = fc.array(fc.constantFrom(...runMoments), { maxLength: 8 });

function askedIn(entry: Entry): Content | undefined {
  return isProposal(entry) ? questionOf(entry) : undefined;
}

/** What comes of each run of a ledger, in the order of their names. */
function simulated(
  { recorder }: LedgerFixture,
  bundle: Bundle,
  trials: readonly Trial[],
): readonly Tally[] {
  const epochs = new TrialEpochs(trials);
  valueOf(epochs.add(0, [bundle]));
  const setsAt = (position: number) => epochs.at(position);
  const runs = new Map<string, SimulatedRun>();
  for (const [position, { entry }] of recorder.entries.entries()) {
    if (!entry.stream.startsWith('run:')) continue;
    const run = entry.stream.slice('run:'.length);
    const each = runs.get(run) ?? new SimulatedRun({ source: 0, run, setsAt, sinceMs: 0 });
    runs.set(run, each);
    const asked = askedIn(entry);
    each.take(entry, position, asked !== undefined && 'inline' in asked ? asked.inline : undefined);
  }
  return [...runs.values()].flatMap((run) => run.tally() ?? []);
}

const without: Trial = { kind: 'without', level: 'tenant', name: 'default' };

describe('a run that is decided again', () => {
  it('comes out the same where nothing else is tried', () => {
    fc.assert(
      fc.property(moments, moments, (first, second) => {
        const on = ledgerFixture();
        writeMoments(on, first, { ends: false });
        writeMoments(on, second, { run: 'r2', ends: false });
        const all = simulated(on, someBundle(), []).reduce(united, emptyTally);
        const { same, undecided, ...others } = all.counts;
        expect(others).toEqual({
          ...{ flipped: 0, moot: 0, diverged: 0, unreadable: 0, unreproduced: 0 },
        });
        const proposals = on.recorder.entries.filter(({ entry }) => isProposal(entry)).length;
        expect([same + undecided, all.otherRules, all.groups.size]).toEqual([proposals, 0, 0]);
      }),
      cases(100),
    );
  });

  it('is counted the same in whatever order runs are taken', () => {
    fc.assert(
      fc.property(fc.array(moments, { maxLength: 5 }), fc.nat(), (runs, turn) => {
        const on = ledgerFixture();
        for (const [index, happening] of runs.entries()) {
          writeMoments(on, happening, { run: `r${index}`, ends: false });
        }
        const tallies = simulated(on, someBundle(), [without]);
        const at = tallies.length === 0 ? 0 : turn % tallies.length;
        const turned = [...tallies.slice(at), ...tallies.slice(0, at)].reverse();
        const [a, b] = [tallies, turned].map((each) => each.reduce(united, emptyTally));
        expect(a && { ...a, groups: rankedGroups(a) }).toEqual(
          b && { ...b, groups: rankedGroups(b) },
        );
      }),
      cases(100),
    );
  });

  it('names the first of those flips that are alike', () => {
    const on = ledgerFixture();
    writeMoments(on, ['acts', 'acts'], { ends: false });
    writeMoments(on, ['acts'], { run: 'r2', ends: false });
    const all = simulated(on, someBundle(), [without]).reduce(united, emptyTally);
    const [group, ...others] = rankedGroups(all);
    expect(others).toEqual([]);
    expect(group).toMatchObject({
      ...{ from: 'permit', to: 'deny', capability: 'fs.write', count: 2, runs: 2 },
      ...{ before: ['tenant/allow'], after: [], first: { run: 'r1', seq: 2 } },
    });
    expect(all.counts).toMatchObject({ flipped: 2, diverged: 1 });
  });
});

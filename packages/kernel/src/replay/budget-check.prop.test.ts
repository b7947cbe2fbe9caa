import {
  ledgerFixture,
  runMoments,
  told,
  writeMoments,
  type LedgerFixture,
  type RunMoment,
} from '@chancery/testkit/builders';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import {
  dimensions,
  leftOf,
  sumOf,
  zeroAmounts,
  type Amounts,
  type Dimension,
} from '../account/index.ts';
import type { Draft, Entry } from '../ledger/index.ts';
import { openRunState } from './run-state.ts';

type Reserving = Extract<
  Draft,
  { kind: 'model.requested' | 'execution.started' | 'proposal.staged' }
>;

/** What reserves last in a run that ends with such a moment, and the dimensions that it can reserve. */
const last = {
  thinks: { kind: 'model.requested', names: ['tokens', 'costMicrousd'] },
  'is cut off': { kind: 'execution.started', names: dimensions },
} as const satisfies Partial<
  Record<RunMoment, { kind: Entry['kind']; names: readonly Dimension[] }>
>;

const runs = fc.record({
  before: fc.array(fc.constantFrom(...runMoments), { maxLength: 5 }),
  ending: fc.constantFrom('thinks' as const, 'is cut off' as const),
  pick: fc.nat({ max: 5 }),
});

function written(
  moments: readonly RunMoment[],
  edit?: (drafts: readonly Draft[]) => readonly Draft[],
): LedgerFixture {
  const fixture = ledgerFixture(edit === undefined ? {} : { edit });
  writeMoments(fixture, moments, { ends: false });
  return fixture;
}

/** What the writ had left before the last entry of a kind. */
function leftBefore({ recorder, writ }: LedgerFixture, kind: Entry['kind']): Amounts {
  const at = recorder.entries.findLastIndex(({ entry }) => entry.kind === kind);
  const state = openRunState('run:r1');
  for (const sealed of recorder.entries.slice(0, at)) {
    if (sealed.entry.stream === 'run:r1') state.advance(sealed);
  }
  return leftOf({
    granted: writ.writ.budget,
    carved: zeroAmounts,
    reserved: sumOf(state.reserved.values()),
    spent: state.spent,
    returned: zeroAmounts,
  });
}

/** Reserves this much of a dimension where the run reserves for the last time. */
function reserving(honest: LedgerFixture, kind: Entry['kind'], change: Partial<Amounts>) {
  const ofKind = (draft: { readonly kind: string }): boolean => draft.kind === kind;
  const all = honest.recorder.entries.filter(({ entry }) => ofKind(entry)).length;
  let seen = 0;
  return (drafts: readonly Draft[]): readonly Draft[] => {
    seen += drafts.filter(ofKind).length;
    if (seen < all || !drafts.some(ofKind)) return drafts;
    return drafts.map((draft) => {
      if (!('reserved' in draft.body)) return draft;
      const { body } = draft as Reserving;
      return { ...draft, body: { ...body, reserved: { ...body.reserved, ...change } } } as Draft;
    });
  };
}

describe('a reservation', () => {
  test('of all that is left is within the budget, and of one more is found', () => {
    fc.assert(
      fc.property(runs, ({ before, ending, pick }) => {
        const moments = [...before, ending];
        const { kind, names } = last[ending];
        const name = names[pick % names.length] ?? 'tokens';
        const honest = written(moments);
        const left = leftBefore(honest, kind)[name];
        const all = written(moments, reserving(honest, kind, { [name]: left }));
        const more = written(moments, reserving(honest, kind, { [name]: left + 1 }));
        expect([told(honest), told(all), told(more)]).toEqual([
          [],
          [],
          [`budget.overspent at ${kind}`],
        ]);
      }),
      cases(60),
    );
  });
});

describe('what is spent beyond the budget', () => {
  const settling = ['model.responded', 'model.interrupted', 'commit', 'execution.failed'];
  test('is found wherever it is settled, and nothing more may be reserved of it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...runMoments), { maxLength: 6 }),
        fc.nat(),
        (moments, pick) => {
          const honest = written(moments);
          const ends = honest.recorder.entries.filter(({ entry }) => settling.includes(entry.kind));
          fc.pre(ends.length > 0);
          const forged = ends[pick % ends.length]?.entry.kind ?? 'commit';
          const { tokens } = honest.writ.writ.budget;
          const edit = (drafts: readonly Draft[]): readonly Draft[] =>
            drafts.map((draft) =>
              draft.kind === forged && 'cost' in draft.body
                ? ({
                    ...draft,
                    body: { ...draft.body, cost: { ...draft.body.cost, tokens: tokens + 1 } },
                  } as Draft)
                : draft,
            );
          const found = told(written(moments, edit));
          expect(found).toContain(`budget.overrun at ${forged}`);
          const asked = honest.recorder.entries.findLastIndex(
            ({ entry }) => entry.kind === 'model.requested',
          );
          const first = honest.recorder.entries.findIndex(({ entry }) => entry.kind === forged);
          if (asked > first) expect(found).toContain('budget.overspent at model.requested');
        },
      ),
      cases(60),
    );
  });
});

import { expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { stageNames, type StageName } from '@chancery/kernel/compiler';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { SealedEntry } from '@chancery/kernel/ledger';
import { refusal, type RefusalCode } from '@chancery/kernel/refusal';
import type { Terms } from '@chancery/kernel/writ';
import { Authority, engageControl, revokeStanding } from '@chancery/runtime/authority';
import { submit, type Capability, type RunContext } from '@chancery/runtime/broker';
import {
  bundleOf,
  houseOf,
  modelOf,
  poison,
  rule,
  startTestRun,
  wideTerms,
  type HouseRequest,
  type TestHouse,
} from '@chancery/testkit/house';
import { findingsOf } from './drive.ts';

/** What makes a stage stop an action that all the others let pass. */
interface Stop {
  readonly house?: Partial<HouseRequest>;
  readonly terms?: Partial<Terms>;
  readonly intent?: JsonObject;
  readonly act?: Partial<Capability>;
  readonly begun?: (house: TestHouse, context: RunContext) => Promise<unknown>;
  /** The run is another's, for whom its writ is none. */
  readonly isOfAnother?: true;
}

const secret = 'correct-horse-battery-staple';

const signatory = (house: TestHouse) => ({
  ...{ store: house.store, ledger: house.ledger, clock: house.clock, by: house.owner },
  authority: new Authority(house.store, house.ledger),
});

/** One way for each stage; there is none for the last, at which nothing is decided any more. */
const stops: Readonly<
  Record<Exclude<StageName, 'emit'>, readonly [RefusalCode | 'suspended', Stop]>
> = {
  controls: [
    'control.halted',
    {
      begun: (house) => {
        const halt = { scope: 'all', run: null, mode: 'lockdown', reason: 'test' } as const;
        return engageControl(signatory(house), halt);
      },
    },
  ],
  intent: ['intent.malformed', { intent: { kind: 'delegate' } }],
  writ: ['writ.not-yours', { isOfAnother: true }],
  revocation: [
    'writ.revoked',
    { begun: (house, { writ }) => revokeStanding(signatory(house), { writ, reason: 'test' }) },
  ],
  window: ['writ.early', { terms: { window: { notBefore: 1_000_001, notAfter: 2_000_000 } } }],
  capability: ['writ.not-granted', { terms: { grants: [{ capability: 'other', where: [] }] } }],
  args: ['args.secret', { house: { secrets: [secret] }, intent: { args: { text: secret } } }],
  scope: ['writ.effect-exceeded', { terms: { effects: ['read'] } }],
  preconditions: [
    'precondition.failed',
    { act: { checkPreconditions: () => refusal('precondition.failed', 'it is another') } },
  ],
  budget: [
    'budget.exhausted',
    {
      terms: {
        budget: {
          ...{ tokens: 1_000_000, costMicrousd: 1_000_000, calls: 0 },
          ...{ wallMs: 1_000_000, cpuMs: 1_000_000, bytesOut: 1_000_000 },
        },
      },
    },
  ],
  policy: [
    'policy.denied',
    { house: { bundle: bundleOf({ all: rule('permit'), no: rule('forbid', 'act') }) } },
  ],
  holds: [
    'suspended',
    {
      house: {
        bundle: bundleOf({ all: rule('permit'), ask: rule('forbid', 'act', { hold: 'human' }) }),
      },
    },
  ],
};

/** Has the broker take one intent all the way, and counts how often its capability was called. */
async function taken({ house: request = {}, terms = {}, intent = {}, act, ...stop }: Stop) {
  const counting = poison('act', 'write');
  const capabilities = [{ ...counting, ...act }, poison('other', 'write')];
  const house = await houseOf({ store: new MemoryStore(), capabilities, ...request });
  const { driven } = await startTestRun(house, modelOf([]), {}, wideTerms(house, terms));
  const seen: SealedEntry[] = [];
  const context = {
    ...{ ...driven.context, onEntry: (sealed: SealedEntry) => seen.push(sealed) },
    ...(stop.isOfAnother === true ? { actor: house.owner.id } : {}),
  };
  await stop.begun?.(house, context);
  const outcome = await submit(context, {
    ...{ origin: 'human', turn: 0, callId: 'c' },
    intent: { kind: 'act', capability: 'act', args: {}, rationale: '', nonce: 'n', ...intent },
  });
  const decided = seen.findLast(({ entry }) => entry.kind.startsWith('proposal.'));
  return {
    outcome: outcome.kind === 'rejected' ? outcome.refusal.code : outcome.kind,
    trace: (decided?.entry.body as { readonly trace?: unknown } | undefined)?.trace,
    called: counting.taken(),
    findings: await findingsOf(house),
  };
}

/** All before a stage have passed, and none after it was reached. */
function traceTo(stage: StageName, verdict: string): Readonly<Record<string, string>> {
  const stop = stageNames.indexOf(stage);
  const verdictAt = (index: number) =>
    index < stop ? 'pass' : index === stop ? verdict : 'unreached';
  return Object.fromEntries(stageNames.map((name, index) => [name, verdictAt(index)]));
}

it('an action that every stage lets pass is done, once', async () => {
  const trace = traceTo('emit', 'pass');
  expect(await taken({})).toEqual({ outcome: 'committed', trace, called: 1, findings: [] });
});

it.each(
  stageNames.flatMap((stage) => (stage === 'emit' ? [] : [[stage, ...stops[stage]] as const])),
)('an action that the stage of %s stops is not done: %s', async (stage, outcome, stop) => {
  const { findings, ...seen } = await taken(stop);
  const trace = traceTo(stage, outcome === 'suspended' ? 'hold' : 'refuse');
  expect(seen).toEqual({ outcome, trace, called: 0 });
  expect(findings).toEqual([]);
});

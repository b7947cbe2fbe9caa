import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { recordText, type Digest, type Json } from '@chancery/kernel/encoding';
import type { Entry } from '@chancery/kernel/ledger';
import { routingEvidenceOf, type RoutingEvidence } from '@chancery/kernel/routing';
import { worldDigest } from '@chancery/kernel/world';
import type { Execution } from '@chancery/runtime/broker';
import {
  bundleOf,
  capabilityOf,
  houseOf,
  memoryWrite,
  MemoryWorkspace,
  modelOf,
  observed,
  rule,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { driving, findingsOf, takenUp } from './drive.ts';
import { vote } from './vote.ts';

const names = ['look', 'memory.write', 'send', 'wipe', 'denied', 'unknown'] as const;

/** A call, what a router says of it, and what a human answers where it is held. */
interface Planned {
  readonly name: (typeof names)[number];
  readonly routing: RoutingEvidence | undefined;
  readonly answer: 'grant' | 'deny';
  readonly fails: boolean;
}

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,95}$/);
const code = fc.stringMatching(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/);
const count = fc.nat(Number.MAX_SAFE_INTEGER);
const evidence = fc
  .record(
    {
      selected: fc.oneof(name, fc.constantFrom(...names)),
      alternatives: fc.array(name, { maxLength: 8 }),
      confidenceBps: fc.nat(10_000),
      reasons: fc.array(code, { maxLength: 8 }),
      ...{ serial: count, latencyEstimateMs: count, costEstimateMicrousd: count },
      fallback: fc.record({ selected: name, reason: code }),
    },
    { requiredKeys: ['selected', 'alternatives', 'confidenceBps', 'reasons'] },
  )
  .map(routingEvidenceOf);

const plans: fc.Arbitrary<readonly Planned[]> = fc.array(
  fc.record({
    name: fc.constantFrom(...names),
    routing: fc.option(evidence, { nil: undefined }),
    answer: fc.constantFrom('grant', 'deny'),
    fails: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

interface Lived {
  /** Bodies of the run and of what was asked of humans, without the evidence. */
  readonly bodies: readonly string[];
  readonly world: Digest | undefined;
  readonly spent: string;
  /** What was carried out, in order. */
  readonly done: readonly string[];
  readonly prompts: readonly string[];
}

async function lived(plan: readonly Planned[], isRouted: boolean): Promise<Lived> {
  const done: string[] = [];
  const prompts: string[] = [];
  const workspace = new MemoryWorkspace('r1');
  const acting = (of: Planned['name'], effect: 'read' | 'external' | 'irreversible') =>
    capabilityOf({
      ...{ name: of, effect },
      execute: ({ index, fails }): Promise<Execution> => {
        done.push(`${of} ${JSON.stringify(index)}`);
        const failure = { class: 'terminal', code: 'no', message: 'no' } as const;
        return Promise.resolve(
          fails === true ? { kind: 'failed', failure, used: {} } : observed({}),
        );
      },
    });
  const house = await houseOf({
    store: new MemoryStore(),
    capabilities: [
      ...[acting('look', 'read'), acting('send', 'external'), acting('wipe', 'irreversible')],
      ...[acting('denied', 'read'), memoryWrite(() => workspace)],
    ],
    bundle: bundleOf({
      all: rule('permit'),
      no: rule('forbid', 'denied'),
      ask: rule('forbid', 'send', { hold: 'human', quorum: '1' }),
    }),
    workspace: () => workspace,
  });
  const turns = plan.map(({ name: called, routing, fails }, index) => {
    const args = { index, fails, path: `f${index}`, text: 'a' };
    return { calls: [{ name: called, args, routing: isRouted ? routing : undefined }] };
  });
  const answering = modelOf([...turns, { say: 'done' }]);
  const model: typeof answering = {
    ...answering,
    stream(request, signal) {
      prompts.push(JSON.stringify(request));
      return answering.stream(request, signal);
    },
  };
  let held = await startTestRun(house, model);
  let end = await driving(held);
  while (end.kind === 'held') {
    const { turn } = held.driven.progress.loop;
    await vote(house, end.action, plan[turn - 1]?.answer ?? 'deny');
    held = await takenUp(house, held);
    end = await driving(held);
  }
  expect(end.kind).toBe('finished');
  expect(await findingsOf(house)).toEqual([]);
  checkEvidence(house, plan, isRouted);
  const { world, spent } = held.driven.context.trajectory;
  return {
    bodies: house.seen.map(({ entry }) => entry).flatMap(unroutedText),
    world: worldDigest(world),
    spent: recordText(spent),
    ...{ done, prompts },
  };
}

/** Every intent bears what was given for its call. */
function checkEvidence({ seen }: TestHouse, plan: readonly Planned[], isRouted: boolean): void {
  const borne = seen.flatMap(({ entry }) =>
    entry.kind === 'intent.proposed' ? [entry.body.routing] : [],
  );
  expect(borne).toEqual(plan.map(({ routing }) => (isRouted ? routing : undefined)));
}

/** The kind and body of an entry without evidence; nothing of one that names entries by their digests. */
function unroutedText({ kind, body, stream }: Entry): readonly string[] {
  if (!/^(run|approval):/.test(stream) || /^approval\.(voted|resolved)$/.test(kind)) return [];
  const bare = JSON.stringify(body, (member, value: Json) =>
    member === 'routing' ? undefined : value,
  );
  return [`${kind} ${bare}`];
}

it('evidence of routers changes no decision, action, delta, world or spend, and no word of a prompt', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      expect(await lived(plan, true)).toEqual(await lived(plan, false));
    }),
    cases(60),
  );
});

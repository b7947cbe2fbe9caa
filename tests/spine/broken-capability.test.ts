import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Effect, Normalised } from '@chancery/kernel/contract';
import { maxDepth } from '@chancery/kernel/encoding';
import { done, refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import type { Capability } from '@chancery/runtime/broker';
import { submit } from '@chancery/runtime/broker';
import {
  capabilityOf,
  houseOf,
  modelOf,
  observed,
  poison,
  startTestRun,
} from '@chancery/testkit/house';
import { call, driving, findingsOf } from './drive.ts';

type Parts = Partial<Pick<Capability, 'normalise' | 'checkPreconditions' | 'checkPostconditions'>>;

/** A call of a capability some part of which is broken, and then one of another that counts. */
async function callingBroken(parts: Parts, effect: Effect = 'write') {
  const [broken, next] = [poison('broken', effect), poison('next', 'write')];
  const house = await houseOf({
    store: new MemoryStore(),
    capabilities: [{ ...broken, ...parts }, next],
  });
  const model = modelOf([call('broken'), call('next'), { say: 'done' }]);
  const end = await driving(await startTestRun(house, model));
  const bodies = (kind: string): readonly unknown[] =>
    house.seen.filter(({ entry }) => entry.kind === kind).map(({ entry }) => entry.body);
  return {
    ...{ end, taken: broken.taken(), next: next.taken(), findings: await findingsOf(house) },
    ...{ rejected: bodies('proposal.rejected'), failed: bodies('execution.failed') },
    commits: bodies('commit').length,
  };
}

const throwing = (error: unknown) => (): never => {
  throw error;
};

const systemError = Object.assign(new Error('a secret inside'), { code: 'EMFILE' });

const giving = (change: object) => (): Promise<Result<Normalised>> =>
  capabilityOf({ name: 'broken', effect: 'write', execute: () => Promise.resolve(observed({})) })
    .normalise({}, undefined as never)
    .then((made) => (made.ok ? done({ ...made.value, ...change }) : made));

const unrecordable = 'broken gave a form that cannot be recorded: ';

describe('a capability that breaks before it acts', () => {
  it.each<[string, Parts, object]>([
    [
      'throws when it is to give arguments their form',
      { normalise: throwing(new TypeError('a secret inside')) },
      { code: 'capability.broken', message: 'broken threw TypeError' },
    ],
    [
      'rejects with an error of the system',
      { normalise: () => Promise.reject(systemError) },
      { code: 'capability.broken', message: 'broken threw Error EMFILE' },
    ],
    [
      'throws what is no error',
      { normalise: throwing('a secret inside') },
      { code: 'capability.broken', message: 'broken threw string' },
    ],
    [
      'throws a refusal',
      { normalise: throwing(new RefusalError(refusal('args.escapes', 'it leads out'))) },
      { code: 'args.escapes', message: 'it leads out' },
    ],
    [
      'throws when it is asked for its conditions on the world',
      { checkPreconditions: throwing(new RangeError('a secret inside')) },
      { code: 'capability.broken', message: 'broken threw RangeError' },
    ],
    [
      'gives arguments that have no digest',
      { normalise: giving({ args: { ratio: 0.5 } }) },
      { code: 'capability.broken', message: `${unrecordable}a number is not a safe integer` },
    ],
    [
      'gives facts that have no digest',
      { normalise: giving({ resolved: { at: undefined, name: '\ud800' } }) },
      { code: 'capability.broken', message: `${unrecordable}a string holds a lone surrogate` },
    ],
    [
      'gives no effects',
      { normalise: giving({ effects: null }) },
      { code: 'capability.broken', message: 'broken gave no effects' },
    ],
  ])('and %s is refused this one action, and nothing is executed', async (_how, parts, why) => {
    const seen = await callingBroken(parts);
    expect(seen).toMatchObject({ end: { kind: 'finished' }, taken: 0, next: 1, commits: 1 });
    expect(seen.rejected).toEqual([
      expect.objectContaining({ refusal: expect.objectContaining(why) as object }),
    ]);
    expect([seen.failed, seen.findings]).toEqual([[], []]);
  });

  it('may give a form as deep as can be recorded, and none that is deeper', async () => {
    const deep = (levels: number): object => (levels === 1 ? {} : { in: deep(levels - 1) });
    const given = (levels: number) => callingBroken({ normalise: giving({ args: deep(levels) }) });
    // The form, the action and the body of its entry are three levels about it.
    expect(await given(maxDepth - 3)).toMatchObject({ taken: 1, rejected: [], findings: [] });
    const { taken, rejected } = await given(maxDepth - 2);
    expect([taken, rejected]).toMatchObject([0, [{ refusal: { code: 'capability.broken' } }]]);
  });

  it('is refused what is proposed beside the model as well', async () => {
    const broken = poison('broken', 'external');
    const house = await houseOf({
      store: new MemoryStore(),
      capabilities: [{ ...broken, normalise: throwing(new Error('no')) }],
    });
    const { driven } = await startTestRun(house, modelOf([{ say: 'done' }]));
    const intent = { kind: 'act', capability: 'broken', args: {}, rationale: '', nonce: 'n' };
    const submission = { origin: 'human', turn: 0, callId: 'c', intent } as const;
    const outcome = await submit({ ...driven.context, onEntry: () => undefined }, submission);
    expect(outcome).toMatchObject({ kind: 'rejected', refusal: { code: 'capability.broken' } });
    expect(broken.taken()).toBe(0);
  });
});

describe('a capability whose conditions on what it did throw', () => {
  const parts = { checkPostconditions: throwing(new TypeError('a secret inside')) };
  const message = 'the capability threw TypeError when its output was checked';

  it('has failed, nobody knows how, and the next action is not touched', async () => {
    const seen = await callingBroken(parts);
    expect(seen).toMatchObject({ end: { kind: 'finished' }, taken: 1, next: 1, commits: 1 });
    expect(seen.failed).toMatchObject([{ failure: { class: 'unknown', code: 'fault', message } }]);
    expect(seen.findings).toEqual([]);
  });

  it('is in doubt where it has left the machine', async () => {
    expect((await callingBroken(parts, 'external')).end).toMatchObject({ kind: 'in-doubt' });
  });
});

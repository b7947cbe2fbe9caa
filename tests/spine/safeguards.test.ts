import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { contractsWithoutThresholds, writtenContracts } from '@chancery/kernel/ledger';
import { done } from '@chancery/kernel/refusal';
import { createGenesis } from '@chancery/kernel/writ';
import type { ModelEvent, Model } from '@chancery/runtime/cognition';
import { drive, resumeRun } from '@chancery/runtime/drive';
import { Journal } from '@chancery/runtime/journal';
import { signerFrom } from '@chancery/testkit/builders';
import {
  capabilityOf,
  HandClock,
  houseOf,
  modelOf,
  observed,
  poison,
  startTestRun,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, kindsOf } from './drive.ts';

describe('an effect that left the machine and whose result does not fit the world', () => {
  const unfit = (effect: 'external' | 'write') =>
    capabilityOf({
      name: 'send',
      effect,
      execute: () =>
        Promise.resolve({
          ...observed({}),
          delta: [{ op: 'delete', key: 'nothing', expect: 7 }],
        }),
    });

  it.each([
    ['external', 'execution.in-doubt', 'in-doubt'],
    ['write', 'execution.failed', 'finished'],
  ] as const)('with the effect %s ends by %s', async (effect, kind, end) => {
    const house = await houseOf({ store: new MemoryStore(), capabilities: [unfit(effect)] });
    const held = await startTestRun(house, modelOf([call('send'), { say: 'done' }]));
    expect((await driving(held)).kind).toBe(end);
    const kinds = kindsOf(house);
    expect(kinds[kinds.indexOf('execution.started') + 1]).toBe(kind);
    expect(await findingsOf(house)).toEqual([]);
  });
});

describe('a model call', () => {
  /** Fails with these codes, one call after the other, then answers. */
  function failing(codes: readonly string[]): Model {
    const answering = modelOf([{ say: 'done' }]);
    const left = [...codes];
    return {
      ...answering,
      async *stream(request, signal): AsyncGenerator<ModelEvent> {
        const code = left.shift();
        if (code === undefined) {
          yield* answering.stream(request, signal);
          return;
        }
        const failure = { class: 'retryable', code, message: code, retryAfterMs: 0 } as const;
        yield { type: 'failed', failure, usage: undefined };
      },
    };
  }

  const outcomeAfter = async (codes: readonly string[]): Promise<string> => {
    const clock = new HandClock();
    const house = await houseOf({ store: new MemoryStore(), capabilities: [], clock });
    const limits = {
      ...{ turns: 20, wallMs: 3_600_000, retries: 2 },
      ...{ outputTokens: 1_000, approvalMs: 60_000 },
    };
    const held = await startTestRun(house, failing(codes), { limits });
    const end = await drive(held.driven, {
      stop: new AbortController().signal,
      rest: (untilMs) => {
        clock.ms = Math.max(clock.ms, untilMs);
        return Promise.resolve();
      },
      waitForHumans: false,
    });
    return end.kind === 'finished' ? end.body.outcome : end.kind;
  };

  it('that we broke off ourselves is no failure of the provider, which has its retries left', async () => {
    const ours = ['cancelled', 'abandoned', 'cancelled', 'cancelled', 'abandoned'];
    expect(await outcomeAfter([...ours, 'busy', 'busy'])).toBe('succeeded');
    expect(await outcomeAfter(['busy', ...ours, 'busy', 'busy'])).toBe('failed');
  });
});

describe('a ledger that was founded under a contract that is not known', () => {
  it('takes no run', async () => {
    const store = new MemoryStore();
    const owner = signerFrom(1);
    const envelope = createGenesis({
      ...{ name: 'later', roots: [owner], threshold: 1, nonce: 'n' },
      contractDigest: 'c'.repeat(64),
      defaultPolicy: 'd'.repeat(64),
    });
    const journal = new Journal({ store, ledger: null, by: owner.id, clock: new HandClock() });
    await journal.append(new Map([['ledger', null]]), [
      { stream: 'ledger', kind: 'ledger.created', body: { envelope } },
    ]);
    const send = poison('send', 'external');
    const house = await houseOf({ store, capabilities: [send] });
    await expect(startTestRun(house, modelOf([call('send')]))).rejects.toMatchObject({
      refusal: { code: 'ledger.newer' },
    });
    expect([await store.streams('run:'), send.taken()]).toEqual([[], 0]);
  });
});

describe('a run that was started under another contract', () => {
  /** The house, and how to go on with a run of which nothing but its start is recorded. */
  async function startedUnder(contract: string) {
    const send = poison('send', 'external');
    const house = await houseOf({ store: new MemoryStore(), capabilities: [send] });
    const held = await startTestRun(house, modelOf([{ say: 'done' }]));
    const { started } = held.driven.context.trajectory;
    if (started === undefined) throw new Error('the run has not begun');
    const { store, ledger, clock, actor } = house;
    const journal = new Journal({ store, ledger, by: actor.id, clock });
    await journal.append(new Map([['run:other', null]]), [
      { stream: 'run:other', kind: 'run.started', body: { ...started, contractDigest: contract } },
    ]);
    const modelFor = () => Promise.resolve(done(modelOf([call('send'), { say: 'done' }])));
    const resume = () => resumeRun(house, { run: 'other', modelOf: modelFor, readable: [] });
    return { store, resume, send };
  }

  it('that is not known is not gone on with, and stays free for a version that knows it', async () => {
    const { store, resume, send } = await startedUnder('c'.repeat(64));
    const refusedTwice = [await resume(), await resume()];
    expect(send.taken()).toBe(0);
    expect(refusedTwice).toMatchObject([
      { ok: false, refusal: { code: 'ledger.newer' } },
      { ok: false, refusal: { code: 'ledger.newer' } },
    ]);
    expect((await store.streams('run:other')).map(({ head }) => head.seq)).toEqual([0]);
  });

  it.each(writtenContracts)(
    '%s, which this version has or extends, is gone on with',
    async (contract) => {
      const { resume, send } = await startedUnder(contract);
      const resumed = await resume();
      if (!resumed.ok) throw new Error(resumed.refusal.message);
      await driving(resumed.value);
      expect(send.taken()).toBe(1);
    },
  );

  it.each(contractsWithoutThresholds)('%s, tells no thresholds of its budget', async (contract) => {
    const { resume } = await startedUnder(contract);
    const resumed = await resume();
    if (!resumed.ok) throw new Error(resumed.refusal.message);
    expect(resumed.value.driven.context.granted).toBeUndefined();
  });
});

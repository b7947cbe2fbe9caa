import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Signer } from '@chancery/kernel/encoding';
import {
  Authority,
  recordSayings,
  sayCompromise,
  sayRetirement,
  sayTrust,
  type Sayings,
} from '@chancery/runtime/authority';
import { authoriseDirectly, watchAuthority, type DriveEnd } from '@chancery/runtime/drive';
import { signerFrom } from '@chancery/testkit/builders';
import {
  capabilityOf,
  houseOf,
  modelOf,
  observed,
  poison,
  startTestRun,
  wideTerms,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf } from './drive.ts';

/** Far beyond the time that any of these tests takes. */
const sleepS = 600;

/** Those of its contract. */
const limits = { timeoutMs: sleepS * 1_000, inputBytes: 65_536, outputBytes: 65_536 };

/** A test that takes as long has hung. */
const hungMs = 45_000;

const deputy = signerFrom(7);

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function record({ store, ledger, clock, owner }: TestHouse, said: Sayings): Promise<void> {
  const speaking = { store, ledger, clock, authority: new Authority(store, ledger) };
  const recorded = await recordSayings(speaking, said, [owner]);
  if (!recorded.ok) throw new Error(recorded.refusal.message);
}

const ending = ({ id: key }: Signer) => ({ key, reason: 'test' });
const compromised = (key: Signer) => (house: TestHouse) =>
  record(house, sayCompromise({ ...ending(key), fromSize: 1 }));
const retired = (key: Signer) => (house: TestHouse) => record(house, sayRetirement(ending(key)));

interface Ended {
  readonly house: TestHouse;
  readonly end: DriveEnd;
  /** By which signal its process ended; null where it came to its end by itself. */
  readonly signal: NodeJS.Signals | null;
  readonly later: number;
}

/**
 * A run under a writ of the deputy, whose effect is a process that sleeps. Something happens while it
 * does; where it is not to end by that, the test wakes it with another signal.
 */
async function during(
  happening: (house: TestHouse) => Promise<void>,
  { notAfter = 10_000_000_000_000, wakes = false } = {},
): Promise<Ended> {
  const child = spawn('sleep', [String(sleepS)], { stdio: 'ignore' });
  children.push(child);
  const gone = once(child, 'exit');
  let begun: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (begun = resolve));
  const sleep = capabilityOf({
    name: 'sleep',
    effect: 'write',
    contract: { limits },
    execute: async (_args, { signal }) => {
      signal.addEventListener('abort', () => child.kill('SIGTERM'));
      begun();
      await gone;
      return observed({});
    },
  });
  const make = poison('make', 'write');
  const clock = { nowMs: () => Date.now() };
  const house = await houseOf({ store: new MemoryStore(), capabilities: [sleep, make], clock });
  await record(house, sayTrust({ key: deputy.id, label: 'deputy', purposes: ['issue', 'run'] }));
  const terms = wideTerms(house, { window: { notBefore: 0, notAfter } });
  const authorised = await authoriseDirectly(house, deputy, terms);
  if (!authorised.ok) throw new Error(authorised.refusal.message);
  const turns = modelOf([call('sleep'), call('make'), { say: 'done' }]);
  const held = await startTestRun(house, turns, { authorised: authorised.value });
  const driven = driving(held);
  await running;
  const unwatch = watchAuthority(house, held, (error) => {
    throw error;
  });
  await happening(house);
  if (wakes) {
    // Whoever watches has heard of it by now, and has let it go on.
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill('SIGINT');
  }
  const [, signal] = (await gone) as [number | null, NodeJS.Signals | null];
  const end = await driven;
  unwatch();
  return { house, end, signal, later: make.taken() };
}

const reasonOf = ({ end }: Ended): string =>
  end.kind === 'finished' ? `${end.body.outcome}: ${end.body.reason}` : end.kind;

describe('an effect that runs for long', () => {
  it('is ended when the key that issued its writ is found compromised', async () => {
    const ended = await during(compromised(deputy));
    expect([ended.signal, ended.later]).toEqual(['SIGTERM', 0]);
    expect(reasonOf(ended)).toBe(`cancelled: the key ${deputy.id} was retired or compromised`);
  });

  it.each([
    ['retired', retired],
    ['found compromised', compromised],
  ])('is ended when the key that it acts as is %s', async (_, said) => {
    const actor = signerFrom(2);
    const ended = await during(said(actor));
    expect([ended.signal, ended.later]).toEqual(['SIGTERM', 0]);
    expect(reasonOf(ended)).toBe(`cancelled: the key ${actor.id} was retired or compromised`);
  });

  it(
    'is ended when the window of its writ closes, though nothing is recorded then',
    async () => {
      const ended = await during(() => Promise.resolve(), { notAfter: Date.now() + 3_000 });
      expect([ended.signal, ended.later]).toEqual(['SIGTERM', 0]);
      expect(reasonOf(ended)).toBe('cancelled: the window of the writ has closed');
      expect(await findingsOf(ended.house)).toEqual([]);
    },
    hungMs,
  );

  it('goes on when the key that issued its writ is retired: what that has signed stands', async () => {
    const ended = await during(retired(deputy), { wakes: true });
    expect([ended.signal, ended.later]).toEqual(['SIGINT', 1]);
    expect(reasonOf(ended)).toMatch(/^succeeded/);
    expect(await findingsOf(ended.house)).toEqual([]);
  });
});

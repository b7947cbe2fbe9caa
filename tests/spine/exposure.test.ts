import { describe, expect, it } from 'vitest';
import { buildBundle, starters } from '@chancery/adapters/policy-cedar';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { type Author } from '@chancery/kernel/contract';
import { type JsonObject } from '@chancery/kernel/encoding';
import { assert } from '@chancery/kernel/refusal';
import {
  capabilityOf,
  houseOf,
  modelOf,
  observed,
  poison,
  startTestRun,
  type Turn,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, takenUp } from './drive.ts';
import { vote } from './vote.ts';

const secret = 'a-secret-that-nobody-may-know';

/** A capability whose output is this, written by these. */
function telling(name: string, output: JsonObject, authors: Readonly<Record<string, Author>>) {
  const execute = () => Promise.resolve(observed(output));
  return capabilityOf({ name, effect: 'read', execute, contract: { authors } });
}

const own = telling('own', { lines: 3 }, { lines: 'service' });
const page = telling('page', { title: 'hello' }, { title: 'third-party' });
const empty = telling(
  'empty',
  { rows: [], text: '' },
  { rows: 'third-party', text: 'third-party' },
);
const config = telling('config', { token: secret }, { token: 'service' });
const broken = capabilityOf({
  name: 'broken',
  effect: 'read',
  execute: () =>
    Promise.resolve({
      kind: 'failed',
      failure: { class: 'terminal', code: 'bad', message: `no ${secret}` },
      used: {},
    }),
});

const narrow = buildBundle({
  name: 'default',
  level: 'tenant',
  text: starters.find(({ name }) => name === 'narrow')?.text() ?? '',
});

/** What a run under the policy of the starter `narrow` comes to. */
async function governed(...turns: readonly Turn[]) {
  assert(narrow.ok, 'the starter is a policy');
  const send = poison('send', 'external');
  const house = await houseOf({
    store: new MemoryStore(),
    capabilities: [own, page, empty, config, broken, send],
    bundle: narrow.value,
    secrets: [secret],
  });
  const held = await startTestRun(house, modelOf([...turns, { say: 'done' }]));
  const end = await driving(held);
  return { house, held, send, end };
}

type Governed = Awaited<ReturnType<typeof governed>>;

function labelsIn({ house }: Pick<Governed, 'house'>): readonly unknown[] {
  return house.seen.flatMap(({ entry: { kind, body } }) =>
    kind === 'commit' || kind === 'execution.failed' ? [body.labels] : [],
  );
}

function refusalsIn({ house }: Pick<Governed, 'house'>): readonly string[] {
  return house.seen.flatMap(({ entry: { kind, body } }) =>
    kind === 'proposal.rejected' ? [body.refusal.code] : [],
  );
}

describe('the outcome of an action', () => {
  it('bears labels of the secrets and of the text of strangers that are in it', async () => {
    const calls = ['own', 'page', 'empty', 'config', 'broken'].map((name) => call(name));
    const told = await governed(...calls);
    expect(labelsIn(told)).toEqual([
      undefined,
      ['untrusted:page'],
      undefined,
      ['secret:found'],
      ['secret:found'],
    ]);
    expect(await findingsOf(told.house)).toEqual([]);
  });
});

describe('once a run has read a secret', () => {
  it.each(['config', 'broken'])('nothing leaves the machine any more; by %s', async (name) => {
    const told = await governed(call('own'), call(name), call('send'));
    expect([refusalsIn(told), told.send.taken()]).toEqual([['policy.denied'], 0]);
    expect(await findingsOf(told.house)).toEqual([]);
  });
});

describe('after a run has read text of strangers', () => {
  it('the first action that leaves the machine waits for a human, and the next does not', async () => {
    const { house, held, send, end } = await governed(call('page'), call('send'), call('send'));
    assert(end.kind === 'held', 'it waits');
    expect(send.taken()).toBe(0);
    await vote(house, end.action, 'grant');
    const again = await takenUp(house, held);
    const last = await driving(again);
    expect([last.kind, send.taken()]).toEqual(['finished', 2]);
    const { labels, egressAfterUntrusted } = again.driven.context.trajectory.facts;
    expect([labels, egressAfterUntrusted]).toEqual([['untrusted:page', 'untrusted:send'], 2]);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('and before that, none waits', async () => {
    const { end, send } = await governed(call('own'), call('empty'), call('send'));
    expect([end.kind, send.taken()]).toEqual(['finished', 1]);
  });
});

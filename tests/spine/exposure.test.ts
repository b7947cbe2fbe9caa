import { describe, expect, it } from 'vitest';
import { removeLabel } from '@chancery/adapters/capability-label';
import { buildBundle, starters } from '@chancery/adapters/policy-cedar';
import { compileSchema } from '@chancery/adapters/schema-ajv';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Author } from '@chancery/kernel/contract';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { Bundle } from '@chancery/kernel/policy';
import { assert } from '@chancery/kernel/refusal';
import { readBranchPoint } from '@chancery/runtime/drive';
import {
  capabilityOf,
  houseOf,
  modelOf,
  observed,
  permitEverything,
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

const web = capabilityOf({
  name: 'page.fetch',
  effect: 'read',
  execute: () => Promise.resolve({ ...observed({ title: 'hello' }), heard: true }),
});

const narrow = buildBundle({
  name: 'default',
  level: 'tenant',
  text: starters.find(({ name }) => name === 'narrow')?.text() ?? '',
});

/** What a run under the policy of the starter `narrow` comes to. */
async function governed(...turns: readonly Turn[]) {
  assert(narrow.ok, 'the starter is a policy');
  return governedBy(narrow.value, ...turns);
}

async function governedBy(bundle: Bundle, ...turns: readonly Turn[]) {
  const send = poison('send', 'external');
  const founded = await houseOf({
    store: new MemoryStore(),
    capabilities: [own, page, web, empty, config, broken, send, removeLabel],
    bundle,
    secrets: [secret],
  });
  const house = { ...founded, compileSchema };
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

describe('what came from a host on a network', () => {
  it('bears the label of that, by whatever capability it came', async () => {
    const told = await governed(call('page.fetch'), call('send'));
    expect(labelsIn(told)).toEqual([['untrusted:page.fetch', 'untrusted:web']]);
    expect(told.end.kind).toBe('held');
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
    const run = held.driven.context.stream.slice('run:'.length);
    const from = await readBranchPoint(house.store, house.ledger, { run, seq: undefined });
    assert(from.ok, 'there is such a run');
    const branch = await startTestRun(house, modelOf([{ say: 'done' }]), { from: from.value });
    const { facts } = branch.driven.context.trajectory;
    expect([facts.labels, facts.egressAfterUntrusted]).toEqual([labels, 2]);
    await driving(branch);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('and before that, none waits', async () => {
    const { end, send } = await governed(call('own'), call('empty'), call('send'));
    expect([end.kind, send.taken()]).toEqual(['finished', 1]);
  });
});

const remove = (label: string) => call('label.remove', { label, reason: 'Ada has looked' });
const found = 'secret:found';

describe('a label of secrecy', () => {
  it('is taken away by an action that a human approves, and by nothing before that', async () => {
    const turns = [call('config'), remove(found), call('send'), call('config'), call('send')];
    const told = await governed(...turns);
    assert(told.end.kind === 'held', 'it waits');
    expect(told.held.driven.context.trajectory.facts.labels).toEqual([found]);
    await vote(told.house, told.end.action, 'grant');
    const again = await takenUp(told.house, told.held);
    expect((await driving(again)).kind).toBe('finished');
    expect([told.send.taken(), refusalsIn(told)]).toEqual([1, ['policy.denied']]);
    const commits = told.house.seen.flatMap(({ entry }) =>
      entry.kind === 'commit' ? [entry.body.unlabelled] : [],
    );
    expect(commits).toEqual([undefined, found, undefined, undefined]);
    expect(again.driven.context.trajectory.facts.labels).toContain(found);
    expect(await findingsOf(told.house)).toEqual([]);
  });

  it('stays where the human says no', async () => {
    const told = await governed(call('config'), remove(found), call('send'));
    assert(told.end.kind === 'held', 'it waits');
    await vote(told.house, told.end.action, 'deny');
    await driving(await takenUp(told.house, told.held));
    expect([told.send.taken(), refusalsIn(told)]).toEqual([
      0,
      ['approval.denied', 'policy.denied'],
    ]);
    expect(await findingsOf(told.house)).toEqual([]);
  });

  it('is not taken away by an agent alone, whatever policy permits', async () => {
    const { end, house } = await governedBy(permitEverything, call('config'), remove(found));
    assert(end.kind === 'held', 'it waits');
    const held = house.seen.find(({ entry }) => entry.kind === 'proposal.suspended');
    expect(held?.entry.body).toMatchObject({
      hold: { channel: 'human', quorum: 1, rule: 'label-removal' },
    });
  });

  it('is the one that was asked for, and of secrecy', async () => {
    const turns = [
      call('page'),
      call('config'),
      remove('secret:agent:ada'),
      remove('untrusted:page'),
    ];
    const told = await governed(...turns);
    assert(told.end.kind === 'held', 'it waits');
    await vote(told.house, told.end.action, 'grant');
    const again = await takenUp(told.house, told.held);
    await driving(again);
    expect(again.driven.context.trajectory.facts.labels).toEqual(['untrusted:page', found]);
    expect(refusalsIn(told)).toEqual(['args.invalid']);
    expect(await findingsOf(told.house)).toEqual([]);
  });
});

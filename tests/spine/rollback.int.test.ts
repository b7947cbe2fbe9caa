import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { restore } from '@chancery/adapters/capability-restore';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { gitWorkspaces } from '@chancery/adapters/workspace-git';
import type { Digest, Json } from '@chancery/kernel/encoding';
import { Fault } from '@chancery/kernel/refusal';
import type { Body, LedgerStore } from '@chancery/kernel/ledger';
import { recordVote, type Capability } from '@chancery/runtime/broker';
import {
  abandon,
  noModel,
  readBranchPoint,
  type BranchPoint,
  type DriveEnd,
  type HeldRun,
  type OwnPolicy,
} from '@chancery/runtime/drive';
import { bundleDigest } from '@chancery/kernel/policy';
import { restoreName } from '@chancery/runtime/undoing';
import { someDigest } from '@chancery/testkit/builders';
import {
  agreedPlan,
  bundleOf,
  capabilityOf,
  houseOf,
  modelOf,
  observed,
  rule,
  startTestRun,
  wideTerms,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, takenUp } from './drive.ts';
import { openShop, type Shop } from './orders.ts';

let folder: string;
let repository: string;
let shop: Shop;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollback-'));
  repository = join(folder, 'repository');
  mkdirSync(repository);
  writeFileSync(join(repository, 'kept.txt'), 'as it was\r\n');
  writeFileSync(join(repository, 'tool.sh'), '#!/bin/sh\n', { mode: 0o755 });
  symlinkSync('kept.txt', join(repository, 'link'));
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '-qm', 'base');
  shop = await openShop();
});

afterEach(async () => {
  await shop.close();
  rmSync(folder, { recursive: true, force: true });
});

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** Changes files in every way: contents, modes, links, files that are new, files that are gone. */
const churn: Capability = capabilityOf({
  name: 'churn',
  effect: 'write',
  execute: ({ name }, { root }) => {
    rmSync(join(root, 'link'), { force: true });
    writeFileSync(join(root, 'kept.txt'), `changed by ${JSON.stringify(name)}`);
    chmodSync(join(root, 'tool.sh'), 0o644);
    const made = join(root, 'deep', textOf(name), 'made.bin');
    mkdirSync(dirname(made), { recursive: true });
    writeFileSync(made, Buffer.from([0, 255, 10]));
    return Promise.resolve(observed({}));
  },
});

interface Scene {
  readonly house: TestHouse;
  /** The run that has ended, and whose undoing is tried. */
  readonly run: string;
}

async function scene(
  calls: readonly (readonly [name: string, args?: Record<string, string>])[],
  { store = new MemoryStore(), rules = {}, more = [], policies = [] }: Staging = {},
): Promise<Scene> {
  const house = await houseOf({
    store,
    capabilities: [churn, ...shop.capabilities, ...more],
    bundle: bundleOf({ all: rule('permit'), ...rules }),
  });
  const real = {
    ...house,
    workspaces: gitWorkspaces({ home: join(folder, 'home') }),
    restoringOn: (files: Parameters<typeof restore>[0]) => [restore(files)],
  };
  const model = modelOf([...calls.map(([name, args]) => call(name, args)), { say: 'done' }]);
  const held = await startTestRun(real, model, { repository, policies });
  const end = await driving(held);
  expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
  return { house: real, run: held.driven.context.stream.slice('run:'.length) };
}

type Rules = Parameters<typeof bundleOf>[0];

interface Staging {
  readonly store?: LedgerStore;
  readonly rules?: Rules;
  readonly more?: readonly Capability[];
  readonly policies?: readonly OwnPolicy[];
}

async function pointOf({ house, run }: Scene, seq?: number): Promise<BranchPoint> {
  const point = await readBranchPoint(house.store, house.ledger, { run, seq });
  if (!point.ok) throw new Error(point.refusal.message);
  return point.value;
}

async function begin(
  on: Scene,
  to = 0,
  without: readonly string[] = [],
  undoing?: Digest,
): Promise<HeldRun> {
  const { grants, ...terms } = wideTerms(on.house);
  const wanted = [...grants, { capability: restoreName, where: [] }]
    .filter(({ capability }) => !without.includes(capability))
    .sort((a, b) => (a.capability < b.capability ? -1 : 1));
  const from = await pointOf(on);
  return startTestRun(
    on.house,
    noModel,
    {
      repository,
      from,
      rollback: { to, undoing: undoing ?? (await agreedPlan(on.house, from, to)) },
    },
    { ...terms, grants: wanted },
  );
}

async function rolledBack(on: Scene, to = 0): Promise<DriveEnd> {
  return driving(await begin(on, to));
}

/** What is recorded of a kind, in order. */
function bodies<K extends 'commit' | 'compensation.planned' | 'compensation.finished'>(
  { house }: Scene,
  kind: K,
): readonly Body<K>[] {
  return house.seen.flatMap(({ entry }) => (entry.kind === kind ? [entry.body as Body<K>] : []));
}

/** Entries of the run that are commits, of this capability. */
function commitsOf({ house, run }: Scene, capability: string): readonly number[] {
  const actions = new Map(
    house.seen.flatMap(({ entry }) =>
      entry.kind === 'proposal.staged'
        ? [[entry.body.actionDigest, entry.body.action.capability]]
        : [],
    ),
  );
  return house.seen.flatMap(({ entry }) =>
    entry.stream === `run:${run}` &&
    entry.kind === 'commit' &&
    actions.get(entry.body.action) === capability
      ? [entry.seq]
      : [],
  );
}

const succeeded = { kind: 'finished', body: { outcome: 'succeeded' } };

describe('undoing a run', () => {
  it('takes back what left the machine, the last first, and then the files, byte for byte', async () => {
    const on = await scene([
      ['churn', { name: 'a' }],
      ['order.place', { n: '1' }],
      ['churn', { name: 'b' }],
      ['order.place', { n: '2' }],
    ]);
    expect([...shop.orders]).toEqual(['o1', 'o2']);
    const before = (await pointOf(on, 0)).tree;
    const end = await rolledBack(on);
    expect(end).toMatchObject(succeeded);
    expect(shop.orders.size).toBe(0);
    expect(end.kind === 'finished' && end.body.tree).toBe(before);
    expect(bodies(on, 'compensation.planned')).toMatchObject([
      {
        steps: [
          { capability: 'order.cancel', args: { inline: { order: 'o2' } } },
          { capability: 'order.cancel', args: { inline: { order: 'o1' } } },
          { capability: 'fs.restore', args: { inline: { tree: before } } },
        ],
        lasting: [],
      },
    ]);
    expect(bodies(on, 'compensation.finished')).toEqual([{ done: 3, left: 0 }]);
    const [first, second] = commitsOf(on, 'order.place');
    const compensated = bodies(on, 'commit').flatMap(({ compensates }) => compensates ?? []);
    expect(compensated).toEqual([second, first, ...commitsOf(on, 'churn').toReversed()]);
    const commit = end.kind === 'finished' ? (end.body.commit ?? '') : '';
    expect(git('diff', '--stat', 'main', commit)).toBe('');
    // Upon the result that it takes back, so that a checkout which has that can take it back too.
    expect(git('rev-parse', `${commit}^`).trim()).toBe((await pointOf(on)).finished?.commit);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('goes back to any entry', async () => {
    const on = await scene([['churn', { name: 'a' }], ['order.place'], ['churn', { name: 'b' }]]);
    const [to = 0] = commitsOf(on, 'order.place');
    const end = await rolledBack(on, to);
    expect(end).toMatchObject(succeeded);
    expect(end.kind === 'finished' && end.body.tree).toBe((await pointOf(on, to)).tree);
    expect([...shop.orders]).toEqual(['o1']);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('goes on with what is left when a step has failed', async () => {
    const on = await scene([
      ['order.place', { n: '1' }],
      ['churn', { name: 'a' }],
      ['order.place', { n: '2' }],
    ]);
    shop.shipped.add('o1');
    expect(await rolledBack(on)).toMatchObject({
      kind: 'finished',
      body: { outcome: 'failed', reason: 'order.cancel answered order.shipped' },
    });
    expect(bodies(on, 'compensation.finished')).toEqual([{ done: 1, left: 2 }]);
    expect([...shop.orders]).toEqual(['o1']);
    shop.shipped.clear();
    expect(await rolledBack(on)).toMatchObject(succeeded);
    expect(shop.orders.size).toBe(0);
    expect(
      bodies(on, 'compensation.planned')
        .at(-1)
        ?.steps.map(({ capability }) => capability),
    ).toEqual(['order.cancel', 'fs.restore']);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('takes no step unless all of them would pass', async () => {
    const on = await scene([
      ['order.place', { n: '1' }],
      ['churn', { name: 'a' }],
      ['order.place', { n: '2' }],
    ]);
    const end = await driving(await begin(on, 0, [restoreName]));
    expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'failed' } });
    expect(end.kind === 'finished' && end.body.reason).toMatch(
      /^step 3 \(fs\.restore\) would be refused, so none was taken: writ\.not-granted/,
    );
    expect([...shop.orders]).toEqual(['o1', 'o2']);
    expect(bodies(on, 'compensation.planned')).toEqual([]);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('takes no step where the plan is another than was agreed to, and all where it is that', async () => {
    const on = await scene([
      ['order.place', { n: '1' }],
      ['order.place', { n: '2' }],
    ]);
    const ended = await driving(await begin(on, 0, [], someDigest('another')));
    expect(ended.kind === 'finished' && [ended.body.outcome, ended.body.reason]).toEqual([
      'failed',
      expect.stringMatching(/^what is to be undone is not what was shown any more/),
    ]);
    expect([...shop.orders]).toEqual(['o1', 'o2']);
    const agreed = await driving(await begin(on));
    expect(agreed).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    expect(shop.orders.size).toBe(0);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('leaves the policies of the run to whoever goes on from what undid it', async () => {
    const mine = { ...bundleOf({ mine: rule('permit') }), name: 'mine', level: 'run' } as const;
    const on = await scene([['churn', { name: 'a' }]], { policies: [{ bundle: mine }] });
    const undoing = await begin(on);
    await driving(undoing);
    const from = await pointOf({ ...on, run: undoing.driven.context.stream.slice('run:'.length) });
    const model = modelOf([{ say: 'done' }]);
    const branch = await startTestRun(on.house, model, { repository, from });
    await driving(branch);
    const starts = on.house.seen.flatMap(({ entry }) =>
      entry.kind === 'run.started' ? [entry.body.policies?.map(({ bundle }) => bundle)] : [],
    );
    expect(starts).toEqual([[bundleDigest(mine)], undefined, [bundleDigest(mine)]]);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('tells what nothing can undo, and leaves it', async () => {
    const on = await scene([['mail.send'], ['churn', { name: 'a' }]]);
    expect(await rolledBack(on)).toMatchObject(succeeded);
    const [mail] = commitsOf(on, 'mail.send');
    expect(bodies(on, 'compensation.planned')).toMatchObject([
      { lasting: [{ entry: mail, capability: 'mail.send' }] },
    ]);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('waits for a human where a step is held, and goes on after the vote', async () => {
    const rules = { ask: rule('forbid', 'order.cancel', { hold: 'human', quorum: '1' }) };
    const on = await scene([['order.place']], { rules });
    const held = await begin(on);
    const rest = await driving(held);
    expect(rest.kind).toBe('held');
    expect(shop.orders.size).toBe(1);
    const { owner, actor } = on.house;
    const voted = await recordVote(on.house, {
      ...{ action: rest.kind === 'held' ? rest.action : '', vote: 'grant', reason: 'yes' },
      ...{ voter: owner, proposer: actor.id },
    });
    expect(voted.ok).toBe(true);
    expect(await driving(await takenUp(on.house, held))).toMatchObject(succeeded);
    expect(shop.orders.size).toBe(0);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('is itself undone like any other run', async () => {
    const on = await scene([['churn', { name: 'a' }]]);
    const after = (await pointOf(on)).tree;
    const held = await begin(on);
    await driving(held);
    const undoing = { house: on.house, run: held.driven.context.stream.slice('run:'.length) };
    const end = await rolledBack(undoing);
    expect(end.kind === 'finished' && end.body.tree).toBe(after);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('waits for no other one: what is begun later ends, and undoes nothing', async () => {
    const rules = { ask: rule('forbid', 'order.cancel', { hold: 'human', quorum: '1' }) };
    const on = await scene([['order.place']], { rules });
    const first = await begin(on);
    const second = await begin(on);
    expect(await driving(second)).toMatchObject({
      kind: 'finished',
      body: {
        outcome: 'failed',
        reason: `the rollback ${first.driven.context.stream} of it has not ended`,
      },
    });
    expect((await driving(first)).kind).toBe('held');
    expect(await driving(await begin(on))).toMatchObject({ body: { outcome: 'failed' } });
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('does not take a step again of which nobody knows whether it was taken', async () => {
    const on = await scene([['order.place'], ['churn', { name: 'a' }]]);
    shop.breaks = true;
    const held = await begin(on);
    expect((await driving(held)).kind).toBe('in-doubt');
    await held.release();
    const stream = held.driven.context.stream.slice('run:'.length);
    expect((await abandon(on.house, stream, 'nobody looked')).ok).toBe(true);
    shop.breaks = false;
    expect(await rolledBack(on)).toMatchObject(succeeded);
    const [placed] = commitsOf(on, 'order.place');
    expect(bodies(on, 'compensation.planned').at(-1)).toMatchObject({
      steps: [{ capability: 'fs.restore' }],
      lasting: [{ entry: placed, capability: 'order.place' }],
    });
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('asks no model', () => {
    expect(() =>
      noModel.stream({ messages: [], tools: [], maxOutputTokens: 0 }, new AbortController().signal),
    ).toThrow(Fault);
  });

  it('takes back no effect twice, and the files as often as it is asked', async () => {
    const on = await scene([['order.place'], ['churn', { name: 'a' }]]);
    const first = await rolledBack(on);
    const again = await rolledBack(on);
    expect(bodies(on, 'compensation.planned').at(-1)).toMatchObject({
      steps: [{ capability: 'fs.restore' }],
      lasting: [],
    });
    const [tree, other] = [first, again].map((end) => end.kind === 'finished' && end.body.tree);
    expect(other).toBe(tree);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('stands upon the first commit where the result is not there any more', async () => {
    const on = await scene([['churn', { name: 'a' }]]);
    git('branch', '-D', `chancery/${on.run}`);
    git('reflog', 'expire', '--expire=now', '--all');
    git('gc', '--quiet', '--prune=now');
    expect(await rolledBack(on)).toMatchObject(succeeded);
  });

  it('says of what stays that it is undone by no step, the files included', async () => {
    const both = capabilityOf({
      name: 'deploy',
      effect: 'write',
      execute: (_args, { root }) => {
        writeFileSync(join(root, 'deployed.txt'), 'yes');
        return Promise.resolve(observed({}));
      },
    });
    const deploy: Capability = {
      ...both,
      normalise: async (args, surroundings) => {
        const normalised = await both.normalise(args, surroundings);
        return normalised.ok
          ? { ok: true, value: { ...normalised.value, effects: ['write', 'external'] } }
          : normalised;
      },
    };
    const on = await scene([['deploy']], { more: [deploy] });
    for (let time = 0; time < 2; time += 1) {
      expect(await rolledBack(on)).toMatchObject(succeeded);
      expect(bodies(on, 'compensation.planned').at(-1)).toMatchObject({
        steps: [{ commits: [], capability: 'fs.restore' }],
        lasting: [{ capability: 'deploy' }],
      });
    }
    expect(await findingsOf(on.house)).toEqual([]);
  });
});

describe('a run that goes on from another', () => {
  it('has its files, what it may have seen, and the objects of its snapshots', async () => {
    const on = await scene([
      ['churn', { name: 'a' }],
      ['churn', { name: 'b' }],
    ]);
    const [first = 0] = commitsOf(on, 'churn');
    const from = await pointOf(on, first);
    const model = modelOf([call('churn', { name: 'c' }), { say: 'done' }]);
    const held = await startTestRun(on.house, model, { repository, from });
    expect(held.driven.context.trajectory.started?.workspace.tree).toBe(from.tree);
    const end = await driving(held);
    const commit = end.kind === 'finished' ? (end.body.commit ?? '') : '';
    expect(git('ls-tree', '-r', '--name-only', commit).trim().split('\n')).toEqual([
      'deep/a/made.bin',
      'deep/c/made.bin',
      'kept.txt',
      'tool.sh',
    ]);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('is refused at an entry that is not there', async () => {
    const on = await scene([['churn', { name: 'a' }]]);
    const { store, ledger } = on.house;
    const asked = [
      readBranchPoint(store, ledger, { run: on.run, seq: 999 }),
      readBranchPoint(store, ledger, { run: 'nobody', seq: undefined }),
    ];
    for (const point of await Promise.all(asked)) {
      expect(point).toMatchObject({ ok: false, refusal: { code: 'run.unknown' } });
    }
  });
});

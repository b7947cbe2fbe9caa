import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { restore } from '@chancery/adapters/capability-restore';
import { systemClock } from '@chancery/adapters/clock-system';
import { openLedger } from '@chancery/adapters/owner-socket';
import { openSqliteStore, readSqliteStore } from '@chancery/adapters/store-sqlite';
import { gitWorkspaces } from '@chancery/adapters/workspace-git';
import { checkBatch, type LedgerStore } from '@chancery/kernel/ledger';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { Result } from '@chancery/kernel/refusal';
import type { Model } from '@chancery/runtime/cognition';
import type { RunFiles } from '@chancery/runtime/drive';
import type { Workspace, Workspaces } from '@chancery/runtime/workspace';
import {
  bundleOf,
  houseOf,
  modelOf,
  rule,
  type TestHouse,
  type Turn,
} from '@chancery/testkit/house';
import { commandWrite, counter, fileRead, fileWrite, reckon } from './capabilities.ts';
import { Reaper } from './reaper.ts';
import { watchedStore } from './watched-store.ts';

/** `undo`: the run of `brief`, which has ended, is undone. */
export type Story = 'whole' | 'doubt' | 'lifted' | 'brief' | 'undo';

/** What a process is told to do. */
export interface Job {
  /** Folder of all that the run leaves behind, `placesIn` tells where. */
  readonly folder: string;
  readonly story: Story;
  /** The instant at which it is killed, from 1; 0: it is not. */
  readonly killAt: number;
  /** What a human says of an execution in doubt; undefined: it stays in doubt. */
  readonly word?: boolean;
}

export function placesIn(folder: string) {
  return {
    repository: join(folder, 'repository'),
    ledger: join(folder, 'ledger'),
    database: join(folder, 'ledger', 'ledger.db'),
    home: join(folder, 'home'),
    counter: join(folder, 'counter.txt'),
    acknowledged: join(folder, 'acknowledged.txt'),
    marks: join(folder, 'marks.txt'),
  };
}

type Call = readonly [name: string, args: JsonObject];

function turn(...calls: readonly Call[]): Turn {
  return { say: 'next', calls: calls.map(([name, args]) => ({ name, args })) };
}

const stories: Readonly<Record<Story, readonly Turn[]>> = {
  whole: [
    turn(
      ['file.read', { path: 'kept.txt' }],
      ['reckon', { of: 21 }],
      ['file.write', { path: 'made.txt', text: 'first version\n' }],
      ['count', { nth: 1 }],
    ),
    turn(
      ['fire', { nth: 4 }],
      ['send', { nth: 2 }],
      ['file.write', { path: 'deep/er/made.txt', text: 'deep\n' }],
    ),
    turn(
      ['file.write', { path: 'made.txt', text: 'second version, longer\n' }],
      ['count', { nth: 3 }],
    ),
    { say: 'done' },
  ],
  doubt: [turn(['tell', { nth: 1 }]), { say: 'done' }],
  lifted: [turn(['command.write', { path: 'ci/jobs', text: 'as was granted\n' }]), { say: 'done' }],
  brief: [
    turn(['file.write', { path: 'made.txt', text: 'first version\n' }], ['count', { nth: 1 }]),
    turn(['send', { nth: 2 }], ['file.write', { path: 'kept.txt', text: 'another\n' }]),
    { say: 'done' },
  ],
  undo: [],
};

/** A house of real parts, all of whose instants the reaper is told of. */
export interface Scene {
  readonly house: TestHouse;
  readonly model: Model;
  readonly reaper: Reaper;
}

export async function openScene({ folder, story, killAt }: Job): Promise<Scene> {
  const places = placesIn(folder);
  const reaper = new Reaper(places.marks, killAt);
  const store = watchedStore(await openStore(folder), places.acknowledged, reaper);
  const counting = { file: places.counter, reconcilable: true, undoneBy: 'uncount' };
  const house = await houseOf({
    store,
    clock: systemClock(),
    capabilities: [
      fileRead(reaper),
      fileWrite(reaper),
      commandWrite(reaper),
      reckon(reaper),
      counter({ ...counting, name: 'fire', effect: 'irreversible', undoneBy: undefined }, reaper),
      counter({ name: 'count', ...counting }, reaper),
      counter({ name: 'send', ...counting }, reaper),
      counter({ name: 'tell', ...counting, reconcilable: false }, reaper),
      counter({ ...counting, name: 'uncount', undoneBy: undefined }, reaper),
    ],
    bundle: bundleOf({
      all: rule('permit'),
      ask: rule('forbid', 'send', { hold: 'human', quorum: '1' }),
    }),
    probe: (phase) => reaper.pass(phase),
  });
  const real = {
    workspaces: checkedAtTheEnd(gitWorkspaces({ home: places.home })),
    restoringOn: (files: RunFiles) => [restore(files)],
    newName: () => randomUUID(),
    retry: { ...house.retry, firstDelayMs: 1, maxDelayMs: 1 },
  };
  return { house: { ...house, ...real }, model: watchedModel(story, reaper), reaper };
}

async function openStore(folder: string): Promise<LedgerStore> {
  const { ledger, database } = placesIn(folder);
  mkdirSync(ledger, { recursive: true });
  return openLedger({
    folder: ledger,
    check: (batch) => checkBatch(batch),
    openOwned: () => openSqliteStore({ path: database, create: true }),
    openRead: () => readSqliteStore(database),
  });
}

function watchedModel(story: Story, reaper: Reaper): Model {
  const model = modelOf(stories[story]);
  return {
    ...model,
    stream: (request, signal) => {
      reaper.pass('model asked');
      return model.stream(request, signal);
    },
  };
}

/** Makes workspaces look, before their files go, whether these are the tree that was committed. */
function checkedAtTheEnd(workspaces: Workspaces): Workspaces {
  const create = workspaces.create.bind(workspaces);
  const open = workspaces.open.bind(workspaces);
  workspaces.create = async (request) => watched(await create(request));
  workspaces.open = async (run, origin) => watched(await open(run, origin));
  return workspaces;
}

function watched(made: Result<Workspace>): Result<Workspace> {
  if (!made.ok) return made;
  const workspace = made.value;
  const commit = workspace.commit.bind(workspace);
  const dispose = workspace.dispose.bind(workspace);
  let committed: string | undefined;
  workspace.commit = (tree, message) => {
    committed = tree;
    return commit(tree, message);
  };
  workspace.dispose = async () => {
    const present = await workspace.snapshot();
    if (committed !== undefined && (!present.ok || present.value !== committed)) {
      throw new Error('the files are not those of the tree that was committed');
    }
    await dispose();
  };
  return made;
}

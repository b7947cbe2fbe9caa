import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Action } from '@chancery/kernel/compiler';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { done } from '@chancery/kernel/refusal';
import { liftable, type Capability } from '@chancery/runtime/broker';
import {
  capabilityOf,
  houseOf,
  MemoryWorkspace,
  modelOf,
  observed,
  startTestRun,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, takenUp } from './drive.ts';
import { vote } from './vote.ts';

const named = 'ci/jobs/main';

class Killed extends Error {}

/** A store that dies when it is to take the first commit. */
function dyingAtCommit(): LedgerStore {
  const store = new MemoryStore();
  const append = store.append.bind(store);
  let died = false;
  store.append = async (batch) => {
    const isCommit = batch.entries.some(({ entry }) => entry.kind === 'commit');
    if (!isCommit || died) return append(batch);
    died = true;
    throw new Killed();
  };
  return store;
}

/** A command that names these paths, and writes those; it tells what was lifted for it. */
function commandOn(
  files: MemoryWorkspace,
  paths: readonly string[],
  written: readonly string[],
  lifted: unknown[],
): Capability {
  const made = capabilityOf({
    name: 'command',
    effect: 'write',
    execute: (_args, context) => {
      lifted.push(context.lifted);
      for (const path of written) files.files.set(path, 'mine');
      return Promise.resolve(observed({}));
    },
  });
  return {
    ...made,
    normalise: async (args, surroundings) => {
      const normal = await made.normalise(args, surroundings);
      if (!normal.ok) return normal;
      const facts = { line: 'x', programs: ['x'] };
      return done({ ...normal.value, paths, command: facts, resolved: { ...facts, paths } });
    },
  };
}

async function running(
  { paths = [named], written = [named], store = new MemoryStore() as LedgerStore },
  before: (scene: { readonly grant: () => Promise<void> }) => Promise<void> = ({ grant }) =>
    grant(),
) {
  const [workspace, lifted] = [new MemoryWorkspace('r2'), [] as unknown[]];
  const capabilities = [commandOn(workspace, paths, written, lifted)];
  const house = await houseOf({ store, capabilities, workspace: () => workspace });
  const model = modelOf([call('command'), { say: 'done' }]);
  const request = { protectedPaths: ['ci/**', 'LICENSE', '*.lock'] };
  const begun = await startTestRun(house, model, request);
  const end = await driving(begun);
  if (end.kind === 'held') {
    await before({ grant: () => vote(house, end.action, 'grant') });
    await driving(await takenUp(house, begun)).catch(async (error: unknown) => {
      if (!(error instanceof Killed)) throw error;
      await driving(await takenUp(house, begun));
    });
  }
  const last = (kind: string): unknown =>
    house.seen.findLast(({ entry }) => entry.kind === kind)?.entry.body;
  return {
    ...{ held: end.kind === 'held', lifted, files: [...workspace.files.keys()] },
    ...{ failed: last('execution.failed'), findings: await findingsOf(house) },
  };
}

describe('what a grant of a command lifts', () => {
  it('is lifted again where its process was killed before the end was recorded', async () => {
    const store = dyingAtCommit();
    expect(await running({ store })).toEqual({
      ...{ held: true, lifted: [[named], [named]], files: [named] },
      ...{ failed: undefined, findings: [] },
    });
  });

  it('is what it names of what is protected, for this one execution', async () => {
    expect(await running({ paths: ['a.txt', named, 'LICENSE'] })).toEqual({
      ...{ held: true, lifted: [[named, 'LICENSE']], files: [named] },
      ...{ failed: undefined, findings: [] },
    });
  });

  it('is all in a folder that it names', async () => {
    expect(await running({ paths: ['ci/jobs'] })).toMatchObject({
      files: [named],
      lifted: [['ci/jobs']],
    });
  });

  it.each([[['ci/jobs/main2']], [['ci/jobs']], [[named, 'LICENSE']], [[named, 'a/b.lock']]])(
    'is not %j, which is undone',
    async (written) => {
      const seen = await running({ written });
      expect(seen).toMatchObject({ failed: { failure: { code: 'protected.changed' } }, files: [] });
      expect(seen.findings).toEqual([]);
    },
  );

  it('is nothing where nobody was asked, since nothing that is protected was named', async () => {
    const seen = await running({ paths: ['a.txt'] });
    expect(seen).toMatchObject({ held: false, lifted: [[]], files: [] });
    expect(seen.failed).toMatchObject({ failure: { code: 'protected.changed' } });
  });

  it('is nothing of an action that tells no paths', () => {
    for (const resolved of [null, {}, { paths: named }, { paths: [1] }]) {
      expect(liftable({ resolved } as unknown as Action, ['ci/**'])).toEqual([]);
    }
  });
});

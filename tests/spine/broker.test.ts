import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { Capability, Execution } from '@chancery/runtime/broker';
import type { RunRequest } from '@chancery/runtime/drive';
import {
  capabilityOf,
  houseOf,
  memoryWrite,
  MemoryWorkspace,
  modelOf,
  observed,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf } from './drive.ts';

interface Case {
  readonly capability: (workspace: MemoryWorkspace) => Capability;
  readonly args?: JsonObject;
  readonly secrets?: readonly string[];
  readonly request?: Partial<RunRequest>;
}

/** Runs one call of one capability, and gives what was recorded of it. */
async function acting({ capability, args = {}, secrets = [], request = {} }: Case) {
  const workspace = new MemoryWorkspace('r2');
  workspace.files.set('kept.txt', 'as it was');
  const made = capability(workspace);
  const store = new MemoryStore();
  const house = await houseOf({
    store,
    capabilities: [made],
    workspace: () => workspace,
    secrets,
  });
  const model = modelOf([call(made.contract.name, args), { say: 'done' }]);
  const end = await driving(await startTestRun(house, model, request));
  // Whatever goes wrong outside, the ledger verifies.
  expect(await findingsOf(house)).toEqual([]);
  return { house, workspace, end, store };
}

const last = (house: TestHouse, kind: string): unknown =>
  house.seen.findLast(({ entry }) => entry.kind === kind)?.entry.body;

const spoiling = (workspace: MemoryWorkspace, after: () => Promise<Execution>): Capability =>
  capabilityOf({
    name: 'spoil',
    effect: 'write',
    execute: () => {
      workspace.files.set('kept.txt', 'spoilt');
      return after();
    },
  });

describe('an effect that goes wrong', () => {
  it.each([
    [
      'fails',
      () =>
        Promise.resolve<Execution>({
          kind: 'failed',
          failure: { class: 'terminal', code: 'some.code', message: 'no' },
          used: {},
        }),
      { class: 'terminal', code: 'some.code', message: 'no' },
    ],
    [
      'throws',
      () => Promise.reject(new TypeError('with a secret inside')),
      { class: 'unknown', code: 'fault', message: 'the capability threw TypeError' },
    ],
    [
      'observes what cannot be recorded',
      () => Promise.resolve(observed({ ratio: 0.5 })),
      { class: 'unknown', code: 'output.invalid', message: 'the output cannot be recorded' },
    ],
  ] as const)('leaves the files as they were when it %s', async (_how, after, failure) => {
    const { house, workspace } = await acting({ capability: (files) => spoiling(files, after) });
    expect(last(house, 'execution.failed')).toMatchObject({ failure, delta: [] });
    expect([...workspace.files]).toEqual([['kept.txt', 'as it was']]);
  });

  it('is in doubt when it left the machine and nobody knows', async () => {
    const send = capabilityOf({
      name: 'send',
      effect: 'external',
      execute: () => Promise.reject(new Error('cut')),
    });
    const { house, end } = await acting({ capability: () => send });
    expect(end).toMatchObject({ kind: 'in-doubt' });
    expect(last(house, 'execution.in-doubt')).toMatchObject({
      reason: 'fault: the capability threw Error',
    });
  });
});

describe('what is recorded of an effect', () => {
  it('holds no secret, whichever way it comes in', async () => {
    const secret = 'correct-horse-battery-staple';
    const echo = capabilityOf({
      name: 'echo',
      effect: 'read',
      execute: () => Promise.resolve(observed({ plain: secret, base64: btoa(secret) })),
    });
    const { store } = await acting({
      capability: () => echo,
      secrets: [secret],
      request: { task: `use ${secret}` },
    });
    const all = (await store.readAll(0, 1_000)).map(({ text }) => text).join('\n');
    expect(all).toContain('[redacted:known]');
    expect(all).not.toContain(secret);
    expect(all).not.toContain(btoa(secret));
  });

  it('refuses a literal secret in arguments, and records it redacted', async () => {
    const secret = 'correct-horse-battery-staple';
    const workspace = new MemoryWorkspace('r2');
    const { house, store } = await acting({
      capability: () => memoryWrite(() => workspace),
      args: { path: 'a.txt', text: secret },
      secrets: [secret],
    });
    expect(last(house, 'proposal.rejected')).toMatchObject({ refusal: { code: 'args.secret' } });
    const all = (await store.readAll(0, 1_000)).map(({ text }) => text).join('\n');
    expect(all).not.toContain(secret);
  });
});

describe('the working tree', () => {
  it('is put back when a command changes a protected file', async () => {
    const { house, workspace } = await acting({
      capability: (files) =>
        capabilityOf({
          name: 'command',
          effect: 'write',
          execute: () => {
            files.files.set('.github/workflow.yml', 'mine');
            return Promise.resolve(observed({}));
          },
        }),
      request: { protectedPaths: ['.github/**'] },
    });
    expect(last(house, 'execution.failed')).toMatchObject({
      failure: { code: 'protected.changed' },
    });
    expect([...workspace.files.keys()]).toEqual(['kept.txt']);
  });

  it('is not written to when somebody else has changed it', async () => {
    const { house } = await acting({
      capability: (files) => {
        const write = memoryWrite(() => files);
        return {
          ...write,
          normalise: (args, surroundings) => {
            files.files.set('foreign.txt', 'from outside');
            return write.normalise(args, surroundings);
          },
        };
      },
      args: { path: 'a.txt', text: 'x' },
    });
    expect(last(house, 'proposal.rejected')).toMatchObject({
      refusal: { code: 'workspace.drifted' },
    });
  });

  it('is looked for in all files before a command, and in the named ones before a write', async () => {
    const asked = async (command: { line: string; programs: string[] } | undefined) => {
      const seen: unknown[] = [];
      await acting({
        capability: (files) => {
          const write = memoryWrite(() => files);
          const snapshot = files.snapshot.bind(files);
          Object.assign(files, {
            snapshot: (paths?: readonly string[]) => {
              seen.push(paths);
              return snapshot();
            },
          });
          return {
            ...write,
            normalise: async (args, surroundings) => {
              const made = await write.normalise(args, surroundings);
              seen.length = 0;
              if (!made.ok) return made;
              const { resolved } = made.value;
              const told = { command, resolved: command ?? resolved, paths: ['a.txt'] };
              return { ...made, value: { ...made.value, ...told } };
            },
          };
        },
        args: { path: 'a.txt', text: 'x' },
      });
      return seen[0];
    };
    expect([
      await asked(undefined),
      await asked({ line: 'touch a.txt', programs: ['touch'] }),
    ]).toEqual([['a.txt'], undefined]);
  });
});

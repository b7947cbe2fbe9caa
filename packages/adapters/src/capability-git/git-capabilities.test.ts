import { describe, expect, it } from 'vitest';
import type { Action } from '@chancery/kernel/compiler';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { Capability, ExecutionContext } from '@chancery/runtime/broker';
import type { ChangedPath } from '@chancery/runtime/workspace';
import { gitCapabilities, type History } from './index.ts';

const base = '0'.repeat(64);
const tree = 'a'.repeat(64);

const context: ExecutionContext = {
  root: '/nowhere',
  sandbox: {
    checkReadable: () => undefined,
    probe: () => Promise.reject(new Error('not asked for')),
    run: () => Promise.reject(new Error('not asked for')),
  },
  readable: [],
  readOnly: [],
  actionDigest: base,
  world: { clock: 0, cells: new Map() },
  signal: new AbortController().signal,
  timeoutMs: 1000,
  tree,
  credentials: new Map(),
};

function historyOf(changes: readonly ChangedPath[], diff = ''): History {
  return {
    base,
    workspace: {
      branch: 'chancery/r1',
      origin: { repository: '/repository', baseCommit: 'c1', baseBranch: 'main' },
      changes: async (from, to) => (from === base && to === tree ? changes : []),
      diff: async (from, to, under = []) =>
        `${from === base && to === tree ? diff : ''}${under.join()}`,
    },
  };
}

function named(history: History, name: string): Capability {
  const found = gitCapabilities(history).find(({ contract }) => contract.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

async function outcome(capability: Capability, args: JsonObject): Promise<unknown> {
  const normalised = await capability.normalise(args, context);
  if (!normalised.ok) return normalised.refusal.code;
  const { args: normalisedArgs, resolved, effects } = normalised.value;
  expect(effects).toEqual(['read']);
  const { name } = capability.contract;
  const digests = { ledger: base, intent: base, writ: base, contract: base };
  const action: Action = {
    ...digests,
    stream: 'run:r1',
    capability: name,
    normalisedArgs,
    resolved,
  };
  const execution = await capability.execute(action, context);
  return execution.kind === 'done' ? execution.observation : execution.failure.code;
}

describe('git.status', () => {
  it('names what differs from the base', async () => {
    const changes = [{ path: 'a', change: 'added' }] as const;
    expect(await outcome(named(historyOf(changes), 'git.status'), {})).toEqual({
      branch: 'chancery/r1',
      baseCommit: 'c1',
      changes,
      truncated: false,
    });
  });

  it('is bounded', async () => {
    const many = Array.from({ length: 5001 }, (_, index) => ({
      path: String(index),
      change: 'added' as const,
    }));
    expect(await outcome(named(historyOf(many), 'git.status'), {})).toMatchObject({
      changes: { length: 5000 },
      truncated: true,
    });
  });
});

describe('git.diff', () => {
  it('shows what differs, everywhere or under a path', async () => {
    const diff = named(historyOf([], '+ü\n'), 'git.diff');
    expect(await outcome(diff, {})).toEqual({
      path: '.',
      diff: '+ü\n',
      sizeBytes: 4,
      truncated: false,
    });
    expect(await outcome(diff, { path: './src//a/' })).toMatchObject({
      path: 'src/a',
      diff: '+ü\nsrc/a',
    });
  });

  it('is bounded', async () => {
    const diff = named(historyOf([], 'x'.repeat(300_000)), 'git.diff');
    expect(await outcome(diff, {})).toMatchObject({
      diff: 'x'.repeat(256 * 1024),
      sizeBytes: 300_000,
      truncated: true,
    });
  });

  it.each(['/etc/passwd', '../x', 'a/../b', 'a\0b'])('refuses %j', async (path) => {
    expect(await outcome(named(historyOf([]), 'git.diff'), { path })).toBe('args.escapes');
  });
});

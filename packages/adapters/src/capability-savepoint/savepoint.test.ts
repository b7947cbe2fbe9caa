import { describe, expect, it } from 'vitest';
import type { Action } from '@chancery/kernel/compiler';
import type { ExecutionContext } from '@chancery/runtime/broker';
import type { World } from '@chancery/kernel/world';
import { savepoint } from './savepoint.ts';

const digest = '0'.repeat(64);
const tree = 'a'.repeat(64);

function contextWith(world: World): ExecutionContext {
  return {
    root: '/nowhere',
    sandbox: {
      checkReadable: () => undefined,
      probe: () => Promise.reject(new Error('not asked for')),
      run: () => Promise.reject(new Error('not asked for')),
    },
    readable: [],
    readOnly: [],
    actionDigest: digest,
    world,
    signal: new AbortController().signal,
    timeoutMs: 1000,
    tree,
    credentials: new Map(),
  };
}

const action: Action = {
  ledger: digest,
  stream: 'run:r1',
  intent: digest,
  writ: digest,
  contract: digest,
  capability: 'savepoint',
  normalisedArgs: { name: 'before' },
  resolved: null,
};

describe('a savepoint', () => {
  it('has no effect but on the world', async () => {
    const context = contextWith({ clock: 0, cells: new Map() });
    const normalised = await savepoint.normalise({ name: 'before' }, context);
    expect(normalised).toMatchObject({ ok: true, value: { effects: ['pure'], paths: [] } });
  });

  it('puts the recorded tree under its name', async () => {
    const context = contextWith({
      clock: 3,
      cells: new Map([['other', { version: 3, value: 1 }]]),
    });
    expect(await savepoint.execute(action, context)).toEqual({
      kind: 'done',
      observation: { name: 'before', tree },
      delta: [{ op: 'put', key: 'savepoint:before', value: tree, expect: 0 }],
      used: {},
      changed: [],
    });
  });

  it('moves a name from the version that is there', async () => {
    const cells = new Map([['savepoint:before', { version: 7, value: digest }]]);
    const execution = await savepoint.execute(action, contextWith({ clock: 9, cells }));
    expect(execution).toMatchObject({
      delta: [{ op: 'put', key: 'savepoint:before', value: tree, expect: 7 }],
    });
  });
});

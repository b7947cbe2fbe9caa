import { done } from '@chancery/kernel/refusal';
import type { Capability } from '@chancery/runtime/broker';
import { closed, gitContract } from './contract.ts';
import type { History } from './history.ts';

const mostChanges = 5000;

const contract = gitContract({
  name: 'git.status',
  description: 'Names the files that differ from the commit that the run started from, and how.',
  input: closed({}),
  output: closed({
    branch: { type: 'string' },
    baseCommit: { type: 'string' },
    changes: {
      type: 'array',
      items: closed({
        path: { type: 'string' },
        change: { enum: ['added', 'modified', 'deleted', 'type-changed', 'mode-changed'] },
      }),
    },
    truncated: { type: 'boolean' },
  }),
  roles: {},
  authors: {
    branch: 'service',
    baseCommit: 'service',
    changes: 'third-party',
    truncated: 'service',
  },
});

/** Compares the tree that is recorded before the action with the base. */
export function gitStatus({ workspace, base }: History): Capability {
  return {
    contract,
    normalise: async () =>
      done({
        args: {},
        resolved: null,
        effects: ['read'],
        paths: [],
        command: undefined,
        unsandboxed: false,
        estimate: contract.estimate,
      }),
    execute: async (_action, { tree }) => {
      const found = await workspace.changes(base, tree);
      const changes = found.slice(0, mostChanges).map(({ path, change }) => ({ path, change }));
      const observation = {
        branch: workspace.branch,
        baseCommit: workspace.origin.baseCommit,
        changes,
        truncated: found.length > changes.length,
      };
      return { kind: 'done', observation, delta: [], used: {}, changed: [] };
    },
  };
}

import type { JsonObject } from '@chancery/kernel/encoding';
import { done, Fault, refused, type Result } from '@chancery/kernel/refusal';
import type { Capability } from '@chancery/runtime/broker';
import { closed, gitContract } from './contract.ts';
import type { History } from './history.ts';

const longestDiff = 256 * 1024;

const contract = gitContract({
  name: 'git.diff',
  description:
    'Shows what differs from the commit that the run started from, as a unified diff. `path` ' +
    'limits it to a file or to the files below a folder. Binary files are named only.',
  input: closed({ path: { type: 'string', minLength: 1, maxLength: 4096 } }, ['path']),
  output: closed({
    path: { type: 'string' },
    diff: { type: 'string' },
    sizeBytes: { type: 'integer', minimum: 0 },
    truncated: { type: 'boolean' },
  }),
  roles: { path: 'path' },
  authors: {
    path: 'service',
    diff: 'third-party',
    sizeBytes: 'service',
    truncated: 'service',
  },
});

/** Shows the differences of the tree that is recorded before the action from the base. */
export function gitDiff({ workspace, base }: History): Capability {
  return {
    contract,
    normalise: async (args) => {
      const path = plainPath(args);
      if (!path.ok) return path;
      return done({
        args: { path: path.value },
        resolved: null,
        effects: ['read'],
        paths: [path.value],
        command: undefined,
        unsandboxed: false,
        estimate: contract.estimate,
      });
    },
    execute: async ({ normalisedArgs }, { tree }) => {
      const path = textOf(normalisedArgs);
      const diff = await workspace.diff(base, tree, path === '.' ? [] : [path]);
      const shown = diff.slice(0, longestDiff).toWellFormed();
      const observation = {
        path,
        diff: shown,
        sizeBytes: Buffer.byteLength(diff),
        truncated: shown.length < diff.length,
      };
      return { kind: 'done', observation, delta: [], used: {}, changed: [] };
    },
  };
}

function textOf(args: JsonObject): string {
  const path = args['path'] ?? '.';
  if (typeof path === 'string') return path;
  throw new Fault('a path that is not a text passed the schema');
}

/** A plain relative path. It selects among recorded names and opens nothing, so links do not matter. */
function plainPath(args: JsonObject): Result<string> {
  const path = textOf(args);
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (path.startsWith('/') || path.includes('\0') || names.includes('..')) {
    return refused('args.escapes', `${JSON.stringify(path)} is not a path inside the workspace`);
  }
  if (!path.isWellFormed()) return refused('args.invalid', 'the path is no well-formed text');
  return done(names.length === 0 ? '.' : names.join('/'));
}

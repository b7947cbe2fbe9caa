import type { Contract } from '@chancery/kernel/contract';
import { isDigest, type Json } from '@chancery/kernel/encoding';
import { assert, done } from '@chancery/kernel/refusal';
import type { Capability, Execution } from '@chancery/runtime/broker';
import { restoreName } from '@chancery/runtime/undoing';
import type { Workspace } from '@chancery/runtime/workspace';

/** Paths that a call tells beforehand; of more, what it changed is looked at afterwards. */
const mostPaths = 10_000;

const contract: Contract = {
  name: restoreName,
  version: '1.0.0',
  description: 'Makes the files equal to a recorded tree, byte for byte.',
  effect: 'write',
  risk: 'medium',
  input: {
    type: 'object',
    properties: { tree: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
    required: ['tree'],
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: {
      tree: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      changed: { type: 'integer', minimum: 0 },
    },
    required: ['tree', 'changed'],
    additionalProperties: false,
  },
  roles: { tree: 'object' },
  authors: { tree: 'service', changed: 'service' },
  limits: { timeoutMs: 120_000, inputBytes: 1024, outputBytes: 1024 },
  estimate: { tokens: 0, costMicrousd: 0, calls: 1, wallMs: 120_000, cpuMs: 0, bytesOut: 0 },
  compensable: true,
  reconcilable: false,
  failures: ['restore.incomplete'],
};

/** The files of a run. */
export type Restorable = Pick<Workspace, 'changes' | 'restore' | 'snapshot'>;

/** `fs.restore` on the files of one run. */
export function restore({ workspace }: { readonly workspace: Restorable }): Capability {
  return {
    contract,
    normalise: async (args) => {
      const tree = treeOf(args['tree']);
      const present = await workspace.snapshot();
      if (!present.ok) return present;
      const changes = await workspace.changes(present.value, tree);
      const paths = changes.map(({ path }) => path);
      return done({
        args: { tree },
        resolved: { changes: changes.length },
        effects: ['write'],
        paths: paths.length > mostPaths ? [] : paths,
        command: undefined,
        unsandboxed: false,
        estimate: contract.estimate,
      });
    },
    execute: async ({ normalisedArgs }, { tree: before }) =>
      makeEqual(workspace, before, treeOf(normalisedArgs['tree'])),
  };
}

async function makeEqual(workspace: Restorable, before: string, tree: string): Promise<Execution> {
  const changes = await workspace.changes(before, tree);
  await workspace.restore(tree);
  const after = await workspace.snapshot();
  if (!after.ok || after.value !== tree) {
    const message = after.ok ? `the files are ${after.value}` : after.refusal.message;
    return {
      kind: 'failed',
      failure: { class: 'terminal', code: 'restore.incomplete', message },
      used: {},
    };
  }
  const paths = changes.map(({ path }) => path);
  return {
    kind: 'done',
    observation: { tree, changed: changes.length },
    delta: [],
    used: {},
    // Undefined: the broker compares the trees, and finds a protected file that nobody was asked for.
    changed: paths.length > mostPaths ? undefined : paths,
  };
}

function treeOf(value: Json | undefined): string {
  assert(isDigest(value), 'a call without a tree passed the schema');
  return value;
}

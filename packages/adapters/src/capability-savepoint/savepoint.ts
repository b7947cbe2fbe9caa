import type { Contract } from '@chancery/kernel/contract';
import type { Json } from '@chancery/kernel/encoding';
import { done, Fault } from '@chancery/kernel/refusal';
import { savepointKey } from '@chancery/kernel/world';
import type { Capability } from '@chancery/runtime/broker';

const contract: Contract = {
  name: 'savepoint',
  version: '1.0.0',
  description:
    'Marks the present state of the files under a name, as a place to come back to. A name that ' +
    'exists is moved. Changes no file.',
  effect: 'pure',
  risk: 'low',
  input: {
    type: 'object',
    properties: { name: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,62}$' } },
    required: ['name'],
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: {
      name: { type: 'string' },
      tree: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    },
    required: ['name', 'tree'],
    additionalProperties: false,
  },
  roles: { name: 'object' },
  authors: { name: 'service', tree: 'service' },
  limits: { timeoutMs: 1000, inputBytes: 1024, outputBytes: 1024 },
  estimate: { tokens: 0, costMicrousd: 0, calls: 1, wallMs: 1000, cpuMs: 0, bytesOut: 0 },
  compensable: false,
  reconcilable: false,
  failures: [],
};

/** Writes the tree digest that the ledger has of the workspace into the world. */
export const savepoint: Capability = {
  contract,
  normalise: async (args) =>
    done({
      args: { name: nameOf(args['name']) },
      resolved: null,
      effects: ['pure'],
      paths: [],
      command: undefined,
      unsandboxed: false,
      estimate: contract.estimate,
    }),
  execute: async ({ normalisedArgs }, { tree, world }) => {
    const name = nameOf(normalisedArgs['name']);
    const key = savepointKey(name);
    const expect = world.cells.get(key)?.version ?? 0;
    return {
      kind: 'done',
      observation: { name, tree },
      delta: [{ op: 'put', key, value: tree, expect }],
      used: {},
      changed: [],
    };
  },
};

function nameOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new Fault('a savepoint without a name passed the schema');
}

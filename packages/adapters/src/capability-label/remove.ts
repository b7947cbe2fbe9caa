import { labelRemover } from '@chancery/kernel/compiler';
import type { Contract } from '@chancery/kernel/contract';
import type { JsonObject } from '@chancery/kernel/encoding';
import { done, Fault } from '@chancery/kernel/refusal';
import type { Capability } from '@chancery/runtime/broker';

const contract: Contract = {
  name: labelRemover,
  version: '1.0.0',
  description:
    'Asks a human to take one label of secrecy from this run, such as secret:found, so that policy ' +
    'no longer stops what it stops for that label. Say why in reason. Waits for the human each time.',
  effect: 'pure',
  risk: 'low',
  input: {
    type: 'object',
    properties: {
      label: { type: 'string', pattern: '^secret:[a-z0-9][a-z0-9:._-]{0,127}$' },
      reason: { type: 'string', minLength: 1, maxLength: 1000 },
    },
    required: ['label', 'reason'],
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: { label: { type: 'string' } },
    required: ['label'],
    additionalProperties: false,
  },
  roles: { label: 'object', reason: 'text' },
  authors: { label: 'service' },
  limits: { timeoutMs: 1000, inputBytes: 8192, outputBytes: 1024 },
  estimate: { tokens: 0, costMicrousd: 0, calls: 1, wallMs: 1000, cpuMs: 0, bytesOut: 0 },
  compensable: false,
  reconcilable: false,
  failures: [],
};

/** Does nothing itself: that it is committed after a human has approved it is what counts. */
export const removeLabel: Capability = {
  contract,
  normalise: async (args) =>
    done({
      args: requestOf(args),
      resolved: null,
      effects: ['pure'],
      paths: [],
      command: undefined,
      unsandboxed: false,
      estimate: contract.estimate,
    }),
  execute: async ({ normalisedArgs }) => ({
    kind: 'done',
    observation: { label: requestOf(normalisedArgs).label },
    delta: [],
    used: {},
    changed: [],
  }),
};

function requestOf({ label, reason }: JsonObject) {
  if (typeof label === 'string' && typeof reason === 'string') return { label, reason };
  throw new Fault('a label without a name or a reason passed the schema');
}

import { zeroAmounts } from '@chancery/kernel/account';
import type { CompileInput, Intent } from '@chancery/kernel/compiler';
import type { ControlMode, Halt } from '@chancery/kernel/control';
import {
  contractDigest,
  type Contract,
  type KnownCapability,
  type Normalised,
} from '@chancery/kernel/contract';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { PolicySet, PolicyVerdict } from '@chancery/kernel/policy';
import { done, refusal } from '@chancery/kernel/refusal';
import { authority, someChain, someDigest, type Authority } from './authority.ts';

/** The contract of a capability that writes a file. */
export function someContract(changes: Partial<Contract> = {}): Contract {
  return {
    name: 'fs.write',
    version: '1',
    description: 'Writes a file.',
    effect: 'write',
    risk: 'low',
    input: { type: 'object', additionalProperties: false, required: ['path', 'content'] },
    output: { type: 'object' },
    roles: { path: 'path', content: 'text' },
    authors: {},
    limits: { timeoutMs: 1_000, inputBytes: 4_096, outputBytes: 4_096 },
    estimate: { ...zeroAmounts, calls: 1, wallMs: 1_000 },
    compensable: true,
    reconcilable: false,
    failures: [],
    ...changes,
  };
}

/** A capability whose arguments must be a text each for `path` and `content`. */
export function someCapability(changes: Partial<Contract> = {}): KnownCapability {
  const contract = someContract(changes);
  return {
    contract,
    digest: contractDigest(contract),
    checkInput: (args) => {
      const { path, content } = args as JsonObject;
      if (typeof path === 'string' && typeof content === 'string') return undefined;
      return refusal('args.invalid', 'path and content must be texts');
    },
  };
}

export function someIntent(changes: Partial<Intent> = {}): Intent {
  return {
    kind: 'act',
    capability: 'fs.write',
    args: { path: 'src/a.ts', content: 'export {};' },
    rationale: 'the test asks for it',
    nonce: 'n1',
    ...changes,
  };
}

export function someNormalised(changes: Partial<Normalised> = {}): Normalised {
  return {
    args: { path: 'src/a.ts', content: 'export {};' },
    resolved: { path: '/place/src/a.ts' },
    effects: ['write'],
    paths: ['src/a.ts'],
    command: undefined,
    unsandboxed: false,
    estimate: { ...zeroAmounts, calls: 1, wallMs: 1_000 },
    ...changes,
  };
}

/** A policy that answers the same whatever is asked. */
export function constantPolicy(verdict: PolicyVerdict): PolicySet {
  return { digest: someDigest('policy set'), decide: () => verdict };
}

export const permitting = constantPolicy({
  kind: 'permit',
  rules: [{ id: 'allow', level: 'run', effect: 'permit' }],
});

/** A control that concerns the trajectory. */
export function someHalt(mode: ControlMode, changes: Partial<Halt> = {}): Halt {
  return { scope: 'all', mode, reason: 'stop', source: 'ledger', ...changes };
}

/** Everything that a compilation takes; as it is, it is staged. */
export function compileInput(
  changes: Partial<CompileInput> = {},
  of: Authority = authority(),
): CompileInput {
  const capability = someCapability();
  return {
    ledger: of.ledger,
    stream: 'run:r1',
    actor: of.agent.id,
    nowMs: 5_000,
    intent: someIntent(),
    controls: [],
    nonceUsedBy: () => undefined,
    chain: changes.chain ?? someChain(of),
    trust: of.trust,
    isRevoked: () => false,
    capability,
    pinnedContract: (changes.capability ?? capability).digest,
    normalised: done(someNormalised()),
    findSecret: (text) => (text.includes('hunter2') ? 'password' : undefined),
    world: { clock: 0, cells: new Map() },
    checkPreconditions: () => undefined,
    available: { ...zeroAmounts, calls: 10, wallMs: 10_000 },
    policy: permitting,
    channels: new Map(),
    facts: { labels: [], egressAfterUntrusted: 0, commits: 0, refusals: 0, depth: 0 },
    riskThreshold: 'high',
    protectedPaths: ['.github/**', '*.lock', 'package.json'],
    resolution: undefined,
    ...changes,
  };
}

import { zeroAmounts, type Amounts } from '@chancery/kernel/account';
import {
  contextFacts,
  stageNames,
  type Question,
  type StageName,
  type TrajectoryFacts,
} from '@chancery/kernel/compiler';
import { objectDigest, type Digest, type JsonObject } from '@chancery/kernel/encoding';
import { catalogueDigest, type Body, type Draft } from '@chancery/kernel/ledger';
import { refusal } from '@chancery/kernel/refusal';
import type { ReadWrit } from '@chancery/kernel/writ';
import { someDigest } from './authority.ts';
import { people } from './ledger-fixture.ts';

/** A draft whose place in the run is for the story to give. */
export type StoryDraft = Draft extends infer D
  ? D extends Draft
    ? Omit<D, 'stream' | 'cause'>
    : never
  : never;

/** Digests of the contracts that the run pins. */
export const contracts = {
  'fs.write': someDigest('contract of fs.write'),
  'shell.run': someDigest('contract of shell.run'),
} as const;

/** A trace in which every stage has passed. */
export const passed = Object.fromEntries(
  stageNames.map((stage) => [stage, 'pass']),
) as Body<'proposal.staged'>['trace'];

/** A trace in which this stage has refused, and no later one was reached. */
function refusedAt(stage: StageName): Body<'proposal.staged'>['trace'] {
  const stop = stageNames.indexOf(stage);
  const verdicts = stageNames.map((name, index) => {
    return [name, index < stop ? 'pass' : index === stop ? 'refuse' : 'unreached'];
  });
  return Object.fromEntries(verdicts) as Body<'proposal.staged'>['trace'];
}

/** What an action reserves. */
export const once: Amounts = { ...zeroAmounts, calls: 1, wallMs: 1_000 };

/** How a run begins that acts under this writ and this policy. */
export function runStart(policySetDigest: Digest, writ: ReadWrit): Body<'run.started'> {
  return {
    task: 'mend the sum',
    agent: { kind: 'native', model: 'scripted:mend', why: 'the test asks for it' },
    actor: people.agent.id,
    writ: writ.id,
    contractDigest: catalogueDigest,
    policySetDigest,
    capabilities: Object.entries(contracts).map(([name, contract]) => ({ name, contract })),
    sandbox: { provider: 'none', version: '0', enforced: [], missing: [], unsafe: false },
    workspace: {
      repository: '/repository',
      baseCommit: '0'.repeat(40),
      tree: someDigest('tree 0'),
      branch: 'chancery/r1',
      worktree: '/worktree',
      outside: [],
    },
    gates: [],
    limits: { turns: 8, wallMs: 60_000, retries: 1, outputTokens: 1_000, approvalMs: 60_000 },
    riskThreshold: 'high',
    protectedPaths: ['package.json', '**/package.json'],
    price: {
      inputMicrousd: 250_000,
      cachedInputMicrousd: 0,
      outputMicrousd: 0,
      source: 'the fixture',
    },
  };
}

/** The rules that mattered of an action, where this many have to approve it. */
export function marksOf(quorum: number): Body<'proposal.staged'>['rules'] {
  const permit = { id: 'allow', level: 'tenant', effect: 'permit' } as const;
  return quorum === 1 ? [permit] : [permit, { id: 'two', level: 'tenant', effect: 'hold' }];
}

/** What policy is asked about an action of these arguments, which writes the path that they name. */
export function questionAbout(
  capability: keyof typeof contracts,
  args: JsonObject,
  at: { readonly nowMs: number; readonly facts: TrajectoryFacts; readonly left: Amounts },
): Question {
  const { nowMs, facts, left } = at;
  const { path } = args;
  const paths = typeof path === 'string' ? [path] : [];
  const protectedFile = paths.some((each) => each.endsWith('package.json'));
  return {
    action: 'act',
    capability: { effect: 'write', name: capability, risk: 'low', version: '1' },
    compensable: true,
    context: {
      arguments: objectDigest('arguments', args),
      depth: facts.depth,
      effect: 'write',
      effects: ['write'],
      facts: contextFacts(facts),
      labels: facts.labels,
      left: { ...left },
      ...(typeof path === 'string' ? { path } : {}),
      paths,
      programs: [],
      protectedFile,
      repository: '/repository',
      ...{ risk: 'low', riskLevel: 0, roles: ['path'] },
      timeMs: nowMs,
      unsandboxed: false,
    },
    holds: protectedFile ? ['protected-path'] : [],
  };
}

/** Holds what would be staged on a path. */
export function suspension(
  staged: Body<'proposal.staged'>,
  quorum: number,
  path = 'src/package.json',
): StoryDraft {
  const { action, actionDigest, question, effects, trace, rules, nowMs } = staged;
  const rule = quorum === 1 ? 'protected-path' : 'two';
  const asking = quorum === 1 ? '' : 'the rule two asks; ';
  const hold = { channel: 'human', quorum, reason: `${asking}${path} is protected`, rule };
  const asked = question === undefined ? {} : { question };
  const body = { action, actionDigest, ...asked, effects, trace, rules, hold, nowMs };
  return { kind: 'proposal.suspended', body };
}

/** Refuses an intent. */
export function rejection(
  of: Pick<Body<'proposal.rejected'>, 'callId' | 'intent' | 'nowMs'>,
): StoryDraft {
  const { code, message, remedy, retryable, details } = refusal('args.escapes', 'it is outside');
  return {
    kind: 'proposal.rejected',
    body: {
      ...of,
      trace: refusedAt('args'),
      rules: [],
      refusal: { code, message, remedy, retryable, details },
    },
  };
}

/** What is asked otherwise than of the approver, on the channel `human`. */
export type Asked = Partial<Body<'approval.requested'>> & { readonly m?: number };

/** What was asked of those who vote. */
export interface Request {
  readonly stream: string;
  readonly ledger: Digest;
  readonly request: Digest;
  readonly action: Digest;
  readonly channel: string;
  readonly expiresAt: number;
}

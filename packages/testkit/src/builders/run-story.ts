import { zeroAmounts, type Amounts } from '@chancery/kernel/account';
import { actionDigest, intentDigest, stageNames, type Action } from '@chancery/kernel/compiler';
import { type Digest } from '@chancery/kernel/encoding';
import { catalogueDigest, type Body, type Draft } from '@chancery/kernel/ledger';
import { castVote } from '@chancery/kernel/quorum';
import { openTrajectory } from '@chancery/kernel/replay';
import { assert, refusal } from '@chancery/kernel/refusal';
import { worldDigest, workspaceKey, type Delta } from '@chancery/kernel/world';
import { someDigest } from './authority.ts';
import { people, type LedgerFixture } from './ledger-fixture.ts';

const contract = someDigest('contract of fs.write');
const passed = Object.fromEntries(
  stageNames.map((stage) => [stage, 'pass']),
) as Body<'proposal.staged'>['trace'];
const once: Amounts = { ...zeroAmounts, calls: 1, wallMs: 1_000 };

/** Writes the entries of one run, a batch for each of its moments. */
export class RunStory {
  readonly stream: string;
  private readonly on: LedgerFixture;
  private turn = 0;
  private actions = 0;

  constructor(on: LedgerFixture, run = 'r1') {
    this.on = on;
    this.stream = `run:${run}`;
  }

  start(): void {
    this.write({
      kind: 'run.started',
      body: {
        task: 'mend the sum',
        agent: { kind: 'native', model: 'scripted:mend', why: 'the test asks for it' },
        actor: people.agent.id,
        writ: this.on.writ.id,
        contractDigest: catalogueDigest,
        policySetDigest: this.on.policySet,
        capabilities: [{ name: 'fs.write', contract }],
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
        protectedPaths: ['package.json'],
        price: {
          inputMicrousd: 0,
          cachedInputMicrousd: 0,
          outputMicrousd: 0,
          source: 'the fixture',
        },
      },
    });
  }

  /** A turn in which the model answers, at a cost of 10 tokens. */
  think(): void {
    this.turn += 1;
    const call = { turn: this.turn, attempt: 0 };
    const reserved = { tokens: 20, costMicrousd: 4 };
    this.write(
      { kind: 'turn.started', body: { turn: this.turn } },
      {
        kind: 'model.requested',
        body: {
          ...call,
          model: 'scripted:mend',
          request: someDigest('request'),
          messages: 2,
          reserved,
        },
      },
    );
    this.write({
      kind: 'model.responded',
      body: {
        ...call,
        text: { inline: 'I write the file. ✍' },
        calls: [{ id: 'c1', name: 'fs.write', args: { inline: {} }, malformed: false }],
        stop: 'calls',
        usage: { inputTokens: 8, cachedInputTokens: 0, outputTokens: 2 },
        cost: { tokens: 10, costMicrousd: 2 },
      },
    });
  }

  /** An action that is staged, done and committed. */
  act(path = 'src/sum.ts'): Digest {
    const { action, proposed, staged } = this.propose(path);
    const digest = actionDigest(action);
    this.write(proposed, staged, this.started(digest));
    this.commit(digest);
    return digest;
  }

  /** An action that is held, granted by the approver, and then done. */
  actApproved(path = 'src/package.json'): Digest {
    const { action, proposed, staged } = this.propose(path);
    const digest = actionDigest(action);
    const { effects, trace, rules, nowMs } = staged.body;
    const hold = { channel: 'human', quorum: 1, reason: 'it is protected', rule: 'protected-path' };
    this.write(proposed, {
      kind: 'proposal.suspended',
      body: { action, actionDigest: digest, effects, trace, rules, hold, nowMs },
    });
    this.approve(digest);
    this.write(staged, this.started(digest));
    this.commit(digest);
    return digest;
  }

  /** An intent that is refused. */
  beRefused(): void {
    const { action, proposed } = this.propose('/etc/passwd');
    const { code, message, remedy, retryable, details } = refusal('args.escapes', 'it is outside');
    this.write(proposed, {
      kind: 'proposal.rejected',
      body: {
        callId: proposed.body.callId,
        intent: action.intent,
        trace: { ...passed, args: 'refuse', scope: 'unreached', emit: 'unreached' },
        rules: [],
        refusal: { code, message, remedy, retryable, details },
        nowMs: this.on.recorder.nowMs,
      },
    });
  }

  finish(): void {
    const trajectory = openTrajectory(this.stream);
    for (const sealed of this.on.recorder.entries) {
      if (sealed.entry.stream === this.stream) trajectory.advance(sealed);
    }
    const { world, spent } = trajectory;
    const tree = world.cells.get(workspaceKey)?.value;
    assert(typeof tree === 'string', 'a run has a tree');
    this.write({
      kind: 'run.finished',
      body: {
        outcome: 'succeeded',
        reason: 'done',
        gates: [],
        commit: null,
        tree,
        worldDigest: worldDigest(world),
        spent,
      },
    });
  }

  private propose(path: string) {
    this.actions += 1;
    const args = { path, content: `export const n = ${this.actions};` };
    const intent = {
      kind: 'act',
      capability: 'fs.write',
      args,
      rationale: 'the task asks for it',
      nonce: `n${this.actions}`,
    } as const;
    const action: Action = {
      ledger: this.on.ledger,
      stream: this.stream,
      intent: intentDigest(intent),
      writ: this.on.writ.id,
      contract,
      capability: 'fs.write',
      normalisedArgs: args,
      resolved: { path: `/worktree/${path}` },
    };
    const proposed = {
      kind: 'intent.proposed',
      body: { origin: 'model', turn: this.turn, callId: `c${this.actions}`, intent },
    } as const;
    const staged = {
      kind: 'proposal.staged',
      body: {
        action,
        actionDigest: actionDigest(action),
        effects: ['write'],
        trace: passed,
        rules: [{ id: 'allow', level: 'tenant', effect: 'permit' }],
        reserved: once,
        policySetDigest: this.on.policySet,
        nowMs: this.on.recorder.nowMs,
      },
    } as const;
    return { action, proposed, staged };
  }

  private started(action: Digest): StoryDraft {
    const treeBefore = someDigest(`tree ${this.actions - 1}`);
    return {
      kind: 'execution.started',
      body: { action, attempt: 0, reserved: once, treeBefore, unsandboxed: false },
    };
  }

  private commit(action: Digest): void {
    const { recorder, policySet } = this.on;
    const expect = recorder.entries.filter(
      ({ entry }) => entry.stream === this.stream && entry.kind === 'commit',
    ).length;
    const value = someDigest(`tree ${this.actions}`);
    const delta: Delta = [{ op: 'put', key: workspaceKey, value, expect: expect + 1 }];
    this.write({
      kind: 'commit',
      body: {
        action,
        observation: { inline: { bytes: 20 } },
        redactions: 0,
        delta,
        cost: { ...once, wallMs: 3 },
        compilerVersion: '1',
        policySetDigest: policySet,
        contractDigest: contract,
      },
    });
  }

  private approve(action: Digest): void {
    const { recorder, ledger } = this.on;
    const stream = `approval:${action}`;
    const asked = { action, channel: 'human', expiresAt: 9_000 };
    const quorum = { m: 1, of: [people.approver.id] };
    const [requested] = recorder.write({
      stream,
      kind: 'approval.requested',
      body: { run: this.stream, quorum, reason: 'it is protected', ...asked },
    });
    assert(requested !== undefined, 'a request is written');
    const request = requested.digest;
    const reason = 'it is right';
    const vote = { ...asked, ledger, request, vote: 'grant', reason } as const;
    const voters = [people.approver.id];
    recorder.write(
      { stream, kind: 'approval.voted', body: { envelope: castVote(vote, people.approver) } },
      {
        stream,
        kind: 'approval.resolved',
        body: { action, request, outcome: 'granted', voters, reason },
      },
    );
  }

  /** Appends a batch to the run; each entry is caused by the one before it. */
  private write(...drafts: readonly StoryDraft[]): void {
    const batch = drafts.map((draft, index) => ({
      ...draft,
      stream: this.stream,
      ...(index === 0 ? {} : { cause: index - 1 }),
    }));
    this.on.recorder.write(...(batch as readonly Draft[]));
  }
}

type StoryDraft = Draft extends infer D
  ? D extends Draft
    ? Omit<D, 'stream' | 'cause'>
    : never
  : never;

/** Writes a run that thinks, acts, is refused, waits for an approval and ends well. */
export function writeRun(on: LedgerFixture, run = 'r1'): RunStory {
  const story = new RunStory(on, run);
  story.start();
  story.think();
  story.act();
  story.beRefused();
  story.think();
  story.actApproved();
  story.finish();
  return story;
}

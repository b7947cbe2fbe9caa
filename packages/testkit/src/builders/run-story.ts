import { addAmounts, clampedSubtract, crossings } from '@chancery/kernel/account';
import { actionDigest, intentDigest, type Action } from '@chancery/kernel/compiler';
import {
  bytesDigest,
  recordText,
  type Digest,
  type Json,
  type JsonObject,
  type Signer,
} from '@chancery/kernel/encoding';
import {
  causes,
  type Body,
  type Content,
  type Draft,
  type Kind,
  type SealedEntry,
} from '@chancery/kernel/ledger';
import { castVote, giveWord } from '@chancery/kernel/quorum';
import { openTrajectory, settledBy, type Trajectory } from '@chancery/kernel/replay';
import { assert } from '@chancery/kernel/refusal';
import { workspaceKey, worldDigest, type Delta } from '@chancery/kernel/world';
import type { ReadWrit } from '@chancery/kernel/writ';
import { someDigest } from './authority.ts';
import { people, type LedgerFixture } from './ledger-fixture.ts';
import {
  questionAbout,
  contracts,
  marksOf,
  once,
  passed,
  rejection,
  runStart,
  suspension,
  type Asked,
  type Request,
  type StoryDraft,
} from './run-drafts.ts';
import { StoryPolicy } from './story-policy.ts';

interface Wanted {
  readonly capability: keyof typeof contracts;
  readonly args: JsonObject;
}

/** Writes the entries of one run, a batch for each of its moments. */
export class RunStory {
  readonly stream: string;
  protected readonly on: LedgerFixture;
  protected readonly writ: ReadWrit;
  private readonly staged = new Map<Digest, Body<'proposal.staged'>>();
  private readonly wanted = new Map<Digest, Wanted>();
  /** Where intents and actions are kept as blobs; undefined keeps them in their entries. */
  private readonly outside: Map<Digest, Uint8Array> | undefined;
  protected readonly policy: StoryPolicy;
  private turn = 0;
  private actions = 0;

  constructor(on: LedgerFixture, run = 'r1', writ = on.writ, outside?: Map<Digest, Uint8Array>) {
    this.on = on;
    this.outside = outside;
    this.policy = new StoryPolicy(on);
    this.writ = writ;
    this.stream = `run:${run}`;
  }

  start(changes: Partial<Body<'run.started'>> = {}): void {
    this.write({
      kind: 'run.started',
      body: { ...runStart(this.on.policySet, this.writ), ...changes },
    });
  }

  /** A turn in which the model answers; of the tokens, 8 are its input. */
  think(cost: Body<'model.responded'>['cost'] = { tokens: 10, costMicrousd: 2 }): void {
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
        usage: { inputTokens: 8, cachedInputTokens: 0, outputTokens: cost.tokens - 8 },
        cost,
      },
    });
  }

  /** An action that is staged, done and committed. */
  act(path = 'src/sum.ts'): Digest {
    const action = this.begin(path);
    this.commit(action);
    return action;
  }

  /** An action that is staged and started. */
  begin(path = 'src/sum.ts'): Digest {
    const { proposed, staged } = this.stage(this.asker, 'fs.write', this.fileArgs(path));
    const action = staged.body.actionDigest;
    this.write(proposed, staged, this.started(action));
    return action;
  }

  /** An action that was begun is staged and started once more. */
  again(action: Digest, changes: Partial<Body<'proposal.staged'>> = {}): void {
    this.write(...this.restaged(action, changes));
  }

  /** An action that is held, granted by the approver, and then done. */
  actApproved(path = 'src/package.json'): Digest {
    const action = this.hold(path);
    this.grant(this.ask(action));
    this.again(action);
    this.commit(action);
    return action;
  }

  /** An intent that is held for so many votes. */
  hold(path = 'src/package.json', quorum = 1): Digest {
    this.policy.want(quorum);
    const { proposed, staged } = this.stage(this.asker, 'fs.write', this.fileArgs(path));
    this.write(proposed, suspension(staged.body, quorum, path));
    return staged.body.actionDigest;
  }

  /** An action that was held is held again, for more votes. */
  holdAgain(action: Digest, quorum: number): void {
    this.policy.want(quorum);
    const now = { nowMs: this.on.recorder.nowMs, question: this.askedAgain(action) };
    this.write(suspension({ ...this.stagedOf(action), ...now, rules: marksOf(quorum) }, quorum));
  }

  /** What policy is asked about an action that was proposed before. */
  askedAgain(action: Digest, nowMs?: number): Content {
    const wanted = this.wanted.get(action);
    assert(wanted !== undefined, 'the story tells of the action');
    return this.question(wanted, nowMs);
  }

  /** Asks for the approval of a held action. */
  ask(action: Digest, { m = 1, ...changes }: Asked = {}): Request {
    const body = { ...this.asking(action, m), ...changes };
    const [requested] = this.on.recorder.write({
      ...{ stream: `approval:${action}`, kind: 'approval.requested', body },
      cause: this.heldBy(action)?.digest ?? null,
    });
    return this.requestOf(requested);
  }

  /** Passes a request on to another channel, in one batch. */
  passOn({ stream, action, request }: Request, { m = 1, ...changes }: Asked): Request {
    const reason = 'nobody decided';
    const ended = { action, request, outcome: 'escalated', voters: [], reason } as const;
    const body = { ...this.asking(action, m), ...changes };
    const [, requested] = this.on.recorder.write(
      { stream, kind: 'approval.resolved', body: ended, cause: request },
      { stream, kind: 'approval.requested', body, cause: 0 },
    );
    return this.requestOf(requested);
  }

  private asking(action: Digest, m: number): Body<'approval.requested'> {
    const quorum = { m, of: [people.approver.id, ...(m > 1 ? [people.deputy.id] : [])] };
    const { reason = '' } = this.heldBy(action)?.entry.body.hold ?? {};
    const asked = { run: this.stream, action, quorum, reason };
    return { ...asked, channel: 'human', expiresAt: 9_000 };
  }

  private requestOf(requested: SealedEntry | undefined): Request {
    assert(requested?.entry.kind === 'approval.requested', 'a request is written');
    const { action, channel, expiresAt } = requested.entry.body;
    const { stream } = requested.entry;
    const { ledger } = this.on;
    return { stream, ledger, request: requested.digest, action, channel, expiresAt };
  }

  /** The entry by which the action is held. */
  private heldBy(action: Digest): SealedEntry<'proposal.suspended'> | undefined {
    const held = this.on.recorder.entries.findLast(
      ({ entry: { kind, body } }) => kind === 'proposal.suspended' && body.actionDigest === action,
    );
    return held as SealedEntry<'proposal.suspended'> | undefined;
  }

  /** Grants what was asked for; the last voter resolves it. */
  grant({ stream, ...asked }: Request, voters: readonly Signer[] = [people.approver]): void {
    const { action, request } = asked;
    const reason = 'it is right';
    for (const [index, voter] of voters.entries()) {
      const envelope = castVote({ ...asked, vote: 'grant', reason }, voter);
      const ids = voters.map(({ id }) => id);
      const body = { action, request, outcome: 'granted', voters: ids, reason } as const;
      const resolved: Draft = { stream, kind: 'approval.resolved', body, cause: 0 };
      const voted: Draft = { stream, kind: 'approval.voted', body: { envelope }, cause: request };
      const isLast = index + 1 === voters.length;
      this.on.recorder.writeBy(voter.id, voted, ...(isLast ? [resolved] : []));
    }
  }

  /** An intent that is refused. */
  beRefused(): void {
    this.refuse(this.stage(this.asker, 'fs.write', this.fileArgs('/etc/passwd')));
  }

  /** A gate that is refused; gives the digest of its intent. */
  refuseGate(command: string): Digest {
    return this.refuse(this.stage('gate', 'shell.run', { command }));
  }

  /** A gate that ends with this code; where it is a blob, its output stands outside the entry. */
  gate(command: string, output: Body<'commit'>['observation']): Digest {
    const { proposed, staged } = this.stage('gate', 'shell.run', { command });
    const action = staged.body.actionDigest;
    this.write(proposed, staged, this.started(action));
    this.write({
      kind: 'commit',
      body: { ...this.commitBody(action), observation: output, delta: [] },
    });
    return action;
  }

  commit(action: Digest, changes: Partial<Body<'commit'>> = {}): void {
    this.write({ kind: 'commit', body: { ...this.commitBody(action), ...changes } });
  }

  fail(action: Digest): void {
    const failure = { class: 'terminal', code: 'timeout', message: '' } as const;
    const body = { action, failure, redactions: 0, delta: [], cost: { ...once, wallMs: 3 } };
    this.write({ kind: 'execution.failed', body });
  }

  doubt(action: Digest): void {
    this.write({ kind: 'execution.in-doubt', body: { action, reason: 'the machine went down' } });
  }

  /** It is found out whether it happened, by a human where it was in doubt; what did is committed at once. */
  reconcile(action: Digest, happened: boolean): void {
    const execution = this.trajectory().executions.get(action);
    const said = { action, happened, evidence: 'looked' };
    const doubt = execution?.phase === 'in-doubt' ? execution.told : undefined;
    const { ledger } = this.on;
    const word = doubt === undefined ? null : giveWord({ ledger, doubt, ...said }, people.approver);
    const body = { ...said, word };
    const known: StoryDraft = { kind: 'execution.reconciled', body };
    const commit: StoryDraft = { kind: 'commit', body: this.commitBody(action) };
    this.write(known, ...(happened ? [commit] : []));
  }

  /** Ends the run, and the writ that was carved for it. */
  finish(changes: Partial<Body<'run.finished'>> = {}): void {
    const { world, spent, reserved } = this.trajectory();
    const tree = world.cells.get(workspaceKey)?.value;
    assert(typeof tree === 'string', 'a run has a tree');
    const body: Body<'run.finished'> = {
      outcome: 'succeeded',
      reason: 'done',
      gates: [],
      commit: null,
      tree,
      worldDigest: worldDigest(world),
      spent,
      ...changes,
    };
    const { id, writ } = this.writ;
    const taken = [...reserved.values()].reduce(addAmounts, spent);
    this.on.recorder.write(
      {
        stream: this.stream,
        kind: 'run.finished',
        body,
        cause: this.trajectory().last ?? null,
      },
      {
        stream: `writ:${this.on.above.id}`,
        kind: 'writ.closed',
        body: { child: id, returned: clampedSubtract(writ.budget, taken) },
        cause: 0,
      },
    );
  }

  /** Before the model has answered, somebody else has to want something. */
  private get asker(): 'model' | 'human' {
    return this.turn === 0 ? 'human' : 'model';
  }

  protected kept(value: Json): Content {
    if (this.outside === undefined) return { inline: value };
    const bytes = new TextEncoder().encode(recordText(value));
    const digest = bytesDigest(bytes);
    this.outside.set(digest, bytes);
    return { blob: { digest, bytes: bytes.length, mediaType: 'application/json' } };
  }

  private fileArgs(path: string): JsonObject {
    return { path, content: `export const n = ${this.actions + 1};` };
  }

  protected stage(
    origin: Body<'intent.proposed'>['origin'],
    capability: keyof typeof contracts,
    args: JsonObject,
  ) {
    this.actions += 1;
    const { path } = args;
    const name = `${this.actions}`;
    const intent = {
      kind: 'act',
      capability,
      args,
      rationale: 'the task asks for it',
      nonce: `n${name}`,
    } as const;
    const action: Action = {
      ledger: this.on.ledger,
      stream: this.stream,
      intent: intentDigest(intent),
      writ: this.writ.id,
      contract: contracts[capability],
      capability,
      normalisedArgs: args,
      resolved: { root: '/worktree', ...(path === undefined ? {} : { path }) },
    };
    const recorded = {
      ...action,
      normalisedArgs: this.kept(args),
      resolved: this.kept(action.resolved),
    };
    const body: Body<'proposal.staged'> = {
      action: recorded,
      actionDigest: actionDigest(action),
      question: this.question({ capability, args }),
      effects: ['write'],
      trace: passed,
      rules: this.policy.marksOn(args),
      reserved: once,
      policySetDigest: this.policy.set,
      nowMs: this.on.recorder.nowMs,
    };
    this.staged.set(body.actionDigest, body);
    this.wanted.set(body.actionDigest, { capability, args });
    const proposed = {
      kind: 'intent.proposed',
      body: {
        ...{ origin, turn: this.turn, callId: `c${name}` },
        ...{ digest: intentDigest(intent), nonce: intent.nonce, intent: this.kept(intent) },
      },
    } as const;
    return { proposed, staged: { kind: 'proposal.staged', body } as const };
  }

  /** What policy is asked about it now. */
  private question({ capability, args }: Wanted, nowMs = this.on.recorder.nowMs): Content {
    const { facts, reserved, spent } = this.trajectory();
    const { budget, parent } = this.writ.writ;
    const left = clampedSubtract(budget, [...reserved.values()].reduce(addAmounts, spent));
    const at = { nowMs, left, facts: { ...facts, depth: parent === null ? 0 : 1 } };
    return this.kept(questionAbout(capability, args, at) as unknown as Json);
  }

  private refuse({ proposed, staged }: ReturnType<RunStory['stage']>): Digest {
    const { intent } = staged.body.action;
    const { callId } = proposed.body;
    this.write(proposed, rejection({ callId, intent, nowMs: this.on.recorder.nowMs }));
    return intent;
  }

  private stagedOf(action: Digest): Body<'proposal.staged'> {
    const body = this.staged.get(action);
    assert(body !== undefined, 'the story tells of the action');
    return body;
  }

  private restaged(
    action: Digest,
    changes: Partial<Body<'proposal.staged'>>,
  ): readonly StoryDraft[] {
    const nowMs = this.on.recorder.nowMs;
    const question = this.askedAgain(action, changes.nowMs);
    const { set: policySetDigest } = this.policy;
    const rules = this.policy.marksOn(this.wanted.get(action)?.args ?? {});
    const now = { nowMs, question, policySetDigest, rules };
    const body = { ...this.stagedOf(action), ...now, ...changes };
    this.staged.set(action, body);
    return [{ kind: 'proposal.staged', body }, this.started(action)];
  }

  protected started(action: Digest): StoryDraft {
    const { executions, world } = this.trajectory();
    const attempt = (executions.get(action)?.started.attempt ?? 0) + 1;
    const tree = world.cells.get(workspaceKey)?.value;
    const treeBefore = typeof tree === 'string' ? tree : null;
    const body = { action, attempt, reserved: once, treeBefore, unsandboxed: false };
    return { kind: 'execution.started', body };
  }

  protected commitBody(action: Digest): Body<'commit'> {
    const expect = this.trajectory().world.cells.get(workspaceKey)?.version ?? 0;
    const value = someDigest(`tree ${this.actions}`);
    const delta: Delta = [{ op: 'put', key: workspaceKey, value, expect }];
    const staged = this.stagedOf(action);
    return {
      action,
      observation: { inline: { bytes: 20 } },
      redactions: 0,
      delta,
      cost: { ...once, wallMs: 3 },
      compilerVersion: '1',
      policySetDigest: staged.policySetDigest,
      contractDigest: staged.action.contract,
    };
  }

  /** What the run has come to so far. */
  private trajectory(): Trajectory {
    const trajectory = openTrajectory(this.stream);
    for (const sealed of this.on.recorder.entries) {
      if (sealed.entry.stream === this.stream) trajectory.advance(sealed);
    }
    return trajectory;
  }

  /** Appends a batch to the run. */
  protected write(...drafts: readonly StoryDraft[]): void {
    const batch = drafts.map((draft, index) => ({
      ...draft,
      stream: this.stream,
      cause: this.causeOf(draft, drafts.slice(0, index)),
    }));
    const whole = batch as readonly Draft[];
    this.on.recorder.write(...whole, ...this.crossedBy(whole));
  }

  /** The thresholds of the budget that a batch crosses. */
  private crossedBy(batch: readonly Draft[]): readonly Draft[] {
    const { stream } = this;
    const { reserved, spent } = this.trajectory();
    let before = spent;
    return batch.flatMap((draft, cause) => {
      const after = addAmounts(before, settledBy(draft, reserved));
      const crossed = crossings(before, after, this.writ.writ.budget);
      before = after;
      return crossed.map((body): Draft => ({
        stream,
        kind: 'budget.threshold-crossed',
        body,
        cause,
      }));
    });
  }

  /** The latest that can have caused it: in the batch, in the run, or the answer to what was held. */
  private causeOf(draft: StoryDraft, before: readonly StoryDraft[]): Digest | number | null {
    const origin = draft.kind === 'intent.proposed' ? draft.body.origin : undefined;
    if (origin === 'human' || origin === 'gate') return null;
    const known = origin === 'rollback' ? ['compensation.planned'] : causes[draft.kind];
    const isCause = ({ kind }: { readonly kind: Kind }): boolean => known.some((k) => k === kind);
    const here = before.findLastIndex(isCause);
    if (here >= 0) return here;
    const { entries } = this.on.recorder;
    const found = entries.findLast(
      ({ entry }) => isCause(entry) && /^(?:run|approval):/.test(entry.stream),
    );
    return found?.digest ?? null;
  }
}

/** Writes a run that thinks, acts, is refused, waits for an approval and ends well. */
export function writeRun(
  on: LedgerFixture,
  run = 'r1',
  writ = on.writ,
  outside?: Map<Digest, Uint8Array>,
): RunStory {
  const story = new RunStory(on, run, writ, outside);
  story.start();
  story.think();
  story.act();
  story.beRefused();
  story.think();
  story.actApproved();
  story.finish();
  return story;
}

import { maxAmounts, zeroAmounts, type Amounts } from '@chancery/kernel/account';
import { compilerVersion, labelRemover, protectedPath } from '@chancery/kernel/compiler';
import type { Digest, Json, JsonObject } from '@chancery/kernel/encoding';
import type { Body, Draft } from '@chancery/kernel/ledger';
import { applyDelta, workspaceKey, type Delta } from '@chancery/kernel/world';
import type { Effected } from './effect.ts';
import type { ExecutionFailure, Execution } from './capability.ts';
import { foundIn, labelsOf } from './labels.ts';
import { isLifted } from './lifting.ts';
import type { Offer } from './offer.ts';
import { recordedTree } from './prepare.ts';
import { record, type RecordOptions, type RunContext } from './run-context.ts';

/** An action that has been started, as it is settled. */
export interface Started {
  readonly actionDigest: Digest;
  readonly offer: Offer;
  readonly touchesWorkspace: boolean;
  /** Protected paths that it may have changed. */
  readonly lifted: readonly string[];
  readonly policySetDigest: Digest;
  /** Whether its effects leave the machine or cannot be undone. */
  readonly leaves: boolean;
  readonly startedAtMs: number;
  /** Paid in whole where nobody knows what was used. */
  readonly reserved: Amounts;
}

/** How an action ended, as whoever proposed it may see it. */
export type Settled =
  | { readonly kind: 'committed'; readonly observation: Json }
  | { readonly kind: 'failed'; readonly failure: ExecutionFailure }
  | { readonly kind: 'in-doubt'; readonly reason: string };

/** The entry that ends an execution, with what its author may see. */
export interface Ending {
  readonly action: Digest;
  readonly settled: Settled;
  readonly draft: Draft;
  readonly options: RecordOptions;
}

/** Looks at what an effect has done and says how to record it. Puts the files back where it failed. */
export async function ending(
  run: RunContext,
  started: Started,
  effected: Effected,
): Promise<Ending> {
  if (effected.kind === 'failed') return failed(run, started, effected.failure, effected.used);
  const { execution } = effected;
  const delta = await deltaOf(run, started, execution);
  if ('class' in delta) {
    // The effect did happen; what may have left the machine is not undone by restoring files.
    const failure = started.leaves ? { ...delta, class: 'unknown' as const } : delta;
    return failed(run, started, failure, execution.used);
  }
  const redacted = run.redactor.redact(execution.observation);
  const chars = redacted.count === 0 ? effected.chars : undefined;
  const { content, blobs } = run.keep(redacted.value, { chars });
  const body: Body<'commit'> = {
    action: started.actionDigest,
    compilerVersion,
    contractDigest: started.offer.known.digest,
    cost: costOf(run, started, execution.used),
    delta: delta.operations,
    observation: content,
    policySetDigest: started.policySetDigest,
    redactions: redacted.count,
    ...compensating(run),
    ...labelled(
      labelsOf(started.offer.known.contract, execution.observation, {
        ...{ redactions: redacted.count, heard: execution.heard === true },
      }),
    ),
    ...unlabelled(started, execution.observation),
  };
  return {
    action: started.actionDigest,
    settled: { kind: 'committed', observation: redacted.value },
    draft: { stream: run.stream, kind: 'commit', body },
    options: { blobs },
  };
}

/** The steps of a plan are done one after the other, each by one commit. */
function compensating({
  trajectory: { planned, commits },
}: RunContext): Pick<Body<'commit'>, 'compensates'> {
  const step = planned?.steps[commits.size];
  return step === undefined ? {} : { compensates: step.commits };
}

/** Nothing is recorded where nothing was seen. */
function labelled(labels: readonly string[]): { readonly labels?: readonly string[] } {
  return labels.length === 0 ? {} : { labels };
}

/** What takes a label away says which. */
function unlabelled({ offer }: Started, { label }: JsonObject): { readonly unlabelled?: string } {
  const removes = offer.known.contract.name === labelRemover && typeof label === 'string';
  return removes ? { unlabelled: label } : {};
}

/** Records an ending, caused by how the execution stands, or by what stands before it in its batch. */
export async function settle(
  run: RunContext,
  { action, draft, options, settled }: Ending,
  before: readonly Draft[] = [],
): Promise<Settled> {
  const { executions } = run.trajectory;
  const cause = before.length > 0 ? before.length - 1 : executions.get(action)?.told;
  await record(run, [...before, { ...draft, cause: cause ?? null }], options);
  run.probe('settled');
  return settled;
}

type DoneExecution = Extract<Execution, { kind: 'done' }>;

async function deltaOf(
  run: RunContext,
  started: Started,
  execution: DoneExecution,
): Promise<{ readonly operations: Delta } | ExecutionFailure> {
  const files = started.touchesWorkspace ? await filesOf(run, started, execution) : [];
  if ('class' in files) return files;
  // The world is compared with what is in it, so nothing there can be redacted.
  if (run.redactor.redact(execution.delta).count > 0) {
    return { class: 'terminal', code: 'delta.secret', message: 'the change holds a secret' };
  }
  const operations = [...execution.delta, ...files];
  const applied = applyDelta(run.trajectory.world, operations);
  if (applied.ok) return { operations };
  return { class: 'terminal', code: 'delta.conflict', message: applied.refusal.message };
}

async function filesOf(
  run: RunContext,
  started: Started,
  { changed }: DoneExecution,
): Promise<Delta | ExecutionFailure> {
  const before = recordedTree(run);
  const after = await run.workspace.snapshot(changed);
  if (!after.ok) {
    return { class: 'terminal', code: after.refusal.code, message: after.refusal.message };
  }
  if (after.value === before) return [];
  if (changed === undefined) {
    const guarded = await protectedChange(run, started, { before, after: after.value });
    if (guarded !== undefined) return guarded;
  }
  const expect = run.trajectory.world.cells.get(workspaceKey)?.version ?? 0;
  return [{ op: 'put', key: workspaceKey, value: after.value, expect }];
}

/** A command may change what it does not name; a protected file waits for a human all the same. */
async function protectedChange(
  run: RunContext,
  { lifted }: Started,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<ExecutionFailure | undefined> {
  const changes = await run.workspace.changes(before, after);
  const path = protectedPath(
    changes.map((change) => change.path).filter((each) => !isLifted(each, lifted)),
    run.protectedPaths,
  );
  if (path === undefined) return undefined;
  const way =
    'name it in the command, or change it by fs.write or fs.patch: a human can approve either';
  const message = `the command changed the protected file ${path} and does not name it; ${way}`;
  return { class: 'terminal', code: 'protected.changed', message };
}

/**
 * A failed effect leaves no trace in the files. Where it may have left the machine and nobody
 * knows, it is in doubt: its reservation stands until somebody has found out.
 */
async function failed(
  run: RunContext,
  started: Started,
  failure: ExecutionFailure,
  used: Partial<Amounts> | undefined,
): Promise<Ending> {
  if (started.touchesWorkspace) await run.workspace.restore(recordedTree(run));
  const message = run.redactor.redactText(failure.message);
  const { actionDigest } = started;
  if (started.leaves && failure.class === 'unknown') {
    const reason = `${failure.code}: ${message.value}`;
    return {
      action: actionDigest,
      settled: { kind: 'in-doubt', reason },
      draft: {
        stream: run.stream,
        kind: 'execution.in-doubt',
        body: { action: actionDigest, reason },
      },
      options: {},
    };
  }
  const shown: ExecutionFailure = { ...failure, message: message.value };
  return {
    action: actionDigest,
    settled: { kind: 'failed', failure: shown },
    draft: {
      stream: run.stream,
      kind: 'execution.failed',
      body: {
        action: actionDigest,
        failure: { class: shown.class, code: shown.code, message: shown.message },
        redactions: message.count,
        ...labelled(foundIn(message.count)),
        delta: [],
        cost: costOf(run, started, used),
      },
    },
    options: {},
  };
}

/**
 * One call, the time that it took, and whatever the capability could tell; where it could tell
 * nothing, all that was reserved.
 */
function costOf(
  run: RunContext,
  { startedAtMs, reserved }: Started,
  used: Partial<Amounts> | undefined,
): Amounts {
  const wallMs = Math.max(0, run.journal.clock.nowMs() - startedAtMs);
  const measured = { ...zeroAmounts, ...used, calls: 1, wallMs };
  return maxAmounts(measured, used === undefined ? reserved : zeroAmounts);
}

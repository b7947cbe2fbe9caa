import { zeroAmounts } from '@chancery/kernel/account';
import type { Body, Draft } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { openTrajectory, type Trajectory } from '@chancery/kernel/replay';
import { workspaceKey, worldDigest } from '@chancery/kernel/world';
import { recallLeases, record } from '../broker/index.ts';
import type { Loop } from '../cognition/index.ts';
import { Journal } from '../journal/index.ts';
import { learningRedactor } from '../redaction/index.ts';
import { headOf } from './ask.ts';
import { Progress } from './driven-run.ts';
import { close, type Closing } from './finish.ts';
import type { House } from './house.ts';
import { grantedTo } from './open-run.ts';

/**
 * Ends a run that cannot be driven, since its files are gone or what it was lent is not known any more:
 * what is open is left in doubt, and nothing is committed. Refuses `run.unknown`, `run.finished` and `run.driven`.
 */
export async function abandon(house: House, run: string, reason: string): Promise<Result<null>> {
  const lock = await house.locks.acquire(run);
  if (!lock.ok) return lock;
  try {
    return await end(house, run, reason);
  } finally {
    await lock.value();
  }
}

async function end(house: House, run: string, reason: string): Promise<Result<null>> {
  const { store, ledger, clock, actor, authority } = house;
  const stream = `run:${run}`;
  const trajectory = openTrajectory(stream);
  const progress = new Progress(trajectory, store);
  await progress.load(store, ledger);
  const { started, finished } = trajectory;
  if (started === undefined) return refused('run.unknown', `there is no run ${run}`);
  if (finished !== undefined) return refused('run.finished', `the run ${run} has ended`);
  const closing: Closing = {
    stream,
    trajectory,
    authority,
    writ: started.writ,
    granted: await grantedTo(house, started),
    journal: new Journal({ store, ledger, clock, by: actor.id }),
    onEntry: house.onEntry,
  };
  const open = openEnd(trajectory, progress.loop);
  if (open !== undefined) {
    await record(closing, [{ ...open, cause: headOf(closing) }]);
  }
  const tree = trajectory.world.cells.get(workspaceKey)?.value;
  await close(closing, {
    outcome: 'cancelled',
    reason: await shownReason(house, trajectory, reason),
    gates: progress.loop.gates,
    commit: null,
    tree: typeof tree === 'string' ? tree : started.workspace.tree,
    worldDigest: worldDigest(trajectory.world),
    spent: trajectory.spent,
  });
  return done(null);
}

const given = 'the run was given up';

/** The reason without what the run was lent; none where nobody knows any more what that was. */
async function shownReason(house: House, trajectory: Trajectory, reason: string): Promise<string> {
  const redactor = learningRedactor(house.redactor);
  const { vault } = house;
  const recalled = await recallLeases({ trajectory, redactor, vault, actor: house.actor.id });
  return recalled.ok ? redactor.redactText(reason).value : given;
}

/**
 * The entry that ends what the run was about, so that the run itself can end. What is known not to
 * have happened has failed.
 */
function openEnd({ stream, executions }: Trajectory, { phase, turn }: Loop): Draft | undefined {
  if (phase.name === 'asking') {
    const body: Body<'model.interrupted'> = {
      turn,
      attempt: phase.attempt,
      failure: { class: 'unknown', code: 'abandoned', message: given },
      retryInMs: null,
      cost: phase.reserved,
    };
    return { stream, kind: 'model.interrupted', body };
  }
  if (phase.name !== 'executing') return undefined;
  const { action } = phase;
  if (executions.get(action)?.phase === 'released') {
    const failure = { class: 'terminal', code: 'abandoned', message: given } as const;
    const body = { action, failure, redactions: 0, delta: [], cost: zeroAmounts };
    return { stream, kind: 'execution.failed', body };
  }
  const reason = 'the run was given up, and nobody looked what had happened';
  return { stream, kind: 'execution.in-doubt', body: { action, reason } };
}

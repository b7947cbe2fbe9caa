import type { Body } from '@chancery/kernel/ledger';
import {
  drive,
  restOn,
  watchAuthority,
  type DriveEnd,
  type DriveOptions,
  type HeldRun,
  type House,
} from '@chancery/runtime/drive';
import { errorOf, exitCodes, granted } from '../exit.ts';
import { withNotifications } from '../notifications/telling.ts';
import type { Narrator } from './narrator.ts';
import { stepsAfter } from './next-steps.ts';
import { ownName } from '../own-name.ts';
import { viewRun } from './reading.ts';
import { showResult } from './result.ts';
import type { Session } from '../session.ts';
import { withSnapshots } from './snapshot-keeping.ts';
import { broughtToItsEnd, onceAskedToStop } from './stopping.ts';
import { withTree } from '../evidence/tree-keeping.ts';

export interface Driving {
  readonly house: House;
  readonly held: HeldRun;
  readonly narrator: Narrator;
  readonly waitForHumans: boolean;
  /** The agent outside that the run is driven by. */
  readonly agent?: DriveOptions['agent'];
  /** The command that goes on with the run where this one stops; `resume` when nothing is said. */
  readonly goOn?: string;
  /** Brings the result into the user's checkout when the run has succeeded. */
  readonly apply: boolean;
  readonly onlyPlan?: DriveOptions['onlyPlan'];
  /** Runs that wait until this one has ended. */
  readonly later?: readonly string[];
}

/** Drives a run until it rests, shows what it came to, and answers the exit code. */
export async function driveToRest(session: Session, driving: Driving): Promise<number> {
  return exitOf(await driveToEnd(session, driving));
}

/** Drives a run until it rests, and shows what it came to. */
export async function driveToEnd(session: Session, driving: Driving): Promise<DriveEnd> {
  const { house, held, narrator } = driving;
  let end: DriveEnd;
  try {
    end = await withTree(session, house, () =>
      withNotifications(session, house, () => driveStoppably(session, driving)),
    );
  } finally {
    await narrator.settled();
    await held.release();
  }
  await showEnd(session, driving, end);
  return end;
}

/**
 * Has a rollback find out whether each of its steps would pass. Where they would, none is taken, it is
 * still held, and nothing is answered; otherwise how it has come to a rest, as it was shown.
 */
export async function driveToPlan(
  session: Session,
  driving: Driving,
): Promise<DriveEnd | undefined> {
  const { held, narrator } = driving;
  const end = await driveStoppably(session, { ...driving, onlyPlan: true });
  await narrator.settled();
  const { phase } = held.driven.progress.loop;
  if (end.kind === 'stopped' && phase.name === 'working') return undefined;
  await held.release();
  await showEnd(session, driving, end);
  return end;
}

async function showEnd(session: Session, driving: Driving, end: DriveEnd): Promise<void> {
  const { house, held } = driving;
  const run = runOf(held);
  const view = await viewRun({ ...house, keys: house.subjectKeys }, run);
  const applied = await broughtToItsEnd(session, () => applyResult(driving, end));
  const goOn = goOnOf(session, driving, run);
  const name = ownName(session.env);
  const later = end.kind === 'finished' ? [] : (driving.later ?? []);
  const next = [
    ...stepsAfter(view, { end, applied, name, goOn }),
    ...later.map((each) => `${name} resume ${each}`),
  ];
  const { preparedMs } = driving.narrator;
  showResult(session, { view, end: end.kind, applied, next, preparedMs });
}

export function runOf({ driven }: HeldRun): string {
  return driven.context.stream.slice('run:'.length);
}

function goOnOf({ env }: Session, { goOn = 'resume' }: Driving, run: string): string {
  return `${ownName(env)} ${goOn} ${run}`;
}

async function driveStoppably(session: Session, driving: Driving): Promise<DriveEnd> {
  const { house, held, waitForHumans, agent, onlyPlan } = driving;
  const run = runOf(held);
  const stop = new AbortController();
  let fault: Error | undefined;
  const unwatch = watchAuthority(house, held, (error) => {
    fault = errorOf(error);
    stop.abort();
  });
  const { terminal, json } = session;
  const release = onceAskedToStop(() => {
    const goOn = goOnOf(session, driving, run);
    if (!json) terminal.note(`stopping; again to stop at once. To go on: ${goOn}`);
    stop.abort();
    held.abort();
  });
  try {
    const rest = restOn(house, stop.signal, agent === 'away' ? undefined : agent);
    const end = await withSnapshots(session, house, run, (grown) =>
      drive(held.driven, {
        ...{ stop: stop.signal, rest, waitForHumans, grown },
        ...(agent === undefined ? {} : { agent }),
        ...(onlyPlan === undefined ? {} : { onlyPlan }),
      }),
    );
    if (fault !== undefined) throw fault;
    return end;
  } finally {
    release();
    unwatch();
  }
}

/** Commit that the user's checkout is at after; null when nothing was applied. */
async function applyResult({ house, held, apply }: Driving, end: DriveEnd): Promise<string | null> {
  if (!apply || end.kind !== 'finished') return null;
  const { outcome, commit } = end.body;
  if (outcome !== 'succeeded' || commit === null) return null;
  return granted(await house.workspaces.apply(held.driven.context.workspace.origin, commit));
}

const outcomeExits: Readonly<Record<Body<'run.finished'>['outcome'], number>> = {
  succeeded: exitCodes.ok,
  failed: exitCodes.failed,
  cancelled: exitCodes.stopped,
  exhausted: exitCodes.exhausted,
};

export function exitOf(end: DriveEnd): number {
  switch (end.kind) {
    case 'held':
    case 'in-doubt':
      return exitCodes.held;
    case 'stopped':
    case 'halted':
      return exitCodes.stopped;
    case 'finished':
      return outcomeExits[end.body.outcome];
  }
}

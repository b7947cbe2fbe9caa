import { undoPlanDigest } from '@chancery/kernel/replay';
import {
  abandon,
  authoriseDirectly,
  noModel,
  startRun,
  type DriveEnd,
} from '@chancery/runtime/drive';
import { foundedKey } from '../compose/keys.ts';
import { exitCodes, granted } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';
import { driveToEnd, driveToPlan, exitOf, runOf, type Driving } from '../runs/driving.ts';
import { Narrator } from '../runs/narrator.ts';
import { runHouse, type RunHouse } from '../runs/run-house.ts';
import type { Session } from '../session.ts';
import type { Rollback } from './planning.ts';
import { approvalMs, termsOf } from './terms.ts';

export interface UndoFlags {
  readonly apply?: boolean;
  readonly wait?: boolean;
  readonly unlockVault?: boolean;
  readonly verbose?: boolean;
}

/** A rollback that was begun, of the run `of`. */
interface Begun extends Driving {
  readonly of: string;
}

/** What rollbacks are begun in. */
interface Undertaking {
  readonly session: Session;
  readonly open: OpenLedger;
  readonly flags: UndoFlags;
  readonly room: RunHouse;
}

/**
 * Undoes what was planned, one run after the other; where several are planned, none takes a step before
 * the steps of all were found fit to be done. Answers the exit code of the first that did not succeed:
 * where it has failed, what has to come after it ends without a step; where it rests, all that was to
 * follow waits to be resumed.
 */
export async function undoAll(
  session: Session,
  open: OpenLedger,
  { planned, flags }: { readonly planned: readonly Rollback[]; readonly flags: UndoFlags },
): Promise<number> {
  const room = await runHouse(session, open, flags, {
    ...{ goesOn: `run:${planned.at(-1)?.run ?? ''}`, network: true },
    ...{ declared: 'all', unsafe: false },
  });
  const undertaking = { session, open, flags, room };
  const begun: Begun[] = [];
  try {
    for (const each of planned) begun.push(await begin(undertaking, each, begun));
    const unfit = begun.length > 1 ? await checkAll(session, begun) : undefined;
    return unfit === undefined ? await driveAll(session, begun) : exitOf(unfit);
  } finally {
    for (const { held } of begun) await held.release();
  }
}

/** Begins a rollback after those of the runs that go on from what it is to undo. */
async function begin(
  { session, open, flags, room }: Undertaking,
  { run, to, toSavepoint, from, plan, contracts, children }: Rollback,
  before: readonly Begun[],
): Promise<Begun> {
  const narrator = new Narrator(session, open.store, {
    ...{ all: flags.verbose === true, live: true, keys: open.keys },
  });
  const house = { ...room.house, onEntry: narrator.tell };
  const owner = granted(await foundedKey(session.home.ownerKey, session.env));
  const terms = termsOf(contracts, plan.steps.length, house.clock.nowMs());
  const authorised = granted(await authoriseDirectly(house, owner, terms));
  const first = before
    .filter(({ of }) => children.includes(of))
    .map(({ held }) => `run:${runOf(held)}`);
  const { started } = from;
  const held = granted(
    await startRun(house, {
      ...{ from, authorised, model: noModel },
      rollback: {
        ...{ to, undoing: undoPlanDigest(plan) },
        ...(toSavepoint === undefined ? {} : { toSavepoint }),
        ...(first.length === 0 ? {} : { undoneFirst: first }),
      },
      task: `Undo what the run ${run} did after its entry ${to}`,
      why: 'chancery rollback',
      repository: started.workspace.repository,
      allowDirty: false,
      gates: [],
      limits: {
        ...{ turns: 0, retries: 0, outputTokens: 0, approvalMs },
        wallMs: terms.budget.wallMs,
      },
      riskThreshold: started.riskThreshold,
      protectedPaths: started.protectedPaths,
      readable: [],
      ...(started.subject === undefined ? {} : { subject: started.subject.key }),
      ...(started.initiative === undefined ? {} : { initiative: started.initiative }),
      ...(started.plan === undefined ? {} : { plan: started.plan }),
    }),
  );
  const waitForHumans = flags.wait ?? session.terminal.isTty;
  return { of: run, house, held, narrator, waitForHumans, apply: flags.apply === true };
}

/** How the first came to a rest whose steps would not all pass; all others are then given up. */
async function checkAll(session: Session, begun: Begun[]): Promise<DriveEnd | undefined> {
  for (const each of begun) {
    const end = await driveToPlan(session, { ...each, apply: false });
    if (end === undefined) continue;
    const why = `the rollback ${runOf(each.held)}, which it belongs with, takes no step`;
    for (const other of begun.splice(0)) {
      if (other === each && end.kind === 'finished') continue;
      if (other !== each) await other.held.release();
      granted(await abandon(other.house, runOf(other.held), why));
    }
    return end;
  }
  return undefined;
}

async function driveAll(session: Session, begun: Begun[]): Promise<number> {
  let exit: number = exitCodes.ok;
  for (let each = begun.shift(); each !== undefined; each = begun.shift()) {
    const later = begun.map(({ held }) => runOf(held));
    const apply = each.apply && later.length === 0;
    const end = await driveToEnd(session, { ...each, apply, later });
    if (exit === exitCodes.ok) exit = exitOf(end);
    if (end.kind !== 'finished') break;
  }
  return exit;
}

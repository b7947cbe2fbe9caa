import type { Amounts } from '@chancery/kernel/account';
import { assert, refused, done, Fault, type Result } from '@chancery/kernel/refusal';
import type { RunPolicies } from '@chancery/kernel/policy';
import { openTrajectory } from '@chancery/kernel/replay';
import { contractsWithoutThresholds, writtenContracts, type Body } from '@chancery/kernel/ledger';
import { offersOf, recallLeases, type Offers, type RunContext } from '../broker/index.ts';
import type { Model } from '../cognition/index.ts';
import { Journal } from '../journal/index.ts';
import { learningRedactor } from '../redaction/index.ts';
import type { Workspace } from '../workspace/index.ts';
import { keep, sealing, type Keep } from '../broker/index.ts';
import { isRead, Progress, type DrivenRun } from './driven-run.ts';
import { capabilitiesFor, contentsIn, type House } from './house.ts';
import { ownPoliciesOf } from './own-policies.ts';
import { undoneFirst } from './undone-first.ts';

/** A run that this process may drive, and how to let go of it. */
export interface HeldRun {
  readonly driven: DrivenRun;
  /** Aborts what is running: the model call, the effect. */
  readonly abort: () => void;
  readonly release: () => Promise<void>;
}

export interface Opening {
  readonly run: string;
  readonly started: Body<'run.started'>;
  readonly workspace: Workspace;
  readonly model: Model;
  /** The budget of the run's writ; undefined where its thresholds are not told. */
  readonly granted: Amounts | undefined;
  /** Policies of the run alone. */
  readonly policies: RunPolicies;
  /** Absolute paths outside the workspace that commands may read. */
  readonly readable: readonly string[];
}

/** Puts together what driving a run needs; `progress` is folded by the caller. */
export function assemble(
  house: House,
  opening: Opening,
  progress: Progress,
  abort: AbortController,
): DrivenRun {
  const { started, workspace, model, readable } = opening;
  const context: RunContext = {
    ledger: house.ledger,
    stream: progress.trajectory.stream,
    writ: started.writ,
    granted: opening.granted,
    actor: started.actor,
    journal: new Journal({
      store: house.store,
      ledger: house.ledger,
      by: house.actor.id,
      clock: house.clock,
    }),
    authority: house.authority,
    policies: opening.policies,
    trajectory: progress.trajectory,
    offers: offersFor(house, opening),
    workspace,
    surroundings: {
      root: workspace.root,
      sandbox: house.sandbox,
      egress: house.egress,
      readable,
      readOnly: fixedPaths(started.protectedPaths),
    },
    detached: false,
    redactor: learningRedactor(house.redactor),
    vault: house.vault,
    keep: keepOf(house, started),
    contents: contentsIn(house),
    riskThreshold: started.riskThreshold,
    protectedPaths: started.protectedPaths,
    approvalMs: started.limits.approvalMs,
    signal: abort.signal,
    probe: house.probe,
    onEntry: (sealed, blobs) => {
      if (isRead(sealed)) progress.contents.keep(sealed, blobs);
      if (sealed.entry.stream === progress.trajectory.stream) progress.advanceLoop(sealed);
      house.onEntry(sealed);
    },
  };
  const retry = { ...house.retry, retries: started.limits.retries };
  return { context, model, retry, progress };
}

/**
 * The budget of the writ that a recorded run acts under; undefined for a run of a contract that tells
 * no thresholds. @throws {Fault} when the writ is not recorded.
 */
export async function grantedTo(
  { authority }: House,
  { writ, contractDigest }: Pick<Body<'run.started'>, 'writ' | 'contractDigest'>,
): Promise<Amounts | undefined> {
  if (contractsWithoutThresholds.includes(contractDigest)) return undefined;
  const [own] = (await authority.standing('', writ)).chain;
  assert(own !== undefined, 'the writ of a run is recorded with the run');
  return own.writ.budget;
}

/** How a run keeps what it records. */
export function keepOf(house: House, { subject }: Pick<Body<'run.started'>, 'subject'>): Keep {
  if (subject === undefined) return keep;
  if (house.subjectKeys === undefined) throw new Fault('a run of a subject needs its keys');
  return sealing(house.subjectKeys, subject.key);
}

/** Only what the run pinned is offered; a contract that has changed since is refused at compile. */
function offersFor(house: House, { started, workspace }: Opening): Offers {
  const pinned = new Set(started.capabilities.map(({ name }) => name));
  const files = { workspace, base: started.workspace.tree };
  const all = capabilitiesFor(house, files, started.rollback);
  const offered = all.filter(({ contract }) => pinned.has(contract.name));
  return offersOf(offered, house.compileSchema);
}

/** The protected paths that name one place each: a sandbox can keep these from being written. */
function fixedPaths(globs: readonly string[]): readonly string[] {
  return globs
    .map((glob) => (glob.endsWith('/**') ? glob.slice(0, -'/**'.length) : glob))
    .filter((path) => !path.includes('*'));
}

export interface ResumeRequest {
  readonly run: string;
  /** Finds the model that the run was started with. */
  readonly modelOf: (started: Body<'run.started'>) => Promise<Result<Model>>;
  readonly readable: readonly string[];
}

/**
 * Takes up a run again from what is recorded. Refuses `run.unknown`, `run.finished`, `run.driven`,
 * `run.unfinished` for a rollback that comes after another one,
 * whatever finding its model or its files refuses with, and `vault.*` where a secret that it was lent
 * is not known any more.
 */
export async function resumeRun(house: House, request: ResumeRequest): Promise<Result<HeldRun>> {
  const lock = await house.locks.acquire(request.run);
  if (!lock.ok) return lock;
  const opened = await openRecorded(house, request);
  if (!opened.ok) {
    await lock.value();
    return opened;
  }
  return done({ ...opened.value, release: lock.value });
}

async function openRecorded(
  house: House,
  { run, modelOf, readable }: ResumeRequest,
): Promise<Result<Omit<HeldRun, 'release'>>> {
  const progress = new Progress(openTrajectory(`run:${run}`), house.store, house.subjectKeys);
  await progress.load(house.store, house.ledger);
  const { started, finished } = progress.trajectory;
  if (started === undefined) return refused('run.unknown', `there is no run ${run}`);
  if (finished !== undefined) {
    return refused('run.finished', `the run ${run} has ended: ${finished.outcome}`);
  }
  const unended = (await undoneFirst(house.store, started)).find(({ outcome }) => outcome === null);
  if (unended !== undefined) {
    return refused('run.unfinished', `the rollback ${unended.run} comes first, and has not ended`);
  }
  if (!writtenContracts.includes(started.contractDigest)) {
    return refused('ledger.newer', `the run ${run} was started under a contract that is not known`);
  }
  const model = await modelOf(started);
  if (!model.ok) return model;
  const { repository, baseCommit } = started.workspace;
  const workspace = await house.workspaces.open(run, { repository, baseCommit, baseBranch: null });
  if (!workspace.ok) return workspace;
  const abort = new AbortController();
  const granted = await grantedTo(house, started);
  const policies = await ownPoliciesOf(contentsIn(house), started);
  const opening = {
    ...{ run, started, granted, policies, readable },
    ...{ workspace: workspace.value, model: model.value },
  };
  const driven = assemble(house, opening, progress, abort);
  const recalled = await recallLeases(driven.context);
  if (!recalled.ok) return recalled;
  return done({
    driven,
    abort: () => {
      abort.abort();
    },
  });
}

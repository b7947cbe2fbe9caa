import { resolve } from 'node:path';
import { maxGateRounds } from '@chancery/runtime/cognition';
import { noModel, resumeRun, sharedPaths, type HeldRun, type House } from '@chancery/runtime/drive';
import { entriesOf } from '@chancery/runtime/journal';
import { foldRunState } from '@chancery/runtime/snapshots';
import { assert } from '@chancery/kernel/refusal';
import { granted, refuse } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';
import { readRequest } from '../runs/beginning.ts';
import { readOwnPolicies } from '../runs/own-policies.ts';
import { findRun } from '../runs/reading.ts';
import {
  authorisedIn,
  beginIn,
  newHouse,
  recordedHouse,
  type RunHouse,
} from '../runs/run-house.ts';
import type { TermFlags } from '../runs/term-flags.ts';
import type { Session } from '../session.ts';

/** A run that is ready to be driven, and what it needs for that. */
export interface OpenedRun extends RunHouse {
  readonly held: HeldRun;
}

/** Opens the run of a session for an agent that calls itself so. */
export type Opening = (agent: string) => Promise<OpenedRun>;

export interface ServingFlags extends TermFlags {
  readonly repo: string;
  readonly allowDirty?: boolean;
  readonly task: string;
  readonly apply?: boolean;
}

/**
 * Readies what a run for an agent needs, and gives what begins it. Refuses at once what nobody who asks
 * later could do anything about: terms, a repository, a writ, a capability that are none. What may be
 * otherwise by then, such as changes in the checkout, is refused when it is begun, as `chancery run` does.
 */
export async function readyToStart(
  session: Session,
  open: OpenLedger,
  flags: ServingFlags,
): Promise<Opening> {
  const { task, repo } = flags;
  if (repo.trim() === '') refuse('usage.invalid', '--repo is empty');
  const asked = { task, turns: maxGateRounds };
  const request = granted(readRequest(asked, flags, session.home.folder));
  const at = await newHouse(session, open, { flags, request });
  const repository = resolve(repo);
  const root = granted(await at.house.workspaces.rootOf(repository));
  const policies = await readOwnPolicies(session, open, { files: flags.policy, repository: root });
  // Without a writ it would be issued by the owner's key, which is to be asked for once.
  if (flags.writ !== undefined) granted(await authorisedIn(session, at));
  const begun = {
    ...{ task, repository, from: undefined, allowDirty: flags.allowDirty === true },
    ...{ policies, model: noModel, why: 'chancery mcp' },
  };
  return async (agent) => {
    const served = { agent };
    const held = await beginIn(session, open, at, { ...begun, driver: agent, served });
    return { house: at.house, narrator: at.narrator, held };
  };
}

export interface ResumeFlags {
  readonly verbose?: boolean;
  readonly unlockVault?: boolean;
}

/**
 * Readies a run that an agent drives to be taken up again. Refuses `usage.invalid` for one of another kind,
 * and one that has ended; what it gives, as `chancery resume` does.
 */
export async function readyToResume(
  session: Session,
  open: OpenLedger,
  { flags, named }: { readonly flags: ResumeFlags; readonly named: string },
): Promise<Opening> {
  const run = await findRun(open.store, named);
  const { started, finished } = (await foldRunState(open, `run:${run}`)).state;
  assert(started !== undefined, 'a run that is found has begun');
  if (finished !== undefined)
    refuse('run.finished', `the run ${run} has ended: ${finished.outcome}`);
  if (started.agent.kind !== 'mcp') {
    refuse('usage.invalid', `the run ${run} is driven by no MCP client`, {
      remedy: `Use \`chancery resume ${run}\`.`,
    });
  }
  const { house, narrator } = await recordedHouse(session, open, flags, { run, started });
  return async () => {
    const held = granted(await heldAgain(house, run, sharedPaths(started)));
    await narrator.recall(entriesOf(open.store, `run:${run}`));
    return { house, narrator, held };
  };
}

/** The run once more, after it was let go of. Refuses as `resumeRun` does. */
export function heldAgain(house: House, run: string, readable: readonly string[]) {
  const modelOf = () => Promise.resolve({ ok: true, value: noModel } as const);
  return resumeRun(house, { run, modelOf, readable });
}

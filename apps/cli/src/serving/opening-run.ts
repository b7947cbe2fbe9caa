import { resolve } from 'node:path';
import { maxGateRounds } from '@chancery/runtime/cognition';
import {
  noModel,
  priceNow,
  resumeRun,
  sharedPaths,
  startRun,
  type HeldRun,
  type House,
} from '@chancery/runtime/drive';
import { entriesOf } from '@chancery/runtime/journal';
import { foldRunState } from '@chancery/runtime/snapshots';
import { assert } from '@chancery/kernel/refusal';
import { lendingVault } from '../compose/vault.ts';
import { granted, refuse } from '../exit.ts';
import { wholeRedactor } from '../guarding.ts';
import { houseOn, type OpenLedger } from '../opening.ts';
import {
  authorise,
  begin,
  declaredFor,
  readRequest,
  subjectKeyOf,
  warnOfGates,
} from '../runs/beginning.ts';
import { recordedLimits } from '../runs/command-limits.ts';
import { Narrator } from '../runs/narrator.ts';
import { readOwnPolicies } from '../runs/own-policies.ts';
import { findRun } from '../runs/reading.ts';
import { defaultProtectedPaths, showTerms } from '../runs/run-terms.ts';
import { type TermFlags } from '../runs/term-flags.ts';
import { type Session } from '../session.ts';

/** A run that is ready to be driven, and what it needs for that. */
export interface OpenedRun {
  readonly house: House;
  readonly narrator: Narrator;
  readonly held: HeldRun;
}

export interface ServingFlags extends TermFlags {
  readonly repo: string;
  readonly allowDirty?: boolean;
  readonly task: string;
  readonly apply?: boolean;
}

/** Begins a run for an agent that calls itself so. Refuses as `chancery run` does. */
export async function startServed(
  session: Session,
  open: OpenLedger,
  { flags, agent }: { readonly flags: ServingFlags; readonly agent: string },
): Promise<OpenedRun> {
  const { task, repo } = flags;
  if (repo.trim() === '') refuse('usage.invalid', '--repo is empty');
  const asked = { task, turns: maxGateRounds };
  const request = granted(readRequest(asked, flags, session.home.folder));
  const unsafe = flags.unsafeNoSandbox === true;
  const narrator = narratorOf(session, open, flags);
  const vault = await lendingVault(session, flags.unlockVault === true);
  const declared = await declaredFor(open, flags);
  const house = await houseOn(session, open, {
    goesOn: undefined,
    declared: [...declared.keys()],
    network: request.hosts.length > 0,
    ...{ unsafe, commandLimits: request.commandLimits },
    ...{ vault, redactor: await wholeRedactor(session, vault) },
    onEntry: narrator.tell,
  });
  const { limits, readable, gates, belonging } = request;
  const protectedPaths = [...new Set([...defaultProtectedPaths, ...request.protect])];
  const repository = resolve(repo);
  const root = granted(await house.workspaces.rootOf(repository));
  const policies = await readOwnPolicies(session, flags.policy, root);
  const sandbox = await house.sandbox.probe();
  await warnOfGates(session, open, gates);
  const subject = subjectKeyOf(open, flags.subject, undefined);
  granted(await priceNow(house, { model: noModel }));
  const said = house.redactor.redactText(task).value;
  const shown = { task: said, from: undefined, repository, root, gates, protectedPaths, policies };
  const held = await begin(async () => {
    const authorised = granted(
      await authorise(session, house, { ...request, writ: flags.writ, unsafe, declared }),
    );
    return startRun(house, {
      onFit: (price) => {
        const { writ: terms } = authorised.writ;
        showTerms(session, { ...shown, model: agent, price, terms, readable, sandbox });
      },
      ...{ task, repository, authorised, gates, limits, protectedPaths, readable, policies },
      ...(subject === undefined ? {} : { subject }),
      ...belonging,
      ...{ model: noModel, served: { agent }, why: 'chancery mcp' },
      allowDirty: flags.allowDirty === true,
      riskThreshold: 'high',
    });
  });
  return { house, narrator, held };
}

export interface ResumeFlags {
  readonly verbose?: boolean;
  readonly unlockVault?: boolean;
}

/** Takes up a run again that an agent drives. Refuses `usage.invalid` for one of another kind, and as `chancery resume` does. */
export async function resumeServed(
  session: Session,
  open: OpenLedger,
  { flags, named }: { readonly flags: ResumeFlags; readonly named: string },
): Promise<OpenedRun> {
  const run = await findRun(open.store, named);
  const { started } = (await foldRunState(open, `run:${run}`)).state;
  assert(started !== undefined, 'a run that is found has begun');
  if (started.agent.kind !== 'mcp') {
    refuse('usage.invalid', `the run ${run} is driven by no MCP client`, {
      remedy: `Use \`chancery resume ${run}\`.`,
    });
  }
  const narrator = narratorOf(session, open, flags);
  const vault = await lendingVault(session, flags.unlockVault === true);
  const house = await houseOn(session, open, {
    goesOn: `run:${run}`,
    unsafe: started.sandbox.unsafe,
    network: true,
    declared: 'all',
    commandLimits: recordedLimits(started.sandbox.limits),
    ...{ vault, redactor: await wholeRedactor(session, vault) },
    onEntry: narrator.tell,
  });
  await narrator.recall(entriesOf(open.store, `run:${run}`));
  const held = granted(await heldAgain(house, run, sharedPaths(started)));
  return { house, narrator, held };
}

/** The run once more, after it was let go of. Refuses as `resumeRun` does. */
export function heldAgain(house: House, run: string, readable: readonly string[]) {
  const modelOf = () => Promise.resolve({ ok: true, value: noModel } as const);
  return resumeRun(house, { run, modelOf, readable });
}

function narratorOf(session: Session, open: OpenLedger, { verbose }: ResumeFlags): Narrator {
  return new Narrator(session, open.store, { all: verbose === true, live: true, keys: open.keys });
}

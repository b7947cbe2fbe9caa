import type { Contract } from '@chancery/kernel/contract';
import type { Body } from '@chancery/kernel/ledger';
import {
  startRun,
  type BranchPoint,
  type HeldRun,
  type House,
  type OwnPolicy,
} from '@chancery/runtime/drive';
import { lendingVault } from '../compose/vault.ts';
import { granted } from '../exit.ts';
import { wholeRedactor } from '../secrets/guarding.ts';
import { houseOn, type HouseOptions, type OpenLedger } from '../opening.ts';
import type { Session } from '../session.ts';
import {
  authorise,
  begin,
  declaredFor,
  subjectKeyOf,
  warnOfGates,
  type Request,
} from './beginning.ts';
import { recordedLimits } from './command-limits.ts';
import { Narrator } from './narrator.ts';
import { defaultProtectedPaths, showTerms } from './run-terms.ts';
import type { TermFlags } from './term-flags.ts';

/** The runtime that a run is driven in, and what tells of it. */
export interface RunHouse {
  readonly house: House;
  readonly narrator: Narrator;
}

type HouseFlags = Pick<TermFlags, 'unlockVault' | 'verbose'>;

/** Puts the runtime together for a run that is driven here: it is lent from the vault, guarded and told of. */
export async function runHouse(
  session: Session,
  open: OpenLedger,
  flags: HouseFlags,
  options: Omit<HouseOptions, 'vault' | 'redactor' | 'onEntry'>,
): Promise<RunHouse> {
  const all = flags.verbose === true;
  const narrator = new Narrator(session, open.store, { all, live: true, keys: open.keys });
  const vault = await lendingVault(session, flags.unlockVault === true);
  const redactor = await wholeRedactor(session, vault);
  const house = await houseOn(session, open, {
    ...options,
    ...{ vault, redactor, onEntry: narrator.tell },
  });
  return { house, narrator };
}

/** For a run that goes on, as it was begun. */
export function recordedHouse(
  session: Session,
  open: OpenLedger,
  flags: HouseFlags,
  { run, started }: { readonly run: string; readonly started: Body<'run.started'> },
): Promise<RunHouse> {
  return runHouse(session, open, flags, {
    goesOn: `run:${run}`,
    unsafe: started.sandbox.unsafe,
    network: true,
    declared: 'all',
    commandLimits: recordedLimits(started.sandbox.limits),
  });
}

/** For a run that begins here. */
export interface NewHouse extends RunHouse {
  readonly flags: TermFlags;
  readonly request: Request;
  /** What a manifest declares of what it is offered. */
  readonly declared: ReadonlyMap<string, Contract>;
}

export async function newHouse(
  session: Session,
  open: OpenLedger,
  { flags, request }: Pick<NewHouse, 'flags' | 'request'>,
): Promise<NewHouse> {
  const declared = await declaredFor(open, flags);
  const { house, narrator } = await runHouse(session, open, flags, {
    goesOn: undefined,
    declared: [...declared.keys()],
    network: request.hosts.length > 0,
    unsafe: flags.unsafeNoSandbox === true,
    commandLimits: request.commandLimits,
  });
  return { house, narrator, flags, request, declared };
}

/** The authority that a run would have. Refuses as `authoriseUnder` and `authoriseDirectly` do. */
export async function authorisedIn(
  session: Session,
  { house, flags, request, declared }: NewHouse,
): ReturnType<typeof authorise> {
  const unsafe = flags.unsafeNoSandbox === true;
  return authorise(session, house, { ...request, writ: flags.writ, unsafe, declared });
}

/** What is begun, where the terms do not say it. */
export interface Begun extends Pick<
  Parameters<typeof startRun>[1],
  'task' | 'repository' | 'allowDirty' | 'model' | 'price' | 'served' | 'why'
> {
  readonly from: BranchPoint | undefined;
  /** Of its own. */
  readonly policies: readonly OwnPolicy[];
  /** Who drives it, as it is shown. */
  readonly driver: string;
}

/** Begins a run, and shows its terms before anything of it is recorded. */
export async function beginIn(
  session: Session,
  open: OpenLedger,
  at: NewHouse,
  { driver, from, ...begun }: Begun,
): Promise<HeldRun> {
  const { house, narrator, flags, request } = at;
  const { limits, readable, gates, belonging } = request;
  const protectedPaths = [...new Set([...defaultProtectedPaths, ...request.protect])];
  const root = granted(await house.workspaces.rootOf(begun.repository, from && 'recorded'));
  const sandbox = await house.sandbox.probe();
  await warnOfGates(session, open, gates);
  const task = house.redactor.redactText(begun.task).value;
  const { repository, policies } = begun;
  const terms = { gates, protectedPaths, readable, policies };
  const shown = { ...terms, task, from, repository, root, sandbox };
  const subject = subjectKeyOf(open, flags.subject, from);
  const attempt = async (): ReturnType<typeof startRun> => {
    const authorised = granted(await authorisedIn(session, at));
    narrator.preparing();
    return startRun(house, {
      ...{ ...begun, ...terms, authorised, limits, riskThreshold: 'high' },
      ...belonging,
      ...(from === undefined ? {} : { from }),
      ...(subject === undefined ? {} : { subject }),
      onFit: (price) => {
        narrator.prepared();
        showTerms(session, { ...shown, model: driver, price, terms: authorised.writ.writ });
      },
    });
  };
  return begin(attempt).finally(narrator.prepared);
}

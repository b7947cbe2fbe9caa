import { contractDigest, type Risk } from '@chancery/kernel/contract';
import { haltRemedy, haltText, strongest, type Halt } from '@chancery/kernel/control';
import { recordText, type Digest } from '@chancery/kernel/encoding';
import {
  catalogueDigest,
  writtenContracts,
  type Blob,
  type Body,
  type Draft,
  type Head,
} from '@chancery/kernel/ledger';
import { done, Fault, refusal, refused, type Refusal, type Result } from '@chancery/kernel/refusal';
import type { RunPrice } from '@chancery/kernel/prices';
import type { RunPolicies } from '@chancery/kernel/policy';
import { openTrajectory } from '@chancery/kernel/replay';
import { record, sealing } from '../broker/index.ts';
import { runPriceAt, type Model, type Price, type Pricing } from '../cognition/index.ts';
import type { Workspace, WorkspaceRequest } from '../workspace/index.ts';
import type { Authorised } from './authorise.ts';
import type { BranchPoint } from './branch-point.ts';
import { Progress } from './driven-run.ts';
import { capabilitiesFor, contentsIn, type House } from './house.ts';
import { assemble, keepOf, type HeldRun } from './open-run.ts';
import {
  checkOwnPolicies,
  inheritedPolicies,
  recordPolicies,
  withInherited,
  type OwnPolicy,
} from './own-policies.ts';
import { sweep, removeOrLeave } from './sweep.ts';

export interface RunRequest {
  readonly task: string;
  /** Folder of the user's repository. */
  readonly repository: string;
  readonly allowDirty: boolean;
  readonly model: Model;
  /** Why this model: a flag, a default, a project's setting. */
  readonly why: string;
  /** What its calls cost, given by hand: it goes before every table. */
  readonly price?: Price;
  readonly authorised: Authorised;
  /** Commands that have to end with 0 on the candidate tree. */
  readonly gates: readonly string[];
  readonly limits: Body<'run.started'>['limits'];
  readonly riskThreshold: Risk;
  readonly protectedPaths: readonly string[];
  readonly readable: readonly string[];
  /** Policies of this run alone, which narrow what is active. */
  readonly policies?: readonly OwnPolicy[];
  /** Id of the key that all contents of the run are sealed with, and its task. */
  readonly subject?: Digest;
  /** What the run belongs to; it may be lent the secrets that are kept for it. */
  readonly initiative?: string;
  readonly plan?: string;
  /** What it goes on from, instead of the last commit of the repository. */
  readonly from?: BranchPoint;
  /** An agent outside drives the run; what it calls itself. */
  readonly served?: { readonly agent: string };
  /** The run undoes what that other one did after an entry of it, and asks no model. */
  readonly rollback?: NonNullable<Body<'run.started'>['rollback']> & { readonly undoing: Digest };
  /** Told once the repository is found fit and before anything of the run is recorded. */
  readonly onFit?: (price: RunPrice) => void;
}

/** What stands in the place of a task that is sealed. */
export const sealedTask = '[sealed]';

const sharedWhy = 'readable outside the workspace';

/** Paths outside the workspace that a run's commands may read, as it recorded them. */
export function sharedPaths({ workspace }: Body<'run.started'>): readonly string[] {
  return workspace.outside.flatMap(({ path, why }) => (why === sharedWhy ? [path] : []));
}

/** How often a start is decided again because the policy changed under it. */
const maxAttempts = 16;

/**
 * Begins a run: a worktree, then one batch with its writ and `run.started`. When anything refuses,
 * nothing is recorded and the worktree is gone again. Refuses `control.halted` while a control, of
 * whatever mode, is engaged for all or for a writ above its own, and `model.unpriced`.
 */
export async function startRun(house: House, request: RunRequest): Promise<Result<HeldRun>> {
  const unfit = await unfitness(house, request);
  if (unfit !== undefined) return { ok: false, refusal: unfit };
  const own = await ownPolicies(house, request);
  if (!own.ok) return own;
  await sweep(house);
  const run = house.newName();
  const lock = await house.locks.acquire(run);
  if (!lock.ok) return lock;
  const { repository, allowDirty, from } = request;
  const asked = { run, repository, allowDirty };
  const workspace =
    from === undefined
      ? await house.workspaces.create(asked)
      : await createFrom(house, asked, { request, from });
  if (!workspace.ok) {
    await lock.value();
    return workspace;
  }
  try {
    const held = await begin(house, request, { run, workspace: workspace.value, own: own.value });
    if (held.ok) return done({ ...held.value, release: lock.value });
    await removeOrLeave(() => workspace.value.dispose());
    await lock.value();
    return held;
  } catch (error) {
    // Whether the run was recorded is not known here; if not, the next start sweeps its files.
    await lock.value();
    throw error;
  }
}

/**
 * The files of a moment, upon the commit that the other run began with. A run that undoes another builds
 * upon the result of that, so that a checkout which has the result can take it back; where the result
 * is not there any more, nobody has it.
 */
async function createFrom(
  { workspaces }: House,
  asked: Omit<WorkspaceRequest, 'from'>,
  { request, from }: { readonly request: RunRequest; readonly from: BranchPoint },
): Promise<Result<Workspace>> {
  const { started, finished, tree } = from;
  const result = request.rollback === undefined ? null : (finished?.commit ?? null);
  if (result !== null) {
    const upon = await workspaces.create({ ...asked, from: { commit: result, tree } });
    if (upon.ok || !/^repo\.(?:missing|unreadable)$/.test(upon.refusal.code)) return upon;
  }
  return workspaces.create({ ...asked, from: { commit: started.workspace.baseCommit, tree } });
}

/** What a run cannot be started with, found before anything is made. */
async function unfitness(house: House, request: RunRequest): Promise<Refusal | undefined> {
  const { gates, readable, repository, protectedPaths } = request;
  const halt = await haltBefore(house, '', request);
  if (halt !== undefined) return halted(halt);
  const { genesis } = await house.authority.trust();
  if (!writtenContracts.includes(genesis.contractDigest)) {
    return refusal('ledger.newer', 'the ledger was founded under a contract that is not known');
  }
  const price = await priceNow(house, request);
  if (!price.ok) return price.refusal;
  const inGate = literalSecret(house, gates);
  if (inGate !== undefined) {
    return refusal('args.secret', `a gate holds a literal secret (${inGate})`);
  }
  // Paths are recorded as they are: a run that is taken up again has to find its files.
  const inPath = literalSecret(house, [repository, ...readable, ...protectedPaths]);
  if (inPath !== undefined)
    return refusal('args.secret', `a path holds a literal secret (${inPath})`);
  for (const path of readable) {
    const unshared = house.sandbox.checkReadable(path);
    if (unshared !== undefined) return unshared;
  }
  return undefined;
}

/** What a run pays that is started now. Refuses `model.unpriced`. */
export async function priceNow(
  { authority, clock }: House,
  request: Pick<RunRequest, 'model' | 'price'>,
): Promise<Result<RunPrice>> {
  const { prices } = await authority.policies();
  return runPriceAt(prices, pricingOf(request), clock.nowMs());
}

function pricingOf({ model, price }: Pick<RunRequest, 'model' | 'price'>): Pricing {
  return price === undefined ? { model } : { model, given: price };
}

function literalSecret({ redactor }: House, texts: readonly string[]): string | undefined {
  return texts.map(redactor.findSecret).find((kind) => kind !== undefined);
}

/** What halts a run before its writ is on the ledger: what concerns the writ that it is carved from. */
async function haltBefore(
  { authority }: House,
  run: string,
  { authorised: { writ }, plan }: Pick<RunRequest, 'authorised' | 'plan'>,
): Promise<Halt | undefined> {
  const standing = await authority.standing(run, writ.writ.parent ?? writ.id, plan);
  return strongest(standing.controls);
}

function halted(halt: Halt): Refusal {
  return refusal('control.halted', haltText(halt), { remedy: haltRemedy(halt) });
}

interface Own {
  readonly policies: readonly OwnPolicy[];
  readonly compiled: RunPolicies;
}

/**
 * The policies of the run: its own, and those of the run that it goes on from. What undoes a run does
 * what a human asked for, and not what that run was to do.
 */
async function ownPolicies(
  house: House,
  { from, rollback, policies: own = [] }: RunRequest,
): Promise<Result<Own>> {
  const inherits = from !== undefined && rollback === undefined;
  const inherited = inherits ? await inheritedPolicies(contentsIn(house), from) : [];
  const policies = withInherited(inherited, own);
  const compiled = await checkOwnPolicies(house, policies);
  return compiled.ok ? done({ policies, compiled: compiled.value }) : compiled;
}

interface Place {
  readonly run: string;
  readonly workspace: Workspace;
  readonly own: Own;
}

async function begin(
  house: House,
  request: RunRequest,
  { run, workspace, own }: Place,
): Promise<Result<Omit<HeldRun, 'release'>>> {
  const tree = await workspace.snapshot();
  if (!tree.ok) return tree;
  const shown = await priceNow(house, request);
  if (!shown.ok) return shown;
  request.onFit?.(shown.value);
  const { authorised, model, readable } = request;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const standing = await house.authority.standing(run, authorised.writ.id);
    const halt = await haltBefore(house, run, request);
    if (halt !== undefined) return { ok: false, refusal: halted(halt) };
    const decidedAtMs = house.clock.nowMs();
    const price = runPriceAt(standing.prices, pricingOf(request), decidedAtMs);
    // A human has been shown another one.
    if (!price.ok || recordText(price.value) !== recordText(shown.value)) break;
    const { body: started, blobs } = await opening(house, request, {
      workspace,
      tree: tree.value,
      own,
      policySetDigest: standing.policy.narrowedBy(own.compiled).digest,
      price: price.value,
    });
    const abort = new AbortController();
    const progress = new Progress(openTrajectory(`run:${run}`), house.store, house.subjectKeys);
    const { budget: granted } = authorised.writ.writ;
    const policies = own.compiled;
    const opened = { run, started, workspace, model, granted, policies, readable };
    const driven = assemble(house, opened, progress, abort);
    const drafts: Draft[] = [
      ...authorised.drafts,
      { stream: `run:${run}`, kind: 'run.started', body: started },
      ...branching(run, request, authorised.drafts.length),
    ];
    const { heads } = authorised;
    const relied = new Map([
      ...heads,
      ...authorised.reads.map(({ stream, head }) => [stream, head] as const),
    ]);
    const reads = [
      ...authorised.reads,
      ...standing.reads.filter(({ stream }) => !relied.has(stream)),
    ];
    if (
      (await record(driven.context, drafts, { heads, reads, blobs, decidedAtMs })) === 'recorded'
    ) {
      return done({
        driven,
        abort: () => {
          abort.abort();
        },
      });
    }
    if (await isOutdated(house, relied)) break;
  }
  return refused(
    'ledger.conflict',
    'the writ, the policy or the price changed while the run was started',
  );
}

/** In the batch of `run.started`, which is the draft that it is caused by. */
function branching(run: string, { from }: RunRequest, cause: number): readonly Draft[] {
  if (from === undefined) return [];
  return [{ stream: `run:${run}`, kind: 'run.branched', body: from.branched, cause }];
}

/** Whether what the writ was judged by has changed: no other attempt with this writ succeeds. */
async function isOutdated(
  { store }: House,
  heads: ReadonlyMap<string, Head | null>,
): Promise<boolean> {
  const present = await store.heads([...heads.keys()]);
  return [...heads.values()].some((head, index) => head?.digest !== present[index]?.digest);
}

async function opening(
  house: House,
  request: RunRequest,
  place: {
    readonly workspace: Workspace;
    readonly tree: string;
    readonly own: Own;
    readonly policySetDigest: string;
    readonly price: RunPrice;
  },
): Promise<{ readonly body: Body<'run.started'>; readonly blobs: readonly Blob[] }> {
  const { workspace, tree, own, policySetDigest, price } = place;
  const { authorised, initiative, plan, rollback, from } = request;
  const sandbox = await house.sandbox.probe();
  const shared = request.readable.map((path) => ({ path, why: sharedWhy }));
  const { task, blobs } = taskOf(house, request);
  const keeping = { by: house.actor, keep: keepOf(house, task) };
  const policies = recordPolicies(own.policies, keeping);
  const body = {
    ...task,
    ...(initiative === undefined ? {} : { initiative }),
    ...(plan === undefined ? {} : { plan }),
    agent: agentOf(house, request),
    ...(rollback === undefined ? {} : { rollback }),
    actor: house.actor.id,
    writ: authorised.writ.id,
    contractDigest: catalogueDigest,
    policySetDigest,
    ...policies.recorded,
    capabilities: capabilitiesFor(house, { workspace, base: tree }, rollback).map(
      ({ contract }) => ({
        name: contract.name,
        contract: contractDigest(contract),
      }),
    ),
    sandbox,
    workspace: {
      repository: workspace.origin.repository,
      baseCommit: workspace.origin.baseCommit,
      tree,
      branch: workspace.branch,
      worktree: workspace.root,
      outside: [...(await workspace.outside()), ...shared],
    },
    gates: request.gates,
    limits: request.limits,
    riskThreshold: request.riskThreshold,
    // What was guarded in the run that it goes on from is guarded in this one.
    protectedPaths: [
      ...new Set([...(from?.started.protectedPaths ?? []), ...request.protectedPaths]),
    ],
    price,
  } as const;
  return { body, blobs: [...blobs, ...policies.blobs] };
}

/** Who drives the run. What an agent outside calls itself is recorded as said, and believed by nobody. */
function agentOf(
  { redactor }: House,
  { model, rollback, served, why }: RunRequest,
): Body<'run.started'>['agent'] {
  if (served === undefined) {
    return { kind: rollback === undefined ? 'native' : 'rollback', model: model.id, why };
  }
  const said = redactor.redactText(served.agent).value;
  return { kind: 'mcp', model: said.slice(0, agentChars).toWellFormed(), why };
}

const agentChars = 128;

/** The task as it is recorded: in the entry, or sealed for the subject that it is about. */
function taskOf(
  house: House,
  { task, subject: key }: Pick<RunRequest, 'task' | 'subject'>,
): {
  readonly task: Pick<Body<'run.started'>, 'task' | 'subject'>;
  readonly blobs: readonly Blob[];
} {
  const text = house.redactor.redactText(task).value;
  if (key === undefined) return { task: { task: text }, blobs: [] };
  if (house.subjectKeys === undefined) throw new Fault('a run of a subject needs its keys');
  const { content, blobs } = sealing(house.subjectKeys, key)(text);
  return { task: { task: sealedTask, subject: { key, task: content } }, blobs };
}

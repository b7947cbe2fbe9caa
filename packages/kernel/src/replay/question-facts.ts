import { builtInHolds, isChanging, protectedPath, type Question } from '../compiler/index.ts';
import { risks } from '../contract/index.ts';
import {
  isJsonObject,
  objectDigest,
  recordText,
  type Json,
  type JsonObject,
} from '../encoding/index.ts';
import {
  contractsWithoutCompensable,
  contractsWithoutFacts,
  contractsWithoutRepository,
  type Body,
} from '../ledger/index.ts';
import { standingRows, type DeclaredPrograms } from '../programs/index.ts';
import type { Proposal } from './proposal.ts';
import type { RunContext } from './run-context.ts';

/** The holds that an action has whatever policy says. */
type Holds = ReturnType<typeof builtInHolds>;

/**
 * What is told under one of these names in the outside facts of an action is what policy is told; of
 * the line of a command, under another name.
 */
const resolvedNames = {
  line: 'command',
  path: 'path',
  paths: 'paths',
  programs: 'programs',
  does: 'does',
  reads: 'reads',
  writes: 'writes',
  hosts: 'hosts',
  unsandboxed: 'unsandboxed',
} as const;

/** What policy is told of an action that says nothing of it; of paths, its arguments may tell. */
const untold = { programs: [], unsandboxed: false } as const;
const toldByArguments: ReadonlySet<string> = new Set(['path', 'paths']);

/** Lists of a question that others follow from. */
interface AskedFacts {
  readonly effects: Body<'proposal.staged'>['effects'];
  readonly paths: readonly string[];
}

/** A question, and the start of the run that it was asked in. */
export interface AskedOf {
  readonly question: Question;
  readonly facts: AskedFacts;
  readonly started: Body<'run.started'>;
}

/** Undefined where they are no lists of texts. */
export function factsIn({ context }: Question): AskedFacts | undefined {
  const [effects, paths] = [textsIn(context['effects']), textsIn(context['paths'])];
  if (effects === undefined || paths === undefined) return undefined;
  return { effects: effects as AskedFacts['effects'], paths };
}

/** What of a question is not what the intent, the action and the start of the run give; undefined where all is. */
export function wrongFact(
  { question: { action, capability, context: asked }, facts, started }: AskedOf,
  { kind, body }: Proposal,
  context: RunContext,
): string | undefined {
  const { actions, authority, capabilities, whole } = context;
  const isRefused = kind === 'proposal.rejected';
  const named = isRefused ? body.intent : body.action.intent;
  const intent = named === null ? undefined : actions.intent(named);
  if (intent?.kind !== undefined && intent.kind !== action) return 'kind of intent';
  if (intent?.capability !== undefined && intent.capability !== capability.name) {
    return 'capability';
  }
  const pinned = started.capabilities.find(({ name }) => name === capability.name);
  if (pinned !== undefined) {
    if (!capabilities.agrees(pinned.contract, capability)) return 'contract';
    if (capability.manifest !== authority.manifestOf(pinned.contract)) return 'manifest';
  }
  const { risk } = capability;
  if (asked['risk'] !== risk || asked['riskLevel'] !== risks.indexOf(risk)) return 'risk';
  const { effects } = facts;
  if (!isRefused && !areSame(effects, body.effects)) return 'effect';
  if (asked['effect'] !== effects.at(-1) || !effects.includes(capability.effect)) return 'effect';
  if (!hasPaths(asked, facts, started)) return 'path';
  if (isRefused || whole === undefined) return undefined;
  const { normalisedArgs, resolved } = whole;
  const isOfBefore =
    asked['arguments'] === undefined && contractsWithoutRepository.includes(started.contractDigest);
  if (!isOfBefore && asked['arguments'] !== objectDigest('arguments', normalisedArgs)) {
    return 'digest of the arguments';
  }
  const mayLack = contractsWithoutFacts.includes(started.contractDigest);
  return wrongResolved(resolved, asked, mayLack) ?? wrongRows(resolved, authority.programs);
}

/** What follows from the paths: the one that there is, and whether a protected one is changed. */
function hasPaths(
  asked: Question['context'],
  { effects, paths }: AskedFacts,
  { protectedPaths }: Body<'run.started'>,
): boolean {
  const [path, ...others] = paths;
  if (asked['path'] !== (others.length === 0 ? path : undefined)) return false;
  const isProtected = isChanging(effects) && protectedPath(paths, protectedPaths) !== undefined;
  return asked['protectedFile'] === isProtected;
}

/**
 * What policy is told is what the action says, and nothing else: of a run of before that was so, only what
 * both say is compared.
 */
function wrongResolved(
  resolved: Json,
  asked: Question['context'],
  mayLack: boolean,
): string | undefined {
  const facts: JsonObject = isJsonObject(resolved) ? resolved : {};
  const said: JsonObject = mayLack ? facts : { ...untold, ...facts };
  for (const [name, told] of Object.entries(resolvedNames)) {
    const fact = said[name];
    if (fact === undefined && (mayLack || toldByArguments.has(name))) continue;
    if (recordText(fact ?? null) !== recordText(asked[told] ?? null)) return told;
  }
  return undefined;
}

/**
 * Of the programs that a command could run, the rows that stood for them are those of the ledger at this
 * place, each by its digest: what the command is told to do was read by them.
 */
function wrongRows(resolved: Json, programs: DeclaredPrograms): string | undefined {
  if (!isJsonObject(resolved)) return undefined;
  const { programs: named, rows = null } = resolved;
  const names = textsIn(named);
  const wanted = names && standingRows(programs, names).rows;
  return recordText(rows) === recordText(wanted ?? null) ? undefined : 'row of a program';
}

/**
 * Whether what policy was asked about can be undone is told as its contract says it: the one that a
 * manifest declares, or the same in every question under one contract, of which there is a digest only.
 */
export function tellsUndoing(
  { question: { capability, compensable }, started }: AskedOf,
  { authority, capabilities }: Pick<RunContext, 'authority' | 'capabilities'>,
): boolean {
  if (compensable === undefined) {
    return contractsWithoutCompensable.includes(started.contractDigest);
  }
  const pinned = started.capabilities.find(({ name }) => name === capability.name);
  if (pinned === undefined) return true;
  const declared = authority.declaredContract(pinned.contract);
  if (declared !== undefined) return declared.compensable === compensable;
  return capabilities.agreesOnUndoing(pinned.contract, compensable);
}

/**
 * What holds an action whatever policy says, by its question and the start of its run. A question of
 * before it was told whether the effect can be undone is believed that it could not where it says so.
 */
export function holdsOf({ question, facts, started }: AskedOf): Holds {
  const { capability, holds } = question;
  return builtInHolds({
    ...facts,
    capability: capability.name,
    risk: capability.risk,
    compensable: question.compensable ?? !holds.includes('irreversible'),
    riskThreshold: started.riskThreshold,
    protectedPaths: started.protectedPaths,
  });
}

function textsIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((text) => typeof text === 'string') ? value : undefined;
}

/** Whether a value is this list of texts. */
export function areSame(told: unknown, those: readonly string[]): boolean {
  if (!Array.isArray(told) || told.length !== those.length) return false;
  return told.every((each, index) => each === those[index]);
}

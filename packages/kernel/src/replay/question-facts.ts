import { builtInHolds, isChanging, protectedPath, type Question } from '../compiler/index.ts';
import { risks } from '../contract/index.ts';
import { isJsonObject, objectDigest, recordText, type Json } from '../encoding/index.ts';
import { contractsWithoutRepository, type Body, type Entry } from '../ledger/index.ts';
import { type RunContext } from './run-context.ts';

/** An entry that tells how an intent was decided. */
export type Proposal = Entry<'proposal.staged' | 'proposal.suspended' | 'proposal.rejected'>;

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

/** What of a question is not what the intent, the action and the start of the run give; undefined where all is. */
export function wrongFact(
  { action, capability, context: asked }: Question,
  { kind, body }: Proposal,
  context: RunContext,
): string | undefined {
  const { state, actions, authority, capabilities, whole } = context;
  const isRefused = kind === 'proposal.rejected';
  const intent = actions.intent((isRefused ? body.intent : body.action.intent) ?? '');
  if (intent?.kind !== undefined && intent.kind !== action) return 'kind of intent';
  if (intent?.capability !== undefined && intent.capability !== capability.name) {
    return 'capability';
  }
  const pinned = state.started?.capabilities.find(({ name }) => name === capability.name);
  if (pinned !== undefined) {
    if (!capabilities.agrees(pinned.contract, capability)) return 'contract';
    if (capability.manifest !== authority.manifestOf(pinned.contract)) return 'manifest';
  }
  const { risk } = capability;
  if (asked['risk'] !== risk || asked['riskLevel'] !== risks.indexOf(risk)) return 'risk';
  const effects = textsIn(asked['effects']);
  if (!isRefused && !areSame(effects, body.effects)) return 'effect';
  if (asked['effect'] !== effects?.at(-1)) return 'effect';
  if (effects?.includes(capability.effect) !== true) return 'effect';
  if (!hasPaths(asked, state.started)) return 'path';
  if (isRefused || whole === undefined) return undefined;
  const { normalisedArgs, resolved } = whole;
  const isOfBefore =
    asked['arguments'] === undefined &&
    contractsWithoutRepository.includes(state.started?.contractDigest ?? '');
  if (!isOfBefore && asked['arguments'] !== objectDigest('arguments', normalisedArgs)) {
    return 'digest of the arguments';
  }
  return wrongResolved(resolved, asked);
}

/** The paths and what follows from them: the one that there is, and whether a protected one is changed. */
function hasPaths(asked: Question['context'], started: Body<'run.started'> | undefined): boolean {
  const paths = textsIn(asked['paths']);
  if (paths === undefined) return false;
  const [path, ...others] = paths;
  if (asked['path'] !== (others.length === 0 ? path : undefined)) return false;
  const changes = isChanging(effectsIn(asked));
  const isProtected = changes && protectedPath(paths, started?.protectedPaths ?? []) !== undefined;
  return asked['protectedFile'] === isProtected;
}

function wrongResolved(resolved: Json, asked: Question['context']): string | undefined {
  if (!isJsonObject(resolved)) return undefined;
  for (const [name, told] of Object.entries(resolvedNames)) {
    const fact = resolved[name];
    if (fact !== undefined && recordText(fact) !== recordText(asked[told] ?? null)) return told;
  }
  return undefined;
}

/**
 * What holds an action whatever policy says, by its question and the start of its run. Whether its
 * effect can be undone only its contract tells, which the question is believed.
 */
export function holdsOf(
  { capability, context: asked, holds }: Question,
  started: Body<'run.started'>,
): Holds {
  return builtInHolds({
    capability: capability.name,
    risk: capability.risk,
    compensable: !holds.includes('irreversible'),
    effects: effectsIn(asked),
    paths: textsIn(asked['paths']) ?? [],
    riskThreshold: started.riskThreshold,
    protectedPaths: started.protectedPaths,
  });
}

function effectsIn(asked: Question['context']) {
  return (textsIn(asked['effects']) ?? []) as Body<'proposal.staged'>['effects'];
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

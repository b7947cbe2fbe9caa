import { risks } from '../contract/index.ts';
import { isJsonObject, objectDigest, type Json, type KeyId } from '../encoding/index.ts';
import type { CedarEntity, PolicyRequest } from '../policy/index.ts';
import { established, type Compilation } from './compilation.ts';
import { isSecretLabel, isUntrustedLabel } from './labels.ts';
import type { Question, TrajectoryFacts } from './model.ts';
import { isChanging, protectedPath } from './protected-paths.ts';

type Context = Question['context'];

/** What policy is asked in a compilation; the shape of the context is the published Cedar schema. */
export function questionIn(compilation: Compilation): Question {
  const { name, version, effect, risk, manifest, compensable } = established(
    compilation.capability,
  ).contract;
  return {
    // In the order of the canonical text, which need not be sorted then.
    action: established(compilation.intent).kind,
    capability: {
      effect,
      ...(manifest === undefined ? {} : { manifest }),
      ...{ name, risk, version },
    },
    compensable,
    context: contextOf(compilation),
    holds: established(compilation.builtInHolds).map(({ rule }) => rule),
  };
}

/** The question that is put to policy: what is asked, by whom. */
export function policyRequest(question: Omit<Question, 'holds'>, actor: KeyId): PolicyRequest {
  const { action, capability, context } = question;
  const { name } = capability;
  const principal = { type: 'Agent', id: actor };
  const resource = { type: 'Capability', id: name };
  const group = { type: 'CapabilityGroup', id: name.split('.', 1)[0] ?? name };
  const entities: readonly CedarEntity[] = [
    { uid: principal, attrs: { key: actor }, parents: [] },
    { uid: resource, attrs: capability, parents: [group] },
    { uid: group, attrs: {}, parents: [] },
  ];
  return { principal, action: { type: 'Action', id: action }, resource, context, entities };
}

/** What a proposal recorded as the question; undefined for what has not the form of it. */
export function readQuestion(value: Json): Question | undefined {
  if (!isJsonObject(value)) return undefined;
  const { action, capability, compensable = false, context, holds } = value;
  if (typeof action !== 'string' || !isJsonObject(context)) return undefined;
  if (typeof compensable !== 'boolean') return undefined;
  if (!isJsonObject(capability) || !Array.isArray(holds)) return undefined;
  const { effect, manifest = '', name, risk, version } = capability;
  const texts = [effect, manifest, name, risk, version, ...(holds as readonly Json[])];
  if (!texts.every((text) => typeof text === 'string')) return undefined;
  return value as unknown as Question;
}

function contextOf(compilation: Compilation): Context {
  const { input } = compilation;
  const { contract } = established(compilation.capability);
  const { args, paths, command, hosts, unsandboxed } = established(compilation.normalised);
  const effects = established(compilation.effects);
  const { depth, labels } = input.facts;
  const { bytesOut, calls, costMicrousd, cpuMs, tokens, wallMs } = input.available;
  const [path, ...otherPaths] = paths;
  return {
    arguments: objectDigest('arguments', args),
    ...(command === undefined ? {} : { command: command.line }),
    depth,
    ...(command?.does === undefined ? {} : { does: command.does }),
    effect: effects[effects.length - 1] ?? contract.effect,
    effects,
    facts: contextFacts(input.facts),
    ...(hosts === undefined ? {} : { hosts }),
    labels,
    left: { bytesOut, calls, costMicrousd, cpuMs, tokens, wallMs },
    ...(path !== undefined && otherPaths.length === 0 ? { path } : {}),
    paths,
    programs: command?.programs ?? [],
    protectedFile: isChanging(effects) && protectedPath(paths, input.protectedPaths) !== undefined,
    ...(command?.reads === undefined ? {} : { reads: command.reads }),
    ...(input.repository === undefined ? {} : { repository: input.repository }),
    risk: contract.risk,
    riskLevel: risks.indexOf(contract.risk),
    roles: rolesOf(contract.roles, args),
    timeMs: input.nowMs,
    unsandboxed,
    ...(command?.writes === undefined ? {} : { writes: command.writes }),
  };
}

/** The facts in the form in which policy reads them. */
export function contextFacts(facts: TrajectoryFacts): Readonly<Record<string, number | boolean>> {
  const { commits, egressAfterUntrusted, labels, refusals } = facts;
  const readSecret = labels.some(isSecretLabel);
  const sawUntrusted = labels.some(isUntrustedLabel);
  return { commits, egressAfterUntrusted, readSecret, refusals, sawUntrusted };
}

/** Roles of the arguments that are there. */
function rolesOf(roles: Readonly<Record<string, string>>, args: object): readonly string[] {
  const present = new Set<string>();
  for (const name of Object.keys(args)) {
    const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
    if (role !== undefined) present.add(role);
  }
  return [...present];
}

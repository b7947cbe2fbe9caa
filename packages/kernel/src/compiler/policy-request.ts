import { risks } from '../contract/index.ts';
import { type CedarEntity, type CedarValue, type PolicyRequest } from '../policy/index.ts';
import { established, type Compilation } from './compilation.ts';
import { isChanging, protectedPath } from './protected-paths.ts';

type Context = Readonly<Record<string, CedarValue>>;

/** The question that is put to policy; its shape is the published Cedar schema. */
export function policyRequest(compilation: Compilation): PolicyRequest {
  const { input } = compilation;
  const { contract } = established(compilation.capability);
  const principal = { type: 'Agent', id: input.actor };
  const resource = { type: 'Capability', id: contract.name };
  const group = { type: 'CapabilityGroup', id: contract.name.split('.', 1)[0] ?? contract.name };
  const { name, version, effect, risk } = contract;
  const entities: readonly CedarEntity[] = [
    { uid: principal, attrs: { key: input.actor }, parents: [] },
    { uid: resource, attrs: { name, version, effect, risk }, parents: [group] },
    { uid: group, attrs: {}, parents: [] },
  ];
  return {
    principal,
    action: { type: 'Action', id: established(compilation.intent).kind },
    resource,
    context: contextOf(compilation),
    entities,
  };
}

function contextOf(compilation: Compilation): Context {
  const { input } = compilation;
  const { contract } = established(compilation.capability);
  const { args, paths, command, unsandboxed } = established(compilation.normalised);
  const effects = established(compilation.effects);
  const { readSecret, sawUntrusted, commits, refusals, depth } = input.facts;
  const [path, ...otherPaths] = paths;
  return {
    effect: effects[effects.length - 1] ?? contract.effect,
    effects,
    risk: contract.risk,
    riskLevel: risks.indexOf(contract.risk),
    paths,
    ...(path !== undefined && otherPaths.length === 0 ? { path } : {}),
    ...(command === undefined ? {} : { command: command.line }),
    programs: command?.programs ?? [],
    protectedFile: isChanging(effects) && protectedPath(paths, input.protectedPaths) !== undefined,
    unsandboxed,
    left: { ...input.available },
    depth,
    timeMs: input.nowMs,
    facts: { readSecret, sawUntrusted, commits, refusals },
    roles: rolesOf(contract.roles, args),
    labels: [],
  };
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

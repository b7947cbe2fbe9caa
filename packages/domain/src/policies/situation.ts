import { isChanging, protectedPath } from '@chancery/kernel/compiler';
import {
  effects,
  risks,
  type CommandFacts,
  type Contract,
  type Effect,
} from '@chancery/kernel/contract';
import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import type { CedarEntity, CedarValue, PolicyRequest } from '@chancery/kernel/policy';
import { done, refused, type Result } from '@chancery/kernel/refusal';

/** What is asked about without a run in which it happens. */
export interface Situation {
  readonly capability: string;
  /** What is told of it: members of the context of a request, `action` and `principal`. */
  readonly told: JsonObject;
}

/** What a request is completed with. */
export interface Surroundings {
  /** By capability; of one that is not there `effect` and `risk` have to be told. */
  readonly contracts: ReadonlyMap<
    string,
    Pick<Contract, 'version' | 'effect' | 'risk' | 'roles' | 'manifest'>
  >;
  /** What every call does of one that a manifest declares; nothing is known of others. */
  readonly calls?: ReadonlyMap<
    string,
    { readonly effects: readonly Effect[]; readonly hosts: readonly string[] }
  >;
  /** What a command line runs, as a run would tell it, and the workspace paths that it writes. */
  readonly commandOf: (line: string) => ToldCommand;
  /** Globs of files that only humans change unasked. */
  readonly protectedPaths: readonly string[];
  /** When it is asked, milliseconds since the epoch. */
  readonly nowMs: number;
  /** The repository that it is on; undefined for none. */
  readonly repository?: string | undefined;
}

export interface ToldCommand extends Required<Omit<CommandFacts, 'line'>> {
  readonly paths: readonly string[];
}

/** Stands for any agent, when none is named. */
const anybody = `ed25519:${'0'.repeat(64)}`;

/** What is left of a budget that nobody has begun to spend. */
const plenty = {
  ...{ tokens: 1_000_000, costMicrousd: 1_000_000, calls: 1_000 },
  ...{ wallMs: 3_600_000, cpuMs: 3_600_000, bytesOut: 1_000_000 },
};

/** Of a run that has just begun. */
const noFacts = {
  ...{ readSecret: false, sawUntrusted: false, egressAfterUntrusted: 0 },
  ...{ commits: 0, refusals: 0 },
};

/**
 * The question that policy is asked about a situation. What is not told follows from what is: what a
 * command runs, reads and writes from its line, the paths from the path, whether a file is protected from both; effect
 * and risk are those of the capability; the time is now; and all else, members of `facts` and `left` too, is as at the
 * beginning of a run. Members are not checked against the schema here. Refuses with `policy.invalid` where effect or risk is not known.
 */
export function requestOf(
  { capability, told }: Situation,
  around: Surroundings,
): Result<PolicyRequest> {
  const contract = around.contracts.get(capability);
  const effect = told['effect'] ?? contract?.effect;
  const risk = told['risk'] ?? contract?.risk;
  if (!isOneOf(effects, effect) || !isOneOf(risks, risk)) {
    return refused('policy.invalid', `the effect or the risk of ${capability} is not known`, {
      remedy: `Tell both: {"effect": "external", "risk": "medium"}.`,
    });
  }
  const { action, principal, ...members } = told;
  const key = typeof principal === 'string' ? principal : anybody;
  const uid = { type: 'Agent', id: key };
  return done({
    principal: uid,
    action: { type: 'Action', id: actionOf(action, effect) },
    resource: { type: 'Capability', id: capability },
    entities: [
      { uid, attrs: { key }, parents: [] },
      ...capabilityEntities(capability, {
        ...{ version: contract?.version ?? '1', effect, risk },
        ...(contract?.manifest === undefined ? {} : { manifest: contract.manifest }),
      }),
    ],
    context: {
      ...derived(members, { effect, risk, roles: contract?.roles ?? {} }, around),
      ...(told['effect'] === undefined ? around.calls?.get(capability) : {}),
      ...valueOf(members),
      ...completed(members, { left: plenty, facts: noFacts }),
    },
  });
}

function isOneOf<T extends string>(all: readonly T[], value: Json | undefined): value is T {
  return all.some((one) => one === value);
}

function actionOf(told: Json | undefined, effect: Effect): string {
  if (typeof told === 'string') return told;
  return isChanging([effect]) ? 'act' : 'query';
}

function capabilityEntities(
  name: string,
  attrs: Readonly<Record<string, string>>,
): readonly CedarEntity[] {
  const group = { type: 'CapabilityGroup', id: name.split('.', 1)[0] ?? name };
  return [
    { uid: { type: 'Capability', id: name }, attrs: { name, ...attrs }, parents: [group] },
    { uid: group, attrs: {}, parents: [] },
  ];
}

interface Known {
  readonly effect: Effect;
  readonly risk: (typeof risks)[number];
  readonly roles: Contract['roles'];
}

/** Every member that the schema asks for, from those that are told. */
function derived(
  told: JsonObject,
  { effect, risk, roles }: Known,
  { commandOf, protectedPaths, nowMs, repository }: Surroundings,
): Readonly<Record<string, CedarValue>> {
  const { path, command } = told;
  const runs = typeof command === 'string' ? commandOf(command) : undefined;
  const named = path === undefined ? (runs?.paths ?? []) : [path];
  const paths = textsOf(told['paths'] ?? named);
  // Most calls are lent no secret: one that is says so by its roles.
  const present = [...new Set(Object.values(roles))].filter((role) => role !== 'credential');
  return {
    effect,
    effects: [effect],
    risk,
    riskLevel: risks.indexOf(risk),
    paths,
    ...(paths.length === 1 && paths[0] !== undefined ? { path: paths[0] } : {}),
    programs: runs?.programs ?? [],
    ...(runs === undefined ? {} : { does: runs.does, reads: runs.reads, writes: runs.writes }),
    protectedFile: isChanging([effect]) && protectedPath(paths, protectedPaths) !== undefined,
    ...(repository === undefined ? {} : { repository }),
    unsandboxed: false,
    left: plenty,
    depth: 0,
    timeMs: nowMs,
    facts: noFacts,
    roles: present,
    labels: [],
  };
}

/** What is told in part, with the rest of it; what is no object is left to the check against the schema. */
function completed(
  told: JsonObject,
  whole: Readonly<Record<string, Readonly<Record<string, CedarValue>>>>,
): Readonly<Record<string, CedarValue>> {
  const parts = Object.entries(whole).flatMap(([name, rest]) => {
    const part = told[name];
    return isJsonObject(part) ? [[name, { ...rest, ...valueOf(part) }] as const] : [];
  });
  return Object.fromEntries(parts);
}

function textsOf(value: Json): readonly string[] {
  return Array.isArray(value)
    ? (value as readonly Json[]).filter((item) => typeof item === 'string')
    : [];
}

/** JSON has null, and Cedar has not: what is told of it is left to the check against the schema. */
function valueOf(members: JsonObject): Readonly<Record<string, CedarValue>> {
  return members as Readonly<Record<string, CedarValue>>;
}

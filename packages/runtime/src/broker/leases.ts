import type { Action } from '@chancery/kernel/compiler';
import {
  credentialOf,
  type Contract,
  type Credential,
  type Normalised,
} from '@chancery/kernel/contract';
import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { isHostWithin } from '@chancery/kernel/writ';
import type { Body } from '@chancery/kernel/ledger';
import { Fault, done, refused, type Result } from '@chancery/kernel/refusal';
import { guardedTexts, isInScope, type Belonging, type SecretEntry } from '../vault/index.ts';
import type { RunContext } from './run-context.ts';

/** A secret that an execution is lent, as its start records it. */
export type Lease = NonNullable<Body<'execution.started'>['leases']>[number];

type Lender = Pick<RunContext, 'vault' | 'trajectory' | 'actor' | 'redactor'>;

/**
 * What arguments ask of the vault: those of the role `credential`, and no others, are read for
 * handles. Refuses `args.invalid` for such an argument of any other form.
 */
function credentialsIn({ roles }: Contract, args: JsonObject): Result<readonly Credential[]> {
  const found: Credential[] = [];
  for (const [name, value] of Object.entries(args)) {
    if (!Object.hasOwn(roles, name) || roles[name] !== 'credential') continue;
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      const credential = typeof item === 'string' ? credentialOf(item) : undefined;
      if (credential === undefined) {
        return refused('args.invalid', `${name} takes VARIABLE=vault:NAME and nothing else`);
      }
      found.push(credential);
    }
  }
  return done(found);
}

/** What may be lent for normalised arguments. Refuses `vault.*`; no value is read. */
export async function leasesFor(
  run: Lender,
  contract: Contract,
  { args, hosts }: Pick<Normalised, 'args' | 'hosts'>,
): Promise<Result<readonly Lease[]>> {
  const asked = credentialsIn(contract, args);
  if (!asked.ok) return asked;
  const leases = new Map<string, Lease>();
  for (const { secret, host } of asked.value) {
    if (run.vault === undefined) return noVault;
    const found = await run.vault.find(secret);
    const entry = found.ok ? within(run, found.value) : found;
    if (!entry.ok) return entry;
    const elsewhere = checkHosts(entry.value, host === undefined ? hosts : [host]);
    if (elsewhere !== undefined) return elsewhere;
    leases.set(secret, leaseOf(entry.value));
  }
  return done([...leases.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));
}

/**
 * A secret of hosts goes into requests to these alone, and one of none into the environment of what
 * reaches no host. Where nobody can tell what is reached, no secret goes. Refuses `vault.other-host`. Whoever changes the hosts of a secret sets it anew, so
 * that this need not be asked again when it is lent.
 */
function checkHosts(
  { name, hosts }: SecretEntry,
  reached: readonly string[] | undefined,
): Result<never> | undefined {
  if (reached === undefined) {
    const why = `nobody can tell which hosts would be reached, and ${name} could be sent to any`;
    return refused('vault.other-host', why, {
      remedy: 'Run it in the sandbox, or without the secret.',
    });
  }
  if (hosts === undefined && reached.length === 0) return undefined;
  const other = reached.find((host) => !hosts?.some((wide) => isHostWithin(host, wide)));
  if (other !== undefined) return refused('vault.other-host', `${name} is not for ${other}`);
  if (reached.length > 0) return undefined;
  return refused('vault.other-host', `${name} is for requests, and not for an environment`);
}

/** The arguments with what is to be lent for them among the outside facts, so that a vote is for it. */
export function withLeases(normalised: Normalised, leases: readonly Lease[]): Normalised {
  if (leases.length === 0) return normalised;
  const { resolved } = normalised;
  if (!isJsonObject(resolved)) throw new Fault('a capability with credentials has no facts');
  const lent = leases.map(({ name, scope }) => ({ name, scope }));
  return { ...normalised, resolved: { ...resolved, leases: lent } };
}

/**
 * Lends the secrets of an execution: the values by the variables of the environment that they are
 * for. Before anybody has them, the redactor of the run guards them. Checks again what was recorded:
 * refuses `args.invalid`, `vault.*`, and `precondition.failed` for a value that was set meanwhile.
 */
export async function lend(
  run: Lender,
  contract: Contract,
  { normalisedArgs }: Action,
  leases: readonly Lease[],
): Promise<Result<ReadonlyMap<string, string>>> {
  const asked = credentialsIn(contract, normalisedArgs);
  if (!asked.ok) return asked;
  const lent = new Map<string, string>();
  for (const { variable, secret } of asked.value) {
    if (run.vault === undefined) return noVault;
    const found = await run.vault.lend(secret);
    if (!found.ok) return found;
    run.redactor.learn(guardedTexts(found.value));
    const entry = within(run, found.value);
    if (!entry.ok) return entry;
    const recorded = leases.find(({ name }) => name === secret);
    const { scope, setAt } = leaseOf(found.value);
    if (recorded?.setAt !== setAt || recorded.scope !== scope) {
      return refused('precondition.failed', `the secret ${secret} was set anew meanwhile`);
    }
    lent.set(variable, found.value.value);
  }
  return done(lent);
}

/**
 * Has the redactor guard all that a run was lent before, in this process or another. Refuses
 * `vault.*` where that cannot be known any more: nothing of the run can be recorded then.
 */
export async function recallLeases(run: Lender): Promise<Result<null>> {
  const leases = [...run.trajectory.executions.values()].flatMap(
    ({ started }) => started.leases ?? [],
  );
  for (const { name, setAt } of distinct(leases)) {
    if (run.vault === undefined) return noVault;
    const found = await run.vault.lend(name);
    if (!found.ok) return found;
    const { value, setAtMs, earlier } = found.value;
    if (![{ value, setAtMs }, ...earlier].some((each) => each.setAtMs === setAt)) {
      const message = `the value of ${name} that the run was lent is in the vault no more`;
      return refused('vault.unknown-secret', message, {
        remedy: 'What the run shows could not be redacted: cancel it, and start another.',
      });
    }
    run.redactor.learn(guardedTexts(found.value));
  }
  return done(null);
}

const noVault = refused('vault.missing', 'no vault is open here');

function distinct(leases: readonly Lease[]): Iterable<Lease> {
  return new Map(leases.map((lease) => [`${lease.setAt} ${lease.name}`, lease])).values();
}

function leaseOf({ name, scope, setAtMs }: SecretEntry): Lease {
  return { name, scope, setAt: setAtMs };
}

/** Refuses `vault.out-of-scope`. */
function within({ actor, trajectory }: Lender, entry: SecretEntry): Result<SecretEntry> {
  const { initiative, plan } = trajectory.started ?? {};
  const belonging: Belonging = { actor, initiative, plan };
  if (isInScope(entry.scope, belonging)) return done(entry);
  return refused('vault.out-of-scope', `the secret ${entry.name} is not for this run`);
}

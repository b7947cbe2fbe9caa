import type { Normalised } from '@chancery/kernel/contract';
import { maxDepth, whyUnrecordable, type JsonObject } from '@chancery/kernel/encoding';
import {
  refusal,
  refused,
  RefusalError,
  type Refusal,
  type Result,
} from '@chancery/kernel/refusal';
import type { World } from '@chancery/kernel/world';
import type { Capability, ExecutionFailure, Surroundings } from './capability.ts';

/**
 * What a capability threw, by the name of the error, and its code where the system or Node gave it one.
 * Its message may hold anything.
 */
export function thrown(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const name = /^\w{1,64}$/.test(error.name) ? error.name : 'Error';
  const code = 'code' in error ? String(error.code) : '';
  return /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? `${name} ${code}` : name;
}

/**
 * A capability that breaks its promise before it acts has refused this one action, and no other. What
 * it threw to be told as a refusal is one as it is.
 */
function brokenBy({ contract }: Capability, error: unknown): Refusal {
  if (error instanceof RefusalError) return error.refusal;
  return refusal('capability.broken', `${contract.name} threw ${thrown(error)}`);
}

/** The form that a capability gives arguments. Refuses `capability.broken` for one that it cannot give. */
export async function normalisedOf(
  capability: Capability,
  args: JsonObject,
  surroundings: Surroundings,
): Promise<Result<Normalised>> {
  try {
    const normalised = await capability.normalise(args, surroundings);
    const why = normalised.ok ? whyUnusable(normalised.value) : undefined;
    if (why === undefined) return normalised;
    return refused('capability.broken', `${capability.contract.name} gave ${why}`);
  } catch (error) {
    return { ok: false, refusal: brokenBy(capability, error) };
  }
}

/** Nesting that a form may have within the body of the entry that holds its action. */
const formDepth = maxDepth - 2;

/** Why no action can be made of it: a form has a digest, and is recorded. */
function whyUnusable({ args, resolved, ...form }: Normalised): string | undefined {
  const { effects, paths, command = null, hosts = null, estimate } = form;
  if (!Array.isArray(effects)) return 'no effects';
  const parts = { args, resolved, effects, paths, command, hosts, estimate };
  const why = whyUnrecordable(parts, formDepth);
  return why === undefined ? undefined : `a form that cannot be recorded: ${why}`;
}

/** Its conditions on the world; one that cannot be asked does not hold. */
export function unmetBy(
  capability: Capability,
  args: JsonObject,
  world: World,
): Refusal | undefined {
  try {
    return capability.checkPreconditions?.(args, world);
  } catch (error) {
    return brokenBy(capability, error);
  }
}

/** Its conditions on what it did; where one cannot be asked, nobody knows what it did. */
export function missedBy(
  capability: Capability,
  args: JsonObject,
  observation: JsonObject,
): ExecutionFailure | undefined {
  try {
    return capability.checkPostconditions?.(args, observation);
  } catch (error) {
    const message = `the capability threw ${thrown(error)} when its output was checked`;
    return { class: 'unknown', code: 'fault', message };
  }
}

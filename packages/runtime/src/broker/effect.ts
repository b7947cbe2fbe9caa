import type { Action } from '@chancery/kernel/compiler';
import { recordText, type JsonObject } from '@chancery/kernel/encoding';
import { Fault, type Refusal } from '@chancery/kernel/refusal';
import { missedBy, thrown } from './broken.ts';
import type { Execution, ExecutionContext, ExecutionFailure } from './capability.ts';
import { lend, type Lease } from './leases.ts';
import type { Offer } from './offer.ts';
import { recordedTree } from './prepare.ts';
import type { RunContext } from './run-context.ts';

/** What an effect came to, checked against the promises of its contract. */
export type Effected =
  | {
      readonly kind: 'done';
      readonly execution: Extract<Execution, { kind: 'done' }>;
      /** Length of the canonical text of the observation, where it is known. */
      readonly chars: number | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly failure: ExecutionFailure;
      /** Undefined where nobody knows. */
      readonly used: Execution['used'] | undefined;
    };

/**
 * Does work of a capability for an action, within its time limit. Afterwards nothing is left that
 * waits: neither the timer nor a listener on the signal of the run.
 */
export async function within<T>(
  run: RunContext,
  offer: Offer,
  actionDigest: string,
  work: (context: Omit<ExecutionContext, 'credentials'>) => Promise<T>,
): Promise<T> {
  const { timeoutMs } = offer.known.contract.limits;
  const limit = new AbortController();
  const { signal } = limit;
  const end = (): void => limit.abort();
  if (run.signal.aborted) end();
  run.signal.addEventListener('abort', end);
  const timer = setTimeout(end, timeoutMs);
  const tree = recordedTree(run);
  const { world } = run.trajectory;
  try {
    return await work({ ...run.surroundings, actionDigest, world, signal, timeoutMs, tree });
  } finally {
    clearTimeout(timer);
    run.signal.removeEventListener('abort', end);
  }
}

/** What a capability has to come to its end, from when it is told to. */
const graceMs = 5_000;

/** What work comes to; undefined where it has not ended some time after the signal. Nobody waits for it then. */
export async function untilOverdue<T>(
  signal: AbortSignal,
  work: Promise<T>,
): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  let told = (): void => undefined;
  const overdue = new Promise<undefined>((resolve) => {
    told = () => {
      timer = setTimeout(() => resolve(undefined), graceMs);
    };
    signal.addEventListener('abort', told, { once: true });
    if (signal.aborted) told();
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    signal.removeEventListener('abort', told);
    clearTimeout(timer);
  }
}

/** An action that is about to be executed, with what it is lent and which protected paths it may write. */
export interface Executing {
  readonly action: Action;
  readonly actionDigest: string;
  readonly leases: readonly Lease[];
  readonly lifted: readonly string[];
}

/** Calls the capability: the one place of the whole system that does. What is lent ends with the call. */
export async function effect(
  run: RunContext,
  offer: Offer,
  { action, actionDigest, leases, lifted }: Executing,
): Promise<Effected> {
  const lent = await lend(run, offer.known.contract, action, leases);
  if (!lent.ok) return unlent(lent.refusal);
  const execution = await within(run, offer, actionDigest, (context) =>
    call(offer, action, { ...context, credentials: lent.value, lifted }),
  );
  if (execution.kind === 'failed') return execution;
  const checked = checkObservation(offer, action.normalisedArgs, execution.observation);
  return typeof checked === 'number'
    ? { kind: 'done', execution, chars: checked }
    : { kind: 'failed', failure: checked, used: execution.used };
}

/** Nothing has happened: the capability was not called. */
function unlent({ code, message }: Refusal): Effected {
  return { kind: 'failed', failure: { class: 'terminal', code, message }, used: {} };
}

/** An effect of which nobody knows what it did. */
type Broken = Extract<Effected, { kind: 'failed' }>;

/**
 * A capability that throws, or does not end when it is told to, has broken its promise; what it did is
 * unknown, and that is recorded in place of its end. The message may hold anything, so that only its
 * name and code are kept.
 */
async function call(
  offer: Offer,
  action: Action,
  context: ExecutionContext,
): Promise<Execution | Broken> {
  try {
    const ended = await untilOverdue(context.signal, offer.capability.execute(action, context));
    return ended ?? unended('timeout', 'the capability did not end when it was told to');
  } catch (error) {
    return unended('fault', `the capability threw ${thrown(error)}`);
  }
}

function unended(code: string, message: string): Broken {
  return { kind: 'failed', failure: { class: 'unknown', code, message }, used: undefined };
}

/** Output schema, recordable form, size, post-conditions: in this order. Gives its length in characters. */
export function checkObservation(
  offer: Offer,
  args: JsonObject,
  observation: JsonObject,
): ExecutionFailure | number {
  const lack = offer.checkOutput(observation);
  if (lack !== undefined) return broken('output.invalid', `the output breaks its schema: ${lack}`);
  const chars = recordedLength(observation);
  if (chars === undefined) return broken('output.invalid', 'the output cannot be recorded');
  // An output grows by escaping; its limit is about what the capability itself kept.
  if (chars > offer.known.contract.limits.outputBytes * outputGrowth) {
    return broken('output.too-large', `the output has ${chars} characters`);
  }
  return missedBy(offer.capability, args, observation) ?? chars;
}

const outputGrowth = 8;

function recordedLength(observation: JsonObject): number | undefined {
  try {
    return recordText(observation).length;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** The effect did happen; what it reported cannot be relied on. */
function broken(code: string, message: string): ExecutionFailure {
  return { class: 'unknown', code, message };
}

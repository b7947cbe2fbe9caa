import type { JsonObject } from '@chancery/kernel/encoding';
import type { Blob, Body, Draft } from '@chancery/kernel/ledger';
import { assert } from '@chancery/kernel/refusal';
import { undoPlanDigest } from '@chancery/kernel/replay';
import { record, rehearse, submit } from '../broker/index.ts';
import type { ModelCall } from '../cognition/index.ts';
import { planUndoing, rollbacksOf, type UndoPlan, type UndoStep } from '../undoing/index.ts';
import { headOf } from './ask.ts';
import type { DrivenRun } from './driven-run.ts';
import { undoneFirst } from './undone-first.ts';

/**
 * Finds out what is to be undone, and that every step of it would pass, before the first is taken.
 * Records the plan; answers why nothing can be begun otherwise.
 */
export async function plan(
  run: DrivenRun,
  { source, seq }: Body<'run.branched'>,
): Promise<string | undefined> {
  const { context } = run;
  const { started } = context.trajectory;
  assert(started?.rollback !== undefined, 'a run that undoes says from where on');
  const room = {
    ...context.contents,
    ledger: context.ledger,
    capabilityOf: (name: string) => context.offers.get(name)?.capability,
  };
  const { unended } = await rollbacksOf(room.store, room.ledger, source);
  const [first] = unended;
  // Two would undo the same twice; the one that was started first goes on.
  if (first !== context.stream) return `the rollback ${String(first)} of it has not ended`;
  const { to, toSavepoint, undoing: agreed } = started.rollback;
  const undoing = await planUndoing(room, source, { to, seq, toSavepoint });
  if (agreed !== undefined && undoPlanDigest(undoing) !== agreed) {
    return 'what is to be undone is not what was shown any more, so no step was taken: ask for it again';
  }
  const refused = await firstRefused(run, undoing.steps);
  if (refused !== undefined) return refused;
  await recordPlan(run, undoing);
  return undefined;
}

async function firstRefused(
  { context }: DrivenRun,
  steps: readonly UndoStep[],
): Promise<string | undefined> {
  for (const [index, { capability, args }] of steps.entries()) {
    const outcome = await rehearse(context, intentOf(capability, args, index));
    if (outcome.kind !== 'rejected') continue;
    const { code, message } = outcome.refusal;
    return `step ${index + 1} (${capability}) would be refused, so none was taken: ${code}: ${message}`;
  }
  return undefined;
}

async function recordPlan({ context }: DrivenRun, { steps, lasting }: UndoPlan): Promise<void> {
  const blobs: Blob[] = [];
  const values = Math.max(1, steps.length);
  const planned = steps.map(({ commits, capability, args }) => {
    const kept = context.keep(args, { values });
    blobs.push(...kept.blobs);
    return { commits, capability, args: kept.content };
  });
  const body = { steps: planned, lasting };
  const cause = headOf(context);
  const draft: Draft = { stream: context.stream, kind: 'compensation.planned', body, cause };
  await record(context, [draft], { blobs });
}

/** Why no step can be taken: what goes on from the other run has to be undone first. */
export async function untimely({ context }: DrivenRun): Promise<string | undefined> {
  const { started } = context.trajectory;
  assert(started !== undefined, 'a run that undoes has begun');
  const earlier = await undoneFirst(context.contents.store, started);
  const failed = earlier.find(({ outcome }) => outcome !== 'succeeded');
  return failed && `the rollback ${failed.run}, which comes first, has not succeeded`;
}

/** Takes one step. */
export async function undo(run: DrivenRun, call: ModelCall, index: number): Promise<void> {
  await submit(run.context, {
    origin: 'rollback',
    turn: 0,
    callId: call.id,
    intent: intentOf(call.name, call.args, index),
  });
}

function intentOf(capability: string, args: JsonObject, index: number): JsonObject {
  return { kind: 'act', capability, args, rationale: 'undoes', nonce: `undo-${index}` };
}

/** Records how much was undone. */
export async function conclude({ context }: DrivenRun, done: number, left: number): Promise<void> {
  const { stream } = context;
  const cause = headOf(context);
  await record(context, [{ stream, kind: 'compensation.finished', body: { done, left }, cause }]);
}

import type { Digest } from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import { undoPlanDigest } from '@chancery/kernel/replay';
import { readContent } from '@chancery/runtime/broker';
import { entriesOf } from '@chancery/runtime/journal';
import { refuse } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';

/** What a rollback has planned, as it is shown to whoever votes about a step of it. */
export interface AgreedPlan {
  /** The run that is undone, and the entry after which. */
  readonly of: string;
  readonly to: number;
  readonly digest: Digest;
  readonly steps: Body<'compensation.planned'>['steps'];
  readonly lasting: Body<'compensation.planned'>['lasting'];
  /** How many of the steps are done. */
  readonly done: number;
}

/**
 * The plan of a run; undefined of one that undoes nothing. Refuses `ledger.corrupt` for a plan that is
 * not the one which was agreed to when the run was started, and as `readContent` does.
 */
export async function agreedPlan(
  open: OpenLedger,
  stream: string,
  { rollback }: Body<'run.started'>,
): Promise<AgreedPlan | undefined> {
  if (rollback === undefined) return undefined;
  let of = '';
  let plan: Body<'compensation.planned'> | undefined;
  let done = 0;
  for await (const { entry } of entriesOf(open.store, stream, { ledger: open.ledger })) {
    if (entry.kind === 'run.branched') of = entry.body.source.slice('run:'.length);
    if (entry.kind === 'compensation.planned') plan = entry.body;
    if (entry.kind === 'commit') done += 1;
  }
  if (plan === undefined) return undefined;
  const { steps, lasting } = plan;
  const whole = await Promise.all(
    steps.map(async (step) => ({ ...step, args: await readContent(open, step.args) })),
  );
  const digest = undoPlanDigest({ steps: whole, lasting });
  if (rollback.undoing !== undefined && rollback.undoing !== digest) {
    refuse('ledger.corrupt', `the plan of ${stream} is not the one that was agreed to`);
  }
  return { of, to: rollback.to, digest, steps, lasting, done };
}

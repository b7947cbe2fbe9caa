import type { CompileOutcome } from '@chancery/kernel/compiler';
import type { Json } from '@chancery/kernel/encoding';
import { decide } from './decide.ts';
import { prepare } from './prepare.ts';
import { presidingOver, type RunContext } from './run-context.ts';

/** Compiles an intent as it stands now. Records nothing, and has no effect. */
export async function rehearse(run: RunContext, intent: Json): Promise<CompileOutcome> {
  const standing = await presidingOver(run);
  const prepared = await prepare(run, intent, standing.programs);
  const nowMs = run.journal.clock.nowMs();
  return decide(run, intent, prepared, { standing, nowMs, resolution: undefined, isFresh: true });
}

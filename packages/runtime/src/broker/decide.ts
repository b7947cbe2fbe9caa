import { clampedSubtract, addAmounts, type Amounts } from '@chancery/kernel/account';
import { compile, type CompileOutcome, type Resolution } from '@chancery/kernel/compiler';
import { type Digest } from '@chancery/kernel/encoding';
import { type Standing } from '../authority/index.ts';
import { type Prepared } from './prepare.ts';
import { type RunContext } from './run-context.ts';

/** Compiles an intent against what stands now. The only caller of the compiler in the runtime. */
export function decide(
  run: RunContext,
  intent: unknown,
  prepared: Prepared,
  { standing, nowMs, resolution, resumed }: DecideOptions,
): CompileOutcome {
  const { trajectory } = run;
  const { offer, drift } = prepared;
  const started = trajectory.started;
  return compile({
    ledger: run.ledger,
    stream: run.stream,
    actor: run.actor,
    nowMs,
    intent,
    controls: standing.controls,
    nonceUsedBy: (nonce) => trajectory.nonces.get(nonce),
    chain: standing.chain,
    trust: standing.trust,
    isRevoked: (writ) => standing.revoked.has(writ),
    capability: offer?.known,
    pinnedContract: started?.capabilities.find(({ name }) => name === offer?.known.contract.name)
      ?.contract,
    normalised: prepared.normalised,
    findSecret: (text) => redactedMark(text) ?? run.redactor.findSecret(text),
    world: trajectory.world,
    checkPreconditions: (args, world) =>
      drift ?? offer?.capability.checkPreconditions?.(args, world),
    available: availableIn(run, standing, resumed),
    policy: standing.policy,
    facts: trajectory.facts,
    riskThreshold: run.riskThreshold,
    protectedPaths: run.protectedPaths,
    resolution,
  });
}

export interface DecideOptions {
  readonly standing: Standing;
  readonly nowMs: number;
  readonly resolution: Resolution | undefined;
  /** An execution that is taken up again: what it has reserved is there for it. */
  readonly resumed: Digest | undefined;
}

/**
 * Kind of a secret that was redacted out of a text. Arguments are redacted before they are recorded;
 * what bears the mark held a literal secret, or was copied from where one had been taken out.
 */
function redactedMark(text: string): string | undefined {
  return /\[redacted:([a-z0-9-]+)\]/.exec(text)?.[1];
}

/** What the run's writ has left: its budget less what children hold, what is spent and reserved. */
export function availableIn(
  run: RunContext,
  standing: Standing,
  resumed: Digest | undefined,
): Amounts {
  const budget = standing.chain[0]?.writ.budget;
  if (budget === undefined) return clampedSubtract(standing.carved, standing.carved);
  let taken = addAmounts(standing.carved, run.trajectory.spent);
  for (const [key, reserved] of run.trajectory.reserved) {
    if (key !== resumed) taken = addAmounts(taken, reserved);
  }
  return clampedSubtract(budget, taken);
}

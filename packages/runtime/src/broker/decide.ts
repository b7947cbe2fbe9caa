import { leftOf, sumOf, zeroAmounts, type Amounts } from '@chancery/kernel/account';
import { compile, type CompileOutcome, type Resolution } from '@chancery/kernel/compiler';
import type { Standing } from '../authority/index.ts';
import { unmetBy } from './broken.ts';
import type { Prepared } from './prepare.ts';
import type { Presiding, RunContext } from './run-context.ts';

/** Compiles an intent against what stands now. The only caller of the compiler in the runtime. */
export function decide(
  run: RunContext,
  intent: unknown,
  prepared: Prepared,
  { standing, nowMs, resolution, isFresh }: DecideOptions,
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
    nonceUsedBy: (nonce) => {
      const user = trajectory.nonces.get(nonce);
      // An intent is submitted once: a second time it is a replay, even of itself.
      return isFresh && user !== undefined ? resubmitted : user;
    },
    chain: standing.chain,
    issuedAt: standing.issuedAt,
    trust: standing.trust,
    isRevoked: (writ) => standing.revoked.has(writ),
    capability: offer?.known,
    pinnedContract: started?.capabilities.find(({ name }) => name === offer?.known.contract.name)
      ?.contract,
    normalised: prepared.normalised,
    findSecret: (text) => redactedMark(text) ?? run.redactor.findSecret(text),
    world: trajectory.world,
    checkPreconditions: (args, world) => drift ?? (offer && unmetBy(offer.capability, args, world)),
    available: availableIn(run, standing),
    policy: standing.policy,
    channels: standing.channels,
    facts: { ...trajectory.facts, depth: Math.max(0, standing.chain.length - 1) },
    riskThreshold: run.riskThreshold,
    repository: trajectory.started?.workspace.repository,
    protectedPaths: run.protectedPaths,
    resolution,
  });
}

export interface DecideOptions {
  readonly standing: Presiding;
  readonly nowMs: number;
  readonly resolution: Resolution | undefined;
  /** Whether the intent is proposed now, and not taken up again from the ledger. */
  readonly isFresh: boolean;
}

/**
 * Kind of a secret that was redacted out of a text. Arguments are redacted before they are recorded;
 * what bears the mark held a literal secret, or was copied from where one had been taken out.
 */
function redactedMark(text: string): string | undefined {
  return /\[redacted:([a-z0-9-]+)\]/.exec(text)?.[1];
}

/** No digest of an intent, so that a nonce counts as used by another. */
const resubmitted = '';

/** What the run's writ has left: its budget less what children hold, what is spent and reserved. */
export function availableIn(
  run: Pick<RunContext, 'trajectory'>,
  standing: Pick<Standing, 'chain' | 'carved'>,
): Amounts {
  const { reserved, spent } = run.trajectory;
  return leftOf({
    granted: standing.chain[0]?.writ.budget ?? zeroAmounts,
    carved: standing.carved,
    reserved: sumOf(reserved.values()),
    spent,
    returned: zeroAmounts,
  });
}

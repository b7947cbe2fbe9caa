import { addAmounts, crossings, zeroAmounts, type Amounts } from '@chancery/kernel/account';
import type { Digest, KeyId } from '@chancery/kernel/encoding';
import type { Risk } from '@chancery/kernel/contract';
import type { Blob, Draft, Head, SealedEntry } from '@chancery/kernel/ledger';
import type { PolicySet, RunPolicies } from '@chancery/kernel/policy';
import { settledBy, type Trajectory } from '@chancery/kernel/replay';
import { RefusalError, refusal } from '@chancery/kernel/refusal';
import type { Authority, Standing } from '../authority/index.ts';
import type { Journal, Reliance } from '../journal/index.ts';
import type { Workspace } from '../workspace/index.ts';
import type { Surroundings } from './capability.ts';
import type { ContentRoom, Keep } from './content.ts';
import type { Offers } from './offer.ts';
import type { PhaseProbe } from './phase.ts';
import type { LearningRedactor } from '../redaction/index.ts';
import type { Vault } from '../vault/index.ts';

/** Everything that the broker needs of one run; made once by whoever drives it. */
export interface RunContext {
  readonly ledger: Digest;
  /** Stream of the run, `run:<id>`. */
  readonly stream: string;
  /** Id of the writ that the run acts under. */
  readonly writ: Digest;
  /** The budget of the writ, of which thresholds are told; undefined for a run that tells none. */
  readonly granted: Amounts | undefined;
  /** Key that the proposer authenticated as. */
  readonly actor: KeyId;
  readonly journal: Journal;
  readonly authority: Authority;
  /** Policies of this run alone. */
  readonly policies: RunPolicies;
  /** Folded from the run's stream; advanced by `record` alone. */
  readonly trajectory: Trajectory;
  readonly offers: Offers;
  readonly workspace: Workspace;
  readonly surroundings: Surroundings;
  /** Whether it works on a copy of the files, so that nothing that it does is part of the world. */
  readonly detached: boolean;
  /** Guards what was lent to the run besides what it began with. */
  readonly redactor: LearningRedactor;
  /** Undefined where there is none to lend from. */
  readonly vault: Vault | undefined;
  /** Keeps what is recorded: as it is, or sealed for the subject of the run. */
  readonly keep: Keep;
  readonly contents: ContentRoom;
  readonly riskThreshold: Risk;
  readonly protectedPaths: readonly string[];
  /** How long a human has to answer, milliseconds. */
  readonly approvalMs: number;
  /** Aborted when the run is cancelled or killed. */
  readonly signal: AbortSignal;
  /** Told of each phase that an action passes; a test stops the process here. */
  readonly probe: PhaseProbe;
  /** Told of each entry that has become durable, with the blobs of its batch. */
  readonly onEntry: (sealed: SealedEntry, blobs: readonly Blob[]) => void;
}

/** What stands over a run at a decision, its own policies among it. */
export interface Presiding extends Omit<Standing, 'policy'> {
  readonly policy: PolicySet;
}

export async function presidingOver(run: RunContext): Promise<Presiding> {
  const standing = await run.authority.standing(run.stream.slice('run:'.length), run.writ);
  const policy = standing.policy.narrowedBy(run.policies);
  return policy === standing.policy ? standing : { ...standing, policy };
}

/** What is needed of a run to record something of it. */
export type Recorder = Pick<
  RunContext,
  'journal' | 'stream' | 'granted' | 'trajectory' | 'onEntry'
>;

export interface RecordOptions extends Reliance {
  /** Heads of written streams other than the run's own. */
  readonly heads?: ReadonlyMap<string, Head | null>;
}

/**
 * Appends drafts to the run's stream, and to others that the options give heads of, with the
 * thresholds of the budget that they cross, and advances the trajectory. Answers `stale` when the
 * authority that the decision relied on has changed.
 * @throws {RefusalError} `run.driven` when somebody else wrote to the run's stream.
 */
export async function record(
  run: Recorder,
  drafts: readonly Draft[],
  options: RecordOptions = {},
): Promise<'recorded' | 'stale'> {
  const heads = new Map<string, Head | null>(options.heads);
  heads.set(run.stream, run.trajectory.head);
  const crossed = crossedBy(run, drafts);
  const all = crossed.length === 0 ? drafts : [...drafts, ...crossed];
  const written = await run.journal.append(heads, all, options);
  if (written.kind === 'conflict') {
    if (written.conflict.stream !== run.stream) return 'stale';
    throw new RefusalError(refusal('run.driven', `another process wrote to ${run.stream}`));
  }
  for (const sealed of written.entries) {
    if (sealed.entry.stream === run.stream) run.trajectory.advance(sealed);
    run.onEntry(sealed, options.blobs ?? []);
  }
  return 'recorded';
}

/** The thresholds of the budget that drafts cross, each caused by the draft that crosses it. */
function crossedBy(run: Recorder, drafts: readonly Draft[]): readonly Draft[] {
  const { stream, granted, trajectory } = run;
  if (granted === undefined) return [];
  const crossed: Draft[] = [];
  let { spent } = trajectory;
  for (const [cause, draft] of drafts.entries()) {
    const settled = draft.stream === stream ? settledBy(draft, trajectory.reserved) : zeroAmounts;
    if (settled === zeroAmounts) continue;
    const after = addAmounts(spent, settled);
    for (const body of crossings(spent, after, granted)) {
      crossed.push({ stream, kind: 'budget.threshold-crossed', body, cause });
    }
    spent = after;
  }
  return crossed;
}

import {
  isProposal,
  questionOf,
  isReproduced,
  recordedRuling,
  refusedBefore,
  type Proposal,
  type Ruling,
} from '@chancery/domain/simulation';
import { policyRequest, readQuestion, type Question } from '@chancery/kernel/compiler';
import type { Body } from '@chancery/kernel/ledger';
import {
  compilePolicySet,
  type ActiveBundle,
  type PolicyRequest,
  type RunPolicies,
} from '@chancery/kernel/policy';
import { policyEpochs } from '@chancery/runtime/authority';
import { readContent } from '@chancery/runtime/broker';
import { ownPoliciesOf } from '@chancery/runtime/drive';
import { entriesOf } from '@chancery/runtime/journal';
import { granted, refuse } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';
import { findRun } from '../runs/reading.ts';

/** A recorded decision with all that it takes to make it again. */
export interface RecordedDecision {
  readonly run: string;
  readonly seq: number;
  readonly request: PolicyRequest;
  /** What was decided, the built-in holds included. */
  readonly ruling: Ruling;
  /** Built-in reasons to hold it. */
  readonly holds: readonly string[];
  /** What was active there. */
  readonly bundles: readonly ActiveBundle[];
  /** Policies of the run alone. */
  readonly own: RunPolicies;
  /** Whether that decides today what is recorded. */
  readonly reproduced: boolean;
}

/** A proposal in the run that it is of. */
interface Found {
  readonly run: string;
  readonly started: Body<'run.started'>;
  readonly position: number;
  readonly proposal: Proposal;
}

/**
 * The decision that a person means: `RUN@SEQ`, where the entry is a proposal or its intent, or the
 * digest of an action, or how it begins; of one that was decided several times, the last. Refuses
 * `run.unknown`, `usage.invalid`, and as `readContent` where what was asked is gone.
 */
export async function recordedDecision(open: OpenLedger, named: string): Promise<RecordedDecision> {
  const { run, started, position, proposal } = await found(open, named);
  const own = await ownPoliciesOf(open, started);
  const question = await questionIn(open, proposal);
  const epochs = await policyEpochs(open.store, open.ledger);
  const bundles = epochs.findLast(({ from }) => from <= position)?.bundles ?? [];
  const request = policyRequest(question, started.actor);
  const active = granted(compilePolicySet(bundles)).narrowedBy(own).decide(request);
  const ruling = recordedRuling(proposal, question, () => active);
  const reproduced = isReproduced(proposal, { question, before: ruling, active });
  const { holds } = question;
  return { run, seq: proposal.seq, request, ruling, holds, bundles, own, reproduced };
}

async function questionIn({ store, keys }: OpenLedger, proposal: Proposal): Promise<Question> {
  const stage = refusedBefore(proposal);
  if (stage !== undefined) {
    return refuse('usage.invalid', `the stage ${stage} refused it before policy was asked`);
  }
  const content = questionOf(proposal);
  const value = content && (await readContent({ store, keys }, content));
  const question = value === undefined ? undefined : readQuestion(value);
  if (question !== undefined) return question;
  return refuse('usage.invalid', 'what policy was asked about it is not recorded', {
    remedy: 'An older version decided it: `chancery audit` shows what there is.',
  });
}

async function found(open: OpenLedger, named: string): Promise<Found> {
  const [, run, seq] = /^(.+)@(\d{1,15})$/u.exec(named) ?? [];
  if (run !== undefined) return atPlace(open, await findRun(open.store, run), Number(seq));
  if (!/^[0-9a-f]{4,64}$/u.test(named)) return unknown(named);
  return byDigest(open, named);
}

async function atPlace(open: OpenLedger, run: string, seq: number): Promise<Found> {
  for await (const each of proposalsIn(open, run)) {
    const { proposal } = each;
    if (proposal.seq === seq || (proposal.seq === seq + 1 && proposal.batch.index > 0)) return each;
    if (proposal.seq > seq) break;
  }
  return unknown(`${run}@${seq}`);
}

async function byDigest(open: OpenLedger, named: string): Promise<Found> {
  let last: Found | undefined;
  for (const { stream } of await open.store.streams('run:')) {
    for await (const each of proposalsIn(open, stream.slice('run:'.length))) {
      if (actionOf(each.proposal)?.startsWith(named) !== true) continue;
      if (last !== undefined && actionOf(last.proposal) !== actionOf(each.proposal)) {
        return refuse('run.ambiguous', `several actions begin with ${named}`);
      }
      last = each;
    }
  }
  return last ?? unknown(named);
}

/** Digest of the action; of one that was refused, that of its intent. */
function actionOf({ kind, body }: Proposal): string | null {
  return kind === 'proposal.rejected' ? body.intent : body.actionDigest;
}

async function* proposalsIn({ store }: OpenLedger, run: string): AsyncGenerator<Found> {
  let started: Body<'run.started'> | undefined;
  for await (const { entry, position = 0 } of entriesOf(store, `run:${run}`)) {
    if (entry.kind === 'run.started') started = entry.body;
    if (started !== undefined && isProposal(entry)) {
      yield { run, started, position, proposal: entry };
    }
  }
}

function unknown(named: string): never {
  return refuse('usage.invalid', `there is no recorded decision ${JSON.stringify(named)}`, {
    remedy: 'Name it RUN@SEQ, or by the digest of its action: see `chancery audit RUN --json`.',
  });
}

import type { ApprovalOutcome } from '@chancery/domain/approvals';
import type { Body, LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import { isDigest } from '@chancery/kernel/encoding';
import type { RunFacts } from '@chancery/kernel/replay';
import { BlobContents } from '@chancery/runtime/drive';
import { readApproval } from '@chancery/runtime/broker';
import { entriesBackwards, entriesOf } from '@chancery/runtime/journal';
import type { SubjectKeys } from '@chancery/runtime/removal';
import { runView, type RunView } from '@chancery/runtime/projections';
import { foldRunState, type LedgerSource } from '@chancery/runtime/snapshots';
import { refuse } from '../exit.ts';
import { goneText } from '../evidence/gone-content.ts';

/** All entries of a stream. @throws {RefusalError} `ledger.corrupt`, naming the entry. */
export async function streamOf(
  store: LedgerStore,
  stream: string,
): Promise<readonly SealedEntry[]> {
  const entries: SealedEntry[] = [];
  for await (const sealed of entriesOf(store, stream)) entries.push(sealed);
  return entries;
}

/** The ids of all runs, oldest first. */
export async function runIds(store: LedgerStore): Promise<readonly string[]> {
  const streams = await store.streams('run:');
  return streams.map(({ stream }) => stream.slice('run:'.length));
}

/** The run that an id, or the beginning of one, names. Refuses `run.unknown`, `run.ambiguous`. */
export async function findRun(store: LedgerStore, named: string): Promise<string> {
  const text = named.startsWith('run:') ? named.slice('run:'.length) : named;
  if (!/^[0-9a-z]{1,64}$/.test(text)) return unknownRun(named);
  const found = (await store.streams(`run:${text}`)).map(({ stream }) =>
    stream.slice('run:'.length),
  );
  const [first, second] = found;
  if (first === undefined) return unknownRun(named);
  if (second !== undefined && first !== text) {
    refuse('run.ambiguous', `${found.length} runs begin with ${text}: ${first}, ${second}`);
  }
  return first;
}

/** How humans have answered what a run waits for; null while they have not, or it does not wait. */
export async function answerOf(
  store: LedgerStore,
  { status }: RunView,
): Promise<ApprovalOutcome | null> {
  if (status.phase !== 'waiting') return null;
  const { approval } = await readApproval(store, status.action);
  return approval.phase === 'resolved' ? approval.outcome : null;
}

function unknownRun(named: string): never {
  return refuse('run.unknown', `there is no run ${JSON.stringify(named)}`);
}

/** A ledger, and the keys of what is sealed in it. */
export interface KeyedSource extends LedgerSource {
  readonly keys?: SubjectKeys | undefined;
}

/**
 * How an action of a run was held the last time. It is looked for from the end: while a run waits,
 * little follows. @throws {RefusalError} `ledger.corrupt`, naming the entry.
 */
export async function findSuspended(
  store: LedgerStore,
  run: string,
  action: string,
): Promise<Body<'proposal.suspended'> | undefined> {
  for await (const { entry } of entriesBackwards(store, `run:${run}`)) {
    if (entry.kind === 'proposal.suspended' && entry.body.actionDigest === action) {
      return entry.body;
    }
  }
  return undefined;
}

/** The view of a run as it stands, from its newest snapshot. Refuses `run.unknown`. */
export async function viewRun(source: KeyedSource, run: string): Promise<RunView> {
  return viewOf(source, (await foldRunState(source, `run:${run}`)).state);
}

/** The view of a run that stands so. Refuses `run.unknown` for one without an entry. */
export async function viewOf(source: KeyedSource, facts: RunFacts): Promise<RunView> {
  const { started, stand } = facts;
  const contents = contentsIn(source);
  if (stand.phase === 'waiting') await contents.fetchOne(stand.args);
  const view = runView(facts, contents.read);
  if (view === undefined || started === undefined) return unknownRun(facts.stream);
  return { ...view, task: await taskOf(source, started) };
}

/** The task of a run, opened where it is sealed, or words for why it cannot be read. */
export async function taskOf(
  source: KeyedSource,
  { task, subject }: Body<'run.started'>,
): Promise<string> {
  if (subject === undefined) return task;
  const contents = contentsIn(source);
  await contents.fetchOne(subject.task);
  const opened = contents.read(subject.task);
  return typeof opened === 'string' ? opened : task;
}

function contentsIn({ store, keys }: KeyedSource): BlobContents {
  return new BlobContents(store, { standIn: goneText, keys });
}

/**
 * The action that a person means: a run that waits, or the beginning of an action's digest.
 * Refuses `approval.unknown`, `run.ambiguous`.
 */
export async function findHeldAction(source: KeyedSource, named: string): Promise<string> {
  const asRun = await waitingActionOf(source, named);
  if (asRun !== undefined) return asRun;
  if (!/^[0-9a-f]{4,64}$/.test(named)) return unknownApproval(named);
  const streams = await source.store.streams(`approval:${named}`);
  const actions = streams.map(({ stream }) => stream.slice('approval:'.length)).filter(isDigest);
  const [first, second] = actions;
  if (first === undefined) return unknownApproval(named);
  if (second !== undefined)
    refuse('run.ambiguous', `${actions.length} actions begin with ${named}`);
  return first;
}

async function waitingActionOf(source: KeyedSource, named: string): Promise<string | undefined> {
  if (!/^[0-9a-z]{1,64}$/.test(named)) return undefined;
  const streams = await source.store.streams(`run:${named}`);
  const waiting: string[] = [];
  for (const { stream } of streams) {
    const { status } = await viewRun(source, stream.slice('run:'.length));
    if (status.phase === 'waiting') waiting.push(status.action);
  }
  if (waiting.length > 1)
    refuse('run.ambiguous', `${waiting.length} waiting runs begin with ${named}`);
  if (waiting.length === 0 && streams.length > 0) {
    refuse('approval.unknown', `the run ${named} waits for nobody`);
  }
  return waiting[0];
}

function unknownApproval(named: string): never {
  return refuse('approval.unknown', `nothing waits under the name ${JSON.stringify(named)}`);
}

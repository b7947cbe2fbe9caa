import type { Command } from 'commander';
import type { Head, LedgerStore } from '@chancery/kernel/ledger';
import { entriesOf, Followers } from '@chancery/runtime/journal';
import { foldRunState } from '@chancery/runtime/snapshots';
import { exitCodes } from '../exit.ts';
import { Narrator } from '../runs/narrator.ts';
import { reading } from '../opening.ts';
import { recordedPolicies } from '../runs/own-policies.ts';
import { answerOf, findRun, viewOf, type KeyedSource } from '../runs/reading.ts';
import { tellRefused } from '../runs/refused-snapshots.ts';
import { statusText } from '../runs/result.ts';
import { showUnfinished } from '../runs/unfinished.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { instant } from '../terminal/amounts.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';

interface Flags extends CommonFlags {
  readonly follow?: boolean;
  readonly verbose?: boolean;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('<run>', 'id of the run, or its first letters')
    .option('-f, --follow', 'go on until the run has ended')
    .option('--verbose', 'show every entry')
    .option(
      '--json',
      'one JSON line of type "entry" for each entry, then "unfinished" where it has not ended',
    )
    .addHelpText(
      'after',
      `
Examples:
  chancery show 6gzs
  chancery show 6gzs --follow
  chancery show 6gzs --json | jq -c 'select(.entry.kind == "commit") | .line'`,
    )
    .action((run: string, flags: Flags) => act(flags, (session) => show(session, run, flags)));
}

async function show(session: Session, named: string, flags: Flags): Promise<number> {
  session.terminal.endWithReader();
  return reading(session.home, async (open) => {
    const { store, keys } = open;
    const run = await findRun(store, named);
    if (!session.json) await showHead(session, open, run);
    const narrator = new Narrator(session, store, {
      all: flags.verbose === true,
      live: flags.follow === true,
      keys,
    });
    const shown = await tellFrom(narrator, store, { run, after: null });
    await narrator.settled();
    if (!shown.ended) await showUnfinished(session, open, run, narrator.begun());
    if (flags.follow === true) await follow(narrator, store, { run, ...shown });
    await narrator.settled();
    return exitCodes.ok;
  });
}

async function showHead(session: Session, source: KeyedSource, run: string): Promise<void> {
  const { terminal } = session;
  const { state, refused } = await foldRunState(source, `run:${run}`);
  tellRefused(terminal, run, refused);
  const view = await viewOf(source, state);
  const { task, repository, startedAtMs, status } = view;
  const answer = await answerOf(source.store, view);
  showFields(terminal, [
    ['Run', `${run}, begun ${instant(startedAtMs)}`],
    ['Task', visible(task)],
    ['Repository', visible(repository)],
    ...(await recordedPolicies(source, state.started)).map(({ name, bundle }): Field => [
      'Policy',
      `${visible(name ?? 'gone')} ${bundle.slice(0, 12)}, of this run alone`,
    ]),
    ['State', `${statusText(status)}${answer === null ? '' : `: ${answer}`}`],
  ]);
  terminal.line();
}

interface Place {
  readonly run: string;
  /** What was shown last. */
  readonly after: Head | null;
}

interface Told {
  readonly after: Head | null;
  readonly ended: boolean;
}

async function tellFrom(
  narrator: Narrator,
  store: LedgerStore,
  { run, after }: Place,
): Promise<Told> {
  let last = after;
  let ended = false;
  for await (const sealed of entriesOf(store, `run:${run}`, { after })) {
    narrator.tell(sealed);
    last = { seq: sealed.entry.seq, digest: sealed.digest };
    ended = sealed.entry.kind === 'run.finished';
  }
  return { after: last, ended };
}

/** Tells what is new of a run as the ledger grows, until the run has ended. */
async function follow(narrator: Narrator, store: LedgerStore, from: Place & Told): Promise<void> {
  const { run } = from;
  const stream = `run:${run}`;
  const stop = new AbortController();
  let told: Told = from;
  if (told.ended) return;
  const followed = { from: await positionBehind(store, stream, told.after), signal: stop.signal };
  for await (const page of new Followers(store).follow(followed)) {
    if (!page.some((entry) => entry.stream === stream)) continue;
    told = await tellFrom(narrator, store, { run, after: told.after });
    if (told.ended) stop.abort();
  }
}

/** Where in the ledger everything stands that was not shown yet. */
async function positionBehind(
  store: LedgerStore,
  stream: string,
  after: Head | null,
): Promise<number> {
  const [last] = after === null ? [] : await store.read(stream, after.seq, 1);
  return last === undefined ? 0 : last.position + 1;
}

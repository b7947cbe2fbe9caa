import type { Command } from 'commander';
import { isJsonObject, recordText, type JsonObject } from '@chancery/kernel/encoding';
import {
  compareActions,
  type AuditedAction,
  type ComparedActions,
} from '@chancery/runtime/projections';
import type { ChangedPath } from '@chancery/runtime/workspace';
import { momentOf, type Moment } from '../comparing/moments.ts';
import { workspacesOf } from '../compose/house.ts';
import { tellingGone } from '../evidence/gone-content.ts';
import { exitCodes, granted } from '../exit.ts';
import { reading } from '../opening.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { amountsText, count } from '../terminal/amounts.ts';
import { showFields } from '../terminal/fields.ts';
import { visible, visibleLines } from '../terminal/visible.ts';

interface Flags extends CommonFlags {
  readonly patch?: boolean;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('<left>', 'a run, or RUN@SEQ: as it was after that entry')
    .argument('<right>', 'the other')
    .option('-p, --patch', 'show what differs in the files, line by line')
    .option('--json', 'one JSON line of type "comparison"')
    .addHelpText(
      'after',
      `
Intents are compared by what was wanted: capability and arguments. Of a run that the other one has gone
on from (chancery branch), those after that moment are.

Examples:
  chancery diff 6gzs 6h1x
  chancery diff 6gzs@17 6gzs --patch`,
    )
    .action((left: string, right: string, flags: Flags) =>
      act(flags, (session) => diff(session, [left, right], flags)),
    );
}

interface Files {
  readonly changes: readonly ChangedPath[];
  readonly diff: string;
}

interface Comparison {
  readonly left: Moment;
  readonly right: Moment;
  readonly actions: ComparedActions;
  /** Undefined where the runs are of different repositories. */
  readonly files: Files | undefined;
}

async function diff(
  session: Session,
  [one, other]: readonly [string, string],
  { patch = false }: Flags,
): Promise<number> {
  return reading(session.home, async (open) => {
    const standIn = tellingGone(session);
    const left = await momentOf(open, one, standIn);
    const right = await momentOf(open, other, standIn);
    const actions = compareActions(since(left, right), since(right, left));
    const files = await filesOf(session, left, right);
    const comparison = { left, right, actions, files };
    if (session.json) session.terminal.json(jsonOf(comparison));
    else show(session, comparison, patch);
    return exitCodes.ok;
  });
}

/** What a run wanted; of one that the other has gone on from, what it wanted after that. */
function since({ run, actions }: Moment, { from }: Moment): readonly AuditedAction[] {
  return from?.run === run ? actions.filter(({ seq }) => seq > from.seq) : actions;
}

async function filesOf({ home }: Session, left: Moment, right: Moment): Promise<Files | undefined> {
  const { repository } = left;
  if (repository !== right.repository) return undefined;
  const workspaces = await workspacesOf(home);
  return granted(await workspaces.compare(repository, left.tree, right.tree));
}

function jsonOf({ left, right, actions, files }: Comparison): JsonObject {
  const { alike, differing, onlyLeft, onlyRight } = actions;
  return {
    type: 'comparison',
    ...{ left: shownMoment(left), right: shownMoment(right), alike },
    differing: differing.map(([one, other]) => ({ left: shown(one), right: shown(other) })),
    ...{ onlyLeft: onlyLeft.map(shown), onlyRight: onlyRight.map(shown) },
    files: files === undefined ? null : files.changes.map(({ path, change }) => ({ path, change })),
  };
}

function shownMoment(moment: Moment): JsonObject {
  const { run, seq, task, model, tree, worldDigest, outcome, from, spent } = moment;
  return { run, seq, task, model, tree, worldDigest, outcome, from, spent: { ...spent } };
}

function shown({ seq, intent, outcome }: AuditedAction): JsonObject {
  return { seq, intent, outcome: outcome.kind, code: codeOf(outcome) ?? null };
}

function codeOf(outcome: AuditedAction['outcome']): string | undefined {
  if (outcome.kind === 'rejected') return outcome.refusal.code;
  return outcome.kind === 'failed' ? outcome.failure.code : undefined;
}

const marks: Readonly<Record<ChangedPath['change'], string>> = {
  added: '+',
  deleted: '-',
  modified: '~',
  'type-changed': '~',
  'mode-changed': '~',
};

function show({ terminal }: Session, comparison: Comparison, patch: boolean): void {
  const { left, right, actions, files } = comparison;
  const { paint } = terminal;
  showFields(terminal, [
    ['Left', momentText(left)],
    ['Right', momentText(right)],
    ['World', left.worldDigest === right.worldDigest ? 'the same' : 'differs'],
  ]);
  terminal.line();
  const { alike, differing, onlyLeft, onlyRight } = actions;
  terminal.line(`${paint.bold('Intents')}  ${count(alike)} alike from the beginning on`);
  for (const [one, other] of differing) {
    terminal.line(`  ~ ${wanted(one)}: ${ended(one)}, then ${ended(other)}`);
  }
  for (const each of onlyLeft) terminal.line(paint.red(`  - ${wanted(each)}: ${ended(each)}`));
  for (const each of onlyRight) terminal.line(paint.green(`  + ${wanted(each)}: ${ended(each)}`));
  terminal.line();
  if (files === undefined) {
    terminal.line('The runs are of different repositories: their files are not compared.');
    return;
  }
  const { changes } = files;
  terminal.line(
    `${paint.bold('Files')}    ${changes.length === 0 ? 'the same' : `${count(changes.length)} differ`}`,
  );
  if (patch) terminal.line(visibleLines(files.diff.trimEnd()).join('\n'));
  else for (const { path, change } of changes) terminal.line(`  ${marks[change]} ${visible(path)}`);
}

function momentText({ run, seq, outcome, task, spent, from }: Moment): string {
  const begun = from === null ? '' : ` · from ${from.run}, entry ${from.seq}`;
  return visible(
    `${run}, entry ${seq} · ${outcome ?? 'goes on'} · ${amountsText(spent)} · ${task}${begun}`,
  );
}

/** Characters of the arguments that are shown. */
const argsChars = 100;

function wanted({ intent }: AuditedAction): string {
  if (!isJsonObject(intent)) return 'no intent';
  const { capability, args } = intent;
  const name = typeof capability === 'string' ? capability : 'no capability';
  const given = args === undefined ? '' : recordText(args).slice(0, argsChars);
  return visible(`${name} ${given}`.toWellFormed());
}

function ended({ outcome, seq }: AuditedAction): string {
  const code = codeOf(outcome);
  return visible(`${outcome.kind}${code === undefined ? '' : ` (${code})`}, entry ${seq}`);
}

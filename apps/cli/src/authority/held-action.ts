import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Action } from '@chancery/kernel/compiler';
import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import { instant } from '../terminal/amounts.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import { lineDiff, type DiffLine } from '../terminal/line-diff.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { visible, visibleLines } from '../terminal/visible.ts';
import { readNamedFile } from '../named-file.ts';
import type { AgreedPlan } from '../rollback/agreed-plan.ts';
import { entriesText, stepText } from '../rollback/step-text.ts';
import { utf8Of } from '../text-file.ts';

/** A held action with all that a person has to know to decide about it. */
export interface HeldAction {
  readonly run: string;
  readonly task: string;
  readonly worktree: string;
  readonly proposal: Body<'proposal.suspended'>;
  /** In whole. */
  readonly action: Action;
  readonly request: Body<'approval.requested'>;
  /** Protected paths that this one action may write where it is granted. */
  readonly lifted: readonly string[];
  /** What it is a step of, where its run undoes another. */
  readonly plan: AgreedPlan | undefined;
}

/** Shows exactly what would happen: the command, or the change of the file, and who asks why. */
export function showHeldAction(terminal: Terminal, held: HeldAction): void {
  const { run, task, worktree, proposal, action, request, lifted, plan } = held;
  const { actionDigest, effects, hold } = proposal;
  const fields: Field[] = [
    ['Run', `${run}: ${visible(task)}`],
    ['Action', action.capability],
    ['Effects', effects.join(', ')],
    ['Rule', hold.rule],
    ['Reason', visible(hold.reason)],
    ...(lifted.length === 0 ? [] : [['Opens', liftedText(worktree, lifted)] as const]),
    ['Quorum', `${request.quorum.m} of ${request.quorum.of.length} on channel ${request.channel}`],
    ['Expires', instant(request.expiresAt)],
    ['Digest', actionDigest],
  ];
  showFields(terminal, fields);
  terminal.line();
  for (const line of bodyOf(action.capability, action.normalisedArgs, worktree))
    showDiffLine(terminal, line);
  terminal.line();
  if (plan !== undefined) showPlan(terminal, plan);
}

/** What a yes opens besides. */
const liftedText = (worktree: string, paths: readonly string[]): string =>
  `${paths.map((path) => openedText(worktree, path)).join(', ')}, to this one command; nothing else that is protected`;

/** What is not there yet may become either. */
function openedText(worktree: string, path: string): string {
  const found = lstatSync(join(worktree, path), { throwIfNoEntry: false });
  if (found === undefined) return `${visible(path)} (new: a file, or a folder with all in it)`;
  return found.isDirectory() ? `${visible(path)}/**: all in it` : visible(path);
}

/** The whole of what is undone: who votes about one step is told what comes before and after it. */
function showPlan(terminal: Terminal, { of, to, digest, steps, lasting, done }: AgreedPlan): void {
  const { paint } = terminal;
  showFields(terminal, [
    ['Undoes', `what ${of} did after its entry ${to}`],
    ['Plan', digest],
  ]);
  for (const [index, { commits, capability }] of steps.entries()) {
    const where = index < done ? 'done' : index === done ? 'this one' : 'to come';
    const what = `${index + 1}. ${visible(stepText(capability))} (${where})`;
    terminal.line(`  ${what}  ${paint.dim(entriesText(commits))}`);
  }
  for (const { entry, capability } of lasting) {
    terminal.line(paint.yellow(`  stays: ${visible(capability)}, entry ${entry}`));
  }
  terminal.line();
}

/** What is shown of an action, by its capability; all arguments where nothing better is known. */
function bodyOf(capability: string, args: JsonObject, worktree: string): readonly DiffLine[] {
  const { command, argv, path, text, hunks } = args;
  if (typeof command === 'string') return plain([`$ ${command}`, ...settings(args, ['command'])]);
  if (Array.isArray(argv)) return plain([`$ ${JSON.stringify(argv)}`, ...settings(args, ['argv'])]);
  if (typeof path !== 'string') return plain([JSON.stringify(args, null, 2)]);
  if (capability === 'fs.write' && typeof text === 'string')
    return fileChange(worktree, path, text);
  if (capability === 'fs.patch' && Array.isArray(hunks)) {
    return [...plain([path]), ...(hunks as readonly Json[]).flatMap(hunkLines)];
  }
  return plain([JSON.stringify(args, null, 2)]);
}

function plain(texts: readonly string[]): readonly DiffLine[] {
  return texts.flatMap((text) =>
    text.split('\n').map((line) => ({ sign: ' ', text: line }) as const),
  );
}

function settings(args: JsonObject, shown: readonly string[]): readonly string[] {
  return Object.entries(args)
    .filter(([name]) => !shown.includes(name))
    .map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
}

function hunkLines(hunk: Json): readonly DiffLine[] {
  if (!isJsonObject(hunk)) return [];
  const { find, replace } = hunk;
  if (typeof find !== 'string' || typeof replace !== 'string') return [];
  return [{ sign: ' ', text: '@@' }, ...lineDiff(find, replace)];
}

function fileChange(worktree: string, path: string, text: string): readonly DiffLine[] {
  const before = presentText(join(worktree, path));
  const title = before === undefined ? `${path} (new, or not readable as text now)` : path;
  return [...plain([title, '@@']), ...lineDiff(before ?? '', text)];
}

/** The file as it is now; undefined where there is none that is text. A link is not followed. */
function presentText(file: string): string | undefined {
  const read = readNamedFile(file, { links: false });
  const text = read.kind === 'bytes' ? utf8Of(read.bytes) : undefined;
  return text?.includes('\0') === true ? undefined : text;
}

function showDiffLine(terminal: Terminal, { sign, text }: DiffLine): void {
  const { paint } = terminal;
  const draw = sign === '+' ? paint.green : sign === '-' ? paint.red : String;
  for (const line of visibleLines(text)) terminal.line(draw(`  ${sign} ${line}`));
}

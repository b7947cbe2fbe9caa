import {
  rankedGroups,
  type FlipGroup,
  type RedecisionKind,
  type Tally,
  type Trial,
} from '@chancery/domain/simulation';
import { bundleDigest } from '@chancery/kernel/policy';
import type { Terminal } from '../terminal/terminal.ts';
import { count } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';

/** What a simulation has come to. */
export interface Report {
  readonly trials: readonly Trial[];
  /** What was gone through, by the numbers that places name. */
  readonly sources: readonly string[];
  readonly sinceMs: number;
  readonly tally: Tally;
  /** How the command is called by whoever reads this. */
  readonly command: string;
  /** Number of the own ledger among the sources; undefined where it is not among them. */
  readonly own: number | undefined;
}

/** What each kind of outcome means, for people. */
export const meanings: Readonly<Record<RedecisionKind, string>> = {
  same: 'decided the same',
  flipped: 'decided otherwise',
  moot: 'not asked again, for it had been permitted at once',
  diverged: 'after a flip of the same run, so that nobody knows',
  undecided: 'refused before policy was asked',
  unreadable: 'what policy was asked is gone, or was not recorded',
  unreproduced: 'the recorded set does not answer what was recorded',
};

/** All decisions that were gone through. */
export function decisionsIn({ counts }: Tally): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

/** What is tried, in words. */
export function trialText(trial: Trial): string {
  if (trial.kind === 'without') return `without ${trial.name} (${trial.level})`;
  return `with ${trial.bundle.name} (${trial.bundle.level})`;
}

/** The command that explains a recorded decision; undefined for one in an export. */
export function explainCommand(
  { command, own }: Report,
  { first }: Pick<FlipGroup, 'first'>,
): string | undefined {
  if (first.source !== own) return undefined;
  return `${command} policy explain --action ${first.run}@${first.seq}`;
}

/** Which rules made it so; a denial without a rule is that none permits. */
export function rulesText(rules: readonly string[]): string {
  return rules.length === 0 ? 'no rule permits' : rules.join(', ');
}

/** A verdict, with who must approve: `hold (2 of security)`. */
export function verdictText(verdict: FlipGroup['from'], asks: FlipGroup['asks']['before']): string {
  return asks === null ? verdict : `${verdict} (${asks.quorum} of ${asks.channel})`;
}

/** The groups and then the totals, each as a line of JSON. */
export function tellLines(terminal: Terminal, report: Report): void {
  const { tally, sources, sinceMs, trials } = report;
  for (const group of rankedGroups(tally)) {
    const { first, ...told } = group;
    const { source, run, seq, position, intent } = first;
    const explain = explainCommand(report, group) ?? null;
    const place = { over: sources[source] ?? '', run, seq, position, intent, explain };
    terminal.json({ type: 'policy-flip', ...told, first: place });
  }
  const { runs, flippedRuns, counts, otherRules, undecided } = tally;
  const stages = Object.entries(undecided).map(([stage, number]) => ({ stage, count: number }));
  terminal.json({
    type: 'policy-simulation',
    ...{ over: sources, sinceMs, trials: trials.map(trialLine) },
    ...{ decisions: decisionsIn(tally), runs, flippedRuns, ...counts, otherRules },
    refusedBefore: stages.sort((a, b) => (a.stage < b.stage ? -1 : 1)),
  });
}

function trialLine(trial: Trial) {
  if (trial.kind === 'without') return { ...trial, bundle: null };
  const { level, name } = trial.bundle;
  return { kind: trial.kind, level, name, bundle: bundleDigest(trial.bundle) };
}

const colours = { permit: 'green', hold: 'yellow', deny: 'red', error: 'red' } as const;

/** For a person at a terminal. */
export function showReport(terminal: Terminal, report: Report): void {
  const { tally, trials, sources } = report;
  const { paint } = terminal;
  terminal.line(visible(`Tried ${trials.map(trialText).join(', ')}, over ${sources.join(', ')}`));
  const groups = rankedGroups(tally);
  for (const group of groups) {
    const { from, to, capability, before, after, asks, first } = group;
    const [was, is] = [verdictText(from, asks.before), verdictText(to, asks.after)];
    const change = `${paint[colours[from]](visible(was))} → ${paint[colours[to]](visible(is))}`;
    terminal.line();
    terminal.line(`${change}  ${paint.bold(visible(capability))}  ${timesText(group)}`);
    terminal.line(visible(`  before: ${rulesText(before)}`));
    terminal.line(visible(`  after:  ${rulesText(after)}`));
    const where =
      explainCommand(report, group) ?? `${sources[first.source] ?? ''}: ${first.run}@${first.seq}`;
    terminal.line(paint.dim(visible(`  first:  ${where}`)));
  }
  terminal.line();
  showTotals(terminal, report);
}

function timesText({ count: times, runs }: FlipGroup): string {
  return `${count(times)} ${times === 1 ? 'time' : 'times'} in ${runsText(runs)}`;
}

export function runsText(runs: number): string {
  return `${count(runs)} ${runs === 1 ? 'run' : 'runs'}`;
}

function showTotals(terminal: Terminal, { tally }: Report): void {
  const { counts, runs, flippedRuns, otherRules } = tally;
  terminal.line(`${count(decisionsIn(tally))} decisions in ${runsText(runs)}`);
  for (const [kind, meaning] of Object.entries(meanings) as [RedecisionKind, string][]) {
    const number = counts[kind];
    if (number === 0 && kind !== 'flipped') continue;
    const others = kind === 'same' && otherRules > 0 ? `, ${count(otherRules)} by other rules` : '';
    const where = kind === 'flipped' && number > 0 ? `, in ${runsText(flippedRuns)}` : others;
    terminal.line(`${count(number).padStart(9)} ${meaning}${where}`);
  }
}

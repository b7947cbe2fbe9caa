import type { Command } from 'commander';
import { foldRunState } from '@chancery/runtime/snapshots';
import { showAudited } from '../runs/audited.ts';
import { auditedActions, crossedThresholds } from '../runs/auditing.ts';
import { tellingGone } from '../evidence/gone-content.ts';
import { exitCodes } from '../exit.ts';
import { reading } from '../opening.ts';
import { recordedPolicies, type RecordedPolicy } from '../runs/own-policies.ts';
import { findRun, viewRun } from '../runs/reading.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { figures, instant } from '../terminal/amounts.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { visible, visibleLines } from '../terminal/visible.ts';

export function declare(command: Command, act: Act): void {
  command
    .argument('<run>', 'id of the run, or its first letters')
    .option('--json', 'JSON lines of type "run-policy", "action" for each intent, "threshold"')
    .addHelpText(
      'after',
      `
Resolves every intent to what is recorded of it: the intent, the action, the writ, the stages, the
rules that mattered with their text, votes, digests of policy, contract and observation, cost.

Examples:
  chancery audit 6gzs
  chancery audit 6gzs --json | jq -c 'select(.outcome.kind == "rejected") | .outcome.refusal'`,
    )
    .action((run: string, flags: CommonFlags) => act(flags, (session) => audit(session, run)));
}

async function audit(session: Session, named: string): Promise<number> {
  const { terminal, json } = session;
  terminal.endWithReader();
  return reading(session.home, async (open) => {
    const run = await findRun(open.store, named);
    const actions = await auditedActions(open, run, tellingGone(session));
    const { started } = (await foldRunState(open, `run:${run}`)).state;
    const policies = await recordedPolicies(open, started);
    const crossed = await crossedThresholds(open, run);
    if (json) {
      for (const policy of policies) terminal.json({ type: 'run-policy', run, ...policy });
      for (const action of actions) terminal.json({ type: 'action', run, ...action });
      for (const { seq, at: atMs, body } of crossed) {
        terminal.json({ type: 'threshold', run, seq, atMs, ...body });
      }
      return exitCodes.ok;
    }
    const { task, writ, model } = await viewRun(open, run);
    showFields(terminal, [
      ['Run', run],
      ['Task', visible(task)],
      ['Model', visible(model)],
      ['Writ', writ],
      ['Intents', String(actions.length)],
      ...crossed.map(({ body, at }, index): Field => [
        index === 0 ? 'Budget' : '',
        `${body.percent} % of ${figures[body.dimension].head} spent at ${instant(at)}`,
      ]),
    ]);
    for (const policy of policies) showPolicy(terminal, policy);
    for (const action of actions) showAudited(terminal, action);
    return exitCodes.ok;
  });
}

function showPolicy(terminal: Terminal, { name, bundle, text }: RecordedPolicy): void {
  const { paint } = terminal;
  terminal.line();
  terminal.line(`${paint.bold(visible(`policy ${name ?? ''}`))} ${bundle}, of this run alone`);
  for (const row of visibleLines(text?.trimEnd() ?? 'its text is gone'))
    terminal.line(paint.dim(`  ${row}`));
}

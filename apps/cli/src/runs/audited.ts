import { stageNames } from '@chancery/kernel/compiler';
import { isJsonObject, recordText } from '@chancery/kernel/encoding';
import type { AuditedAction, AuditedApproval } from '@chancery/runtime/projections';
import { amountsText, instant } from '../terminal/amounts.ts';
import { cut } from '../terminal/columns.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import type { Paint, Terminal } from '../terminal/terminal.ts';
import { visible, visibleLines } from '../terminal/visible.ts';

const colours: Readonly<
  Record<AuditedAction['outcome']['kind'], keyof Pick<Paint, 'green' | 'red' | 'yellow'>>
> = { committed: 'green', rejected: 'red', failed: 'red', open: 'yellow', 'in-doubt': 'yellow' };

/** Longest observation, in characters, that a person is shown in whole. */
const observationChars = 2_000;

/** Shows one intent with everything that is recorded of it. */
export function showAudited(terminal: Terminal, item: AuditedAction): void {
  const { paint } = terminal;
  const { outcome, seq, atMs, origin, turn } = item;
  terminal.line();
  const title = `#${seq} ${nameOf(item)}`;
  terminal.line(`${paint.bold(visible(title))}  ${paint[colours[outcome.kind]](outcome.kind)}`);
  showFields(terminal, [
    ['  when', `${instant(atMs)}, by the ${origin} in turn ${turn}`],
    ['  intent', visible(recordText(item.intent))],
    ...(item.routing === null ? [] : [['  routed', visible(recordText(item.routing))] as const]),
    ...actionFields(item),
    ...(item.trace === null ? [] : [['  stages', traceText(item.trace)] as const]),
    ['  policy set', item.policySetDigest],
    ...(item.hold === null
      ? []
      : [['  held', visible(`${item.hold.rule}: ${item.hold.reason}`)] as const]),
    ...(item.approval === null ? [] : approvalFields(item.approval)),
    ...outcomeFields(item),
  ]);
  showRules(terminal, item);
}

function nameOf({ action, intent }: AuditedAction): string {
  if (action !== null) return action.capability;
  const capability = isJsonObject(intent) ? intent['capability'] : undefined;
  return typeof capability === 'string' ? capability : 'an intent without a capability';
}

function actionFields(item: AuditedAction): readonly Field[] {
  const { action, actionDigest, effects, contractDigest, unsandboxed, leases } = item;
  if (action === null || actionDigest === null) return [];
  return [
    ['  action', actionDigest],
    ['  arguments', visible(recordText(action.normalisedArgs))],
    ['  resolved', visible(recordText(action.resolved))],
    ['  writ', action.writ],
    ['  effects', effects.join(', ')],
    ['  contract', contractDigest ?? action.contract],
    ...(unsandboxed ? [['  sandbox', 'NONE'] as const] : []),
    ...leases.map(({ name, scope, setAt }): Field => [
      '  lent',
      visible(`vault:${name} (${scope}), set ${instant(setAt)}`),
    ]),
  ];
}

/** The stages that it passed, and the one that it did not. */
function traceText(trace: NonNullable<AuditedAction['trace']>): string {
  const reached = stageNames.filter((stage) => trace[stage] !== 'unreached');
  if (reached.length === 0) return 'none was reached';
  return reached
    .map((stage) => (trace[stage] === 'pass' ? stage : `${stage}: ${trace[stage].toUpperCase()}`))
    .join(' · ');
}

function approvalFields({ channel, quorum, votes, outcome }: AuditedApproval): readonly Field[] {
  return [
    ['  approval', `${outcome ?? 'open'}; ${quorum.m} of ${quorum.of.length} on ${channel}`],
    ...votes.map(({ voter, vote, reason, atMs }): Field => [
      '  vote',
      visible(`${vote} by ${voter} at ${instant(atMs)}${reason === '' ? '' : `: ${reason}`}`),
    ]),
  ];
}

function outcomeFields({ outcome, endSeq }: AuditedAction): readonly Field[] {
  const end: Field = ['  entry', `#${endSeq ?? ''}`];
  switch (outcome.kind) {
    case 'open':
      return [['  outcome', 'none yet']];
    case 'in-doubt':
      return [['  outcome', visible(outcome.reason)]];
    case 'rejected': {
      const { code, message, remedy } = outcome.refusal;
      return [['  refused', visible(`${code}: ${message}`)], ['  remedy', visible(remedy)], end];
    }
    case 'failed': {
      const { class: kind, code, message } = outcome.failure;
      return [
        ['  failure', visible(`${code} (${kind}): ${message}`)],
        ['  cost', amountsText(outcome.cost)],
        end,
      ];
    }
    case 'committed': {
      const seen = visible(cut(recordText(outcome.observation), observationChars));
      return [
        ['  observed', seen],
        ['  digest', `${outcome.observationDigest}, ${outcome.redactions} redacted`],
        ['  delta', visible(recordText(outcome.delta))],
        ['  cost', amountsText(outcome.cost)],
        ['  compiler', outcome.compilerVersion],
        end,
      ];
    }
  }
}

function showRules(terminal: Terminal, { rules }: AuditedAction): void {
  const { paint } = terminal;
  for (const { id, level, effect, text } of rules) {
    terminal.line(`  ${paint.dim('rule')} ${visible(id)} (${level}, ${effect})`);
    for (const line of visibleLines(text ?? '')) {
      if (line !== '') terminal.line(paint.dim(`    ${line}`));
    }
  }
}

import { compareBundles, type RuleChange } from '@chancery/domain/policies';
import {
  bundleIn,
  bundleKey,
  repositoryOf,
  type ActiveBundle,
  type Bundle,
} from '@chancery/kernel/policy';
import { elsewhere } from '@chancery/runtime/authority';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading } from '../opening.ts';
import type { CommonFlags, Session } from '../session.ts';
import { lineDiff } from '../terminal/line-diff.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { visible } from '../terminal/visible.ts';
import { activeBundles } from './listing.ts';
import { repositoryFor, type RepositoryFlags } from './repository.ts';
import { policyIn, type SourceFlags } from './source.ts';

/** Compares a policy in a file with another one, or with what is active in its place. */
export async function compare(
  session: Session,
  files: readonly [file: string, other: string | undefined],
  flags: SourceFlags & RepositoryFlags & CommonFlags,
): Promise<number> {
  const [file, other] = files;
  const { bundle } = await policyIn(file, flags);
  const repository = await repositoryFor(session, bundle, flags);
  if (other !== undefined) {
    if (repository !== undefined) {
      refuse('usage.invalid', 'two files are compared, and neither is active anywhere', {
        remedy: 'Leave --repo out.',
      });
    }
    show(session, bundle, (await policyIn(other, flags)).bundle);
    return exitCodes.ok;
  }
  return reading(session.home, async (open) => {
    const active = await activeBundles(open);
    if (repository !== undefined) checkPlace(active, bundle, repository);
    show(session, replacedBy(active, bundle), bundle);
    return exitCodes.ok;
  });
}

/** Refuses `policy.invalid`, as an activation would, where its place is taken on another repository. */
function checkPlace(active: readonly ActiveBundle[], bundle: Bundle, repository: string): void {
  const taken = active.find((each) => bundleKey(bundleIn(each)) === bundleKey(bundle));
  if (taken === undefined || repositoryOf(taken) === repository) return;
  granted({ ok: false, refusal: elsewhere(taken) });
}

/** The active bundle whose place another one would take. */
export function replacedBy(
  active: readonly ActiveBundle[],
  { level, name }: Bundle,
): Bundle | undefined {
  return active.map(bundleIn).find((bundle) => bundle.level === level && bundle.name === name);
}

function show({ terminal, json }: Session, before: Bundle | undefined, after: Bundle): void {
  const changes = compareBundles(before, after);
  if (json) for (const change of changes) terminal.json(changeLine(change));
  else showChanges(terminal, { before, after, changes });
}

function changeLine(change: RuleChange) {
  const { kind, rule } = change;
  return {
    type: 'policy-change',
    rule,
    change: kind,
    parts: kind === 'changed' ? change.parts : [],
  };
}

const signs = { added: '+', removed: '-', changed: '~' } as const;
const colours = { '+': 'green', '-': 'red', ' ': 'dim' } as const;

/** The rules that differ, and the lines. */
export function showChanges(
  terminal: Terminal,
  compared: {
    readonly before: Bundle | undefined;
    readonly after: Bundle;
    readonly changes: readonly RuleChange[];
  },
): void {
  const { before, after, changes } = compared;
  if (changes.length === 0) terminal.line('No rule differs.');
  for (const change of changes) {
    const parts = change.kind === 'changed' ? `: ${change.parts.join(', ')}` : '';
    terminal.line(`${signs[change.kind]} ${visible(change.rule)}${parts}`);
  }
  if (before === undefined) return;
  const lines = lineDiff(before.text, after.text);
  if (lines.length > 0) terminal.line();
  for (const { sign, text } of lines) {
    terminal.line(terminal.paint[colours[sign]](`${sign} ${visible(text)}`));
  }
}

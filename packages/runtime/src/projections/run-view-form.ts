import { dimensions } from '@chancery/kernel/account';
import {
  closed,
  exactly,
  isCount,
  isDigest,
  listOf,
  textOf,
  type Form,
  type Json,
} from '@chancery/kernel/encoding';
import type { RunView } from './run-view.ts';

const text = textOf(0, Number.MAX_SAFE_INTEGER);

const gate = closed({
  command: text,
  action: isDigest,
  exitCode: Number.isSafeInteger,
  passed: (value) => typeof value === 'boolean',
});

const status = closed({
  phase: exactly('finished'),
  outcome: (value) => ['succeeded', 'failed', 'cancelled', 'exhausted'].includes(value as string),
  reason: text,
  commit: (value) => value === null || text(value),
  worldDigest: isDigest,
});

const amounts = closed(Object.fromEntries(dimensions.map((dimension) => [dimension, isCount])));

const form: Readonly<Record<keyof RunView, Form>> = {
  ...{ run: text, task: text, model: text, pricedBy: text, repository: text, baseCommit: text },
  ...{ branch: text, worktree: text, writ: isDigest },
  ...{ startedAtMs: isCount, lastAtMs: isCount },
  status,
  ...{ entries: isCount, turns: isCount, commits: isCount, refusals: isCount },
  ...{ holds: isCount, failures: isCount },
  ...{ spent: amounts, reserved: amounts },
  gates: listOf(gate),
};

const isView = closed(form);

/** Whether a value that was read is the view of a run that has ended. */
export function isEndedView(value: unknown): value is RunView {
  return isView(value as Json);
}

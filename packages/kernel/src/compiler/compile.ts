import { beginCompilation, established, type Compilation, type Stage } from './compilation.ts';
import { intentDigest, parseIntent } from './intent.ts';
import {
  stageNames,
  type CompileInput,
  type CompileOutcome,
  type Hold,
  type StageName,
} from './model.ts';
import type { Refusal } from '../refusal/index.ts';
import { args } from './stages/args.ts';
import { budget } from './stages/budget.ts';
import { capability } from './stages/capability.ts';
import { controls } from './stages/controls.ts';
import { emit } from './stages/emit.ts';
import { holds } from './stages/holds.ts';
import { intent } from './stages/intent.ts';
import { policy } from './stages/policy.ts';
import { preconditions } from './stages/preconditions.ts';
import { revocation } from './stages/revocation.ts';
import { scope } from './stages/scope.ts';
import { window } from './stages/window.ts';
import { writ } from './stages/writ.ts';
import { traceOf } from './trace.ts';

/** Recorded in every commit. Changes when the same inputs may lead to another outcome. */
export const compilerVersion = '2';

const stages: Readonly<Record<StageName, Stage>> = {
  controls,
  intent,
  writ,
  revocation,
  window,
  capability,
  args,
  scope,
  preconditions,
  budget,
  policy,
  holds,
  emit,
};

/**
 * Decides about one intent: staged, suspended until a human answers, or rejected. A pure function of
 * its input; runs nothing. The first stage that does not pass ends it, and the trace tells of all.
 */
export function compile(input: CompileInput): CompileOutcome {
  const compilation = beginCompilation(input);
  for (const name of stageNames) {
    const verdict = stages[name](compilation);
    switch (verdict.kind) {
      case 'pass':
        break;
      case 'refuse':
        return rejected(compilation, name, verdict.refusal);
      case 'hold':
        return suspended(compilation, name, verdict.hold);
    }
  }
  return staged(compilation);
}

function rejected(compilation: Compilation, at: StageName, refusal: Refusal): CompileOutcome {
  return {
    kind: 'rejected',
    intentDigest: compilation.intentDigest ?? digestOfUnread(compilation.input.intent),
    refusal,
    question: compilation.question,
    trace: traceOf(at, 'refuse'),
    rules: compilation.verdict?.rules ?? [],
  };
}

/** A stage before that of the intent refused: the entry names the intent all the same. */
function digestOfUnread(value: unknown): string | null {
  const parsed = parseIntent(value);
  return parsed.ok ? intentDigest(parsed.value) : null;
}

function suspended(compilation: Compilation, at: StageName, hold: Hold): CompileOutcome {
  return { kind: 'suspended', ...proposal(compilation), hold, trace: traceOf(at, 'hold') };
}

function staged(compilation: Compilation): CompileOutcome {
  return {
    kind: 'staged',
    ...proposal(compilation),
    reserved: established(compilation.normalised).estimate,
    trace: traceOf('emit', 'pass'),
  };
}

function proposal(compilation: Compilation) {
  return {
    intent: established(compilation.intent),
    action: established(compilation.action),
    actionDigest: established(compilation.actionDigest),
    question: established(compilation.question),
    effects: established(compilation.effects),
    rules: established(compilation.verdict).rules,
  };
}

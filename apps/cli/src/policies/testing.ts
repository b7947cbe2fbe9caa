import {
  doubtfulExamples,
  readExamples,
  requestOf,
  type Example,
  type Surroundings,
} from '@chancery/domain/policies';
import { compilePolicySet, type PolicySet, type PolicyVerdict } from '@chancery/kernel/policy';
import { checkedRequest, surroundings } from '../compose/policies.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { defaultProtectedPaths } from '../runs/run-terms.ts';
import type { CommonFlags, Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { repositoryNamed, type RepositoryFlags } from './repository.ts';
import { ofFile, policyIn, type PolicyFile, type SourceFlags } from './source.ts';
import { warningText } from './warnings.ts';

/** What a policy says of an example that stands in it. */
interface Tested {
  readonly example: Example;
  readonly verdict: PolicyVerdict;
  readonly passed: boolean;
}

/** Runs the examples that stand in the comments of policies, each by the policy alone. */
export async function test(
  session: Session,
  files: readonly string[],
  flags: SourceFlags & RepositoryFlags & CommonFlags,
): Promise<number> {
  const { terminal, json } = session;
  const repository = await repositoryNamed(session, flags);
  // The time of an example is told by it, and what is declared: what passes today and here has to pass
  // tomorrow and elsewhere.
  const told = { protectedPaths: defaultProtectedPaths, nowMs: 0 };
  const usual = await surroundings(told, new Map());
  const around = { ...usual, repository };
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const policy = await policyIn(file, flags);
    for (const doubt of doubtfulExamples(policy.text)) {
      terminal.note(terminal.paint.yellow(warningText(file, doubt)));
    }
    for (const tested of await testsOf(policy, around)) {
      if (tested.passed) passed += 1;
      else failed += 1;
      if (json) terminal.json(lineOf(file, tested));
      else if (!tested.passed) terminal.line(terminal.paint.red(failureText(file, tested)));
    }
  }
  if (passed + failed === 0) {
    refuse('policy.invalid', `there is no example in ${files.join(', ')}`, {
      remedy: 'Write one before a rule: // example: deny shell.run {"command": "git push"}',
    });
  }
  if (!json) terminal.line(`${passed} passed, ${failed} failed`);
  return failed === 0 ? exitCodes.ok : exitCodes.failed;
}

/** Runs the examples of one policy. Refuses `policy.invalid` for one that cannot be read. */
export async function testsOf(
  { file, text, bundle }: PolicyFile,
  around: Surroundings,
): Promise<readonly Tested[]> {
  const set = granted(compilePolicySet([bundle]));
  const examples = ofFile(file, readExamples(text));
  const known = new Set(Object.keys(bundle.policies.staticPolicies));
  const all: Tested[] = [];
  for (const example of examples) {
    const { rule, line } = example;
    if (rule !== undefined && !known.has(rule)) {
      refuse('policy.invalid', `${file}: line ${line}: there is no rule ${rule}`);
    }
    all.push(await tested(`${file}: line ${line}`, { example, set, around }));
  }
  return all;
}

interface Trial {
  readonly example: Example;
  readonly set: PolicySet;
  readonly around: Surroundings;
}

async function tested(place: string, { example, set, around }: Trial): Promise<Tested> {
  const { capability, situation, expected, rule } = example;
  const request = ofFile(place, requestOf({ capability, told: situation }, around));
  ofFile(place, await checkedRequest(request));
  const verdict = set.decide(request);
  const mattered = rule === undefined || verdict.rules.some(({ id }) => id === rule);
  return { example, verdict, passed: verdict.kind === expected && mattered };
}

function lineOf(file: string, { example, verdict, passed }: Tested) {
  const { line, expected, rule, capability } = example;
  return {
    type: 'policy-example',
    ...{ file, line, capability, expected, rule: rule ?? null },
    ...{ found: verdict.kind, rules: verdict.rules, passed },
  };
}

export function failureText(file: string, { example, verdict }: Tested): string {
  const { line, expected, rule, capability } = example;
  const by = rule === undefined ? '' : ` by ${rule}`;
  const marks = verdict.rules.map(({ id, effect }) => `${id} (${effect})`);
  const why = marks.length === 0 ? 'no rule matched' : marks.join(', ');
  return visible(
    `${file}:${line}: ${capability}: expected ${expected}${by}, found ${verdict.kind}: ${why}`,
  );
}

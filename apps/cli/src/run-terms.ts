import { effects, type Contract } from '@chancery/kernel/contract';
import { type Amounts } from '@chancery/kernel/account';
import { type SandboxReport } from '@chancery/runtime/broker';
import { type Terms } from '@chancery/kernel/writ';
import { ownName } from './own-name.ts';
import { type Session } from './session.ts';
import { amountsText, instant } from './terminal/amounts.ts';
import { showFields, type Field } from './terminal/fields.ts';
import { visible } from './terminal/visible.ts';

/** What a run may spend when nothing else is said. */
const defaultBudget: Amounts = {
  tokens: 2_000_000,
  costMicrousd: 2_000_000,
  calls: 1_000,
  wallMs: 3_600_000,
  cpuMs: 14_400_000,
  bytesOut: 0,
};

/** How long a writ for a run is valid. */
const windowMs = 24 * 3_600_000;

/** Files whose change may change what happens to everybody: held for a human. */
export const defaultProtectedPaths: readonly string[] = [
  '.github/**',
  '.gitlab-ci.yml',
  '.gitattributes',
  '.gitmodules',
  '.npmrc',
  'CODEOWNERS',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'Cargo.lock',
  'go.sum',
  'poetry.lock',
  'uv.lock',
  '*.pem',
];

/**
 * Terms of a run's writ: all that is offered, looking and reversible writing, no delegation.
 * `unsafe`: commands run without a sandbox, whose effects are of every kind.
 */
export function termsOf(
  contracts: ReadonlyMap<string, Contract>,
  budget: Partial<Amounts>,
  nowMs: number,
  unsafe = false,
): Terms {
  return {
    grants: [...contracts.keys()].sort().map((capability) => ({ capability, where: [] })),
    effects: unsafe ? effects : ['pure', 'read', 'write'],
    budget: { ...defaultBudget, ...budget },
    window: { notBefore: nowMs, notAfter: nowMs + windowMs },
    delegation: { depth: 0, children: 0 },
  };
}

export interface ShownTerms {
  readonly task: string;
  readonly repository: string;
  readonly model: string;
  readonly terms: Terms;
  readonly gates: readonly string[];
  readonly protectedPaths: readonly string[];
  readonly sandbox: SandboxReport;
  readonly readable: readonly string[];
}

/** Tells a person, before anything happens, what the run may do. */
export function showTerms({ terminal, json, env }: Session, shown: ShownTerms): void {
  if (json) return;
  const { terms, gates, readable } = shown;
  const fields: Field[] = [
    ['Task', visible(shown.task)],
    ['Repository', visible(shown.repository)],
    ['Model', visible(shown.model)],
    ['May use', terms.grants.map(({ capability }) => capability).join(', ')],
    ['Effects', terms.effects.join(', ')],
    ['Budget', amountsText(terms.budget)],
    ['Until', instant(terms.window.notAfter)],
    [
      'Gates',
      gates.length === 0 ? 'none: nothing will prove the result' : gates.map(visible).join(' · '),
    ],
    ['Held', visible(shown.protectedPaths.join(', '))],
    ['Sandbox', sandboxText(shown.sandbox, ownName(env))],
  ];
  if (readable.length > 0) fields.push(['Readable', visible(readable.join(', '))]);
  showFields(terminal, fields);
  terminal.line();
}

function sandboxText(
  { provider, version, enforced, missing, unsafe }: SandboxReport,
  name: string,
): string {
  if (unsafe) return 'NONE: commands run as you, on your files and your network';
  const works = enforced.length > 0;
  return works
    ? `${provider} ${version}; not bounded: ${missing.join(', ')}`
    : `${provider} does not work here, so commands are refused; see ${name} doctor`;
}

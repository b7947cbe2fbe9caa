import { realpathSync } from 'node:fs';
import { effects, type Contract, type Effect } from '@chancery/kernel/contract';
import { fits, type Amounts } from '@chancery/kernel/account';
import type { SandboxReport } from '@chancery/runtime/broker';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { pricedBy, type RunPrice } from '@chancery/kernel/prices';
import type { Predicate, Terms } from '@chancery/kernel/writ';
import { bundleDigest } from '@chancery/kernel/policy';
import type { BranchPoint, OwnPolicy } from '@chancery/runtime/drive';
import { limitsText } from './command-limits.ts';
import { ownName } from '../own-name.ts';
import type { Session } from '../session.ts';
import { amountsText, instant, priceText } from '../terminal/amounts.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';

/** What a run may spend when nothing else is said. */
const defaultBudget: Omit<Amounts, 'cpuMs'> = {
  tokens: 2_000_000,
  costMicrousd: 2_000_000,
  calls: 1_000,
  wallMs: 3_600_000,
  bytesOut: 0,
};

/** Processors that a run may keep busy for all of its time. */
const processors = 4;

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

export interface Wishes {
  readonly budget: Partial<Amounts>;
  readonly nowMs: number;
  /** Commands run without a sandbox, whose effects are of every kind. */
  readonly unsafe?: boolean;
  /** Patterns of hosts that it may reach; without any it is granted none. */
  readonly hosts?: readonly string[];
}

/** What leaves the machine of itself: granted for the hosts that are named, and else not at all. */
const fetching = 'http.fetch';

/** What may name hosts: granted for those, and for what it does without any. */
const commands = 'shell.run';

/** Bytes that a run with hosts may send them when nothing else is said. */
const sentBytes = 10_000_000;

const usualEffects: readonly Effect[] = ['pure', 'read', 'write'];

/** What leaves the machine of what manifests declare, which are offered by name alone. */
function declaredEffects(contracts: Iterable<Contract>): ReadonlySet<Effect> {
  const found = new Set<Effect>();
  for (const { manifest, effect } of contracts) {
    if (manifest === undefined || usualEffects.includes(effect)) continue;
    found.add('external').add(effect);
  }
  return found;
}

/** Terms of a run's writ: all that is offered, looking and reversible writing, no delegation. */
export function termsOf(
  contracts: ReadonlyMap<string, Contract>,
  { budget, nowMs, unsafe = false, hosts = [] }: Wishes,
): Terms {
  const reaches = hosts.length > 0;
  const declared = declaredEffects(contracts.values());
  const leaves = reaches || declared.size > 0;
  const amounts = { ...defaultBudget, ...(leaves ? { bytesOut: sentBytes } : {}), ...budget };
  const values = [...new Set(hosts)].sort();
  return {
    grants: [...contracts.keys()]
      .filter((capability) => reaches || capability !== fetching)
      .sort()
      .map((capability) => ({
        capability,
        where: leaves ? conditionsOf(capability, values, unsafe) : [],
      })),
    effects: effects.filter(
      (effect) => unsafe || reaches || usualEffects.includes(effect) || declared.has(effect),
    ),
    budget: { cpuMs: amounts.wallMs * processors, ...amounts },
    window: { notBefore: nowMs, notAfter: nowMs + windowMs },
    delegation: { depth: 0, children: 0 },
  };
}

/** Of a run whose writ permits that something leaves the machine: for a command without hosts nothing does. */
function conditionsOf(
  capability: string,
  hosts: readonly string[],
  unsafe: boolean,
): readonly Predicate[] {
  if (capability === fetching) return [{ arg: 'url', op: 'host-in', values: hosts }];
  // Nothing holds a command without a sandbox to its hosts, and nothing could be told of them.
  return capability === commands && !unsafe ? [{ op: 'hosts-in', values: hosts }] : [];
}

/**
 * A budget to carve out of a standing writ: what is asked for, and of all else what is left there.
 * Refuses `budget.exhausted` where nothing is left that every run needs, or less than is asked for.
 */
export function budgetUnder(asked: Partial<Amounts>, left: Amounts): Result<Amounts> {
  const { wallMs } = asked;
  const cpuMs = wallMs === undefined ? left.cpuMs : Math.min(left.cpuMs, wallMs * processors);
  const budget = { ...left, cpuMs, ...asked };
  const none = needed.find((dimension) => budget[dimension] === 0);
  if (none !== undefined) {
    return refused('budget.exhausted', `the standing writ has no ${none} left`);
  }
  const over = fits(budget, left);
  if (over === undefined) return done(budget);
  const less = `the standing writ has ${left[over]} ${over} left, and ${budget[over]} is asked for`;
  return refused('budget.exhausted', less, {
    remedy: 'Ask for a smaller --budget, or use another writ; `chancery writ inspect` shows it.',
  });
}

/** Without these no run comes to anything; a model may cost nothing, and a command no time. */
const needed = ['tokens', 'calls', 'wallMs'] as const;

export interface ShownTerms {
  readonly task: string;
  /** What it goes on from. */
  readonly from: BranchPoint | undefined;
  /** The folder that was named. */
  readonly repository: string;
  /** The repository that it lies in. */
  readonly root: string;
  readonly model: string;
  readonly price: RunPrice;
  readonly terms: Terms;
  readonly gates: readonly string[];
  readonly protectedPaths: readonly string[];
  readonly sandbox: SandboxReport;
  readonly readable: readonly string[];
  readonly policies: readonly OwnPolicy[];
}

/**
 * Tells, before anything happens, what the run may do. A program has it all in `run.started`, but
 * for the folder that was named.
 */
export function showTerms({ terminal, json, env }: Session, shown: ShownTerms): void {
  const { terms, gates, readable, repository, root } = shown;
  const named = realpathSync(repository);
  if (json) {
    if (named !== root) terminal.json({ type: 'repository', named, root });
    return;
  }
  const fields: Field[] = [
    ['Task', visible(shown.task)],
    ['Repository', visible(root)],
    ...fromFields(shown.from),
    ...(named === root ? [] : [['', visible(`all of it, not ${named} alone`)] as const]),
    ['Model', visible(shown.model)],
    ...priceFields(shown.price),
    ['May use', terms.grants.map(({ capability }) => capability).join(', ')],
    ['Effects', terms.effects.join(', ')],
    ['Budget', amountsText(terms.budget)],
    ['Until', instant(terms.window.notAfter)],
    [
      'Gates',
      gates.length === 0 ? 'none: nothing will prove the result' : gates.map(visible).join(' · '),
    ],
    ['Held', visible(shown.protectedPaths.join(', '))],
    ...policyFields(shown),
    ['Sandbox', sandboxText(shown.sandbox, ownName(env))],
  ];
  if (readable.length > 0) fields.push(['Readable', visible(readable.join(', '))]);
  showFields(terminal, fields);
  terminal.line();
}

/** Policies of this run alone, those of the run that it goes on from first. */
function policyFields({ policies, from }: ShownTerms): readonly Field[] {
  const inherited =
    from === undefined ? [] : [...from.undone, from.started].flatMap((each) => each.policies ?? []);
  return [
    ...inherited.map(({ bundle }) => `${bundle.slice(0, 12)}, as the run that it goes on from`),
    ...policies.map(({ bundle }) => {
      return `${visible(bundle.name)} ${bundleDigest(bundle).slice(0, 12)}, for this run alone`;
    }),
  ].map((text): Field => ['Policy', text]);
}

function fromFields(from: BranchPoint | undefined): readonly Field[] {
  if (from === undefined) return [];
  const { source, seq } = from.branched;
  return [['From', `${source.slice('run:'.length)}, entry ${seq}`]];
}

function priceFields(price: RunPrice): readonly Field[] {
  const by = price.table === undefined ? '' : ` ${price.table.slice(0, 12)}`;
  const fields: Field[] = [['Price', `${priceText(price)} (${visible(price.source)}${by})`]];
  if (price.source !== pricedBy.fallback) return fields;
  return [
    ...fields,
    ['', 'the price of this model is not known: it pays what the table says of any'],
  ];
}

function sandboxText(
  { provider, version, enforced, missing, limits, unsafe }: SandboxReport,
  name: string,
): string {
  if (unsafe) return 'NONE: commands run as you, on your files and your network';
  const works = enforced.length > 0;
  return works
    ? `${provider} ${version}; limits: ${limitsText(limits)}; missing: ${missing.join(', ')}`
    : `${provider} does not work here, so commands are refused; see ${name} doctor`;
}

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyseLine, type Analysis, type Place } from '@chancery/adapters/capability-shell';
import { defaultBundle } from '@chancery/adapters/policy-cedar';
import { requestOf } from '@chancery/domain/policies';
import { compilePolicySet, type PolicySet } from '@chancery/kernel/policy';
import type { Danger } from './danger.ts';
import { dangerousLines } from './dangerous-lines.ts';
import { dangerousPrograms } from './dangerous-programs.ts';
import { everyday } from './everyday.ts';

/** Files that only humans change unasked, of those that a run has by default. */
const protectedPaths = ['.github/**', 'package-lock.json'];

let policy: PolicySet;

beforeAll(() => {
  const compiled = compilePolicySet([defaultBundle()]);
  if (!compiled.ok) throw new Error(compiled.refusal.message);
  policy = compiled.value;
});

const inside = (path: string): string => path.replace(/\/?\*\*$/, '');

function verdictOn(line: string, found: Analysis): string {
  const { programs, does, reads, writes } = found;
  const paths = writes.map(inside);
  const request = requestOf(
    { capability: 'shell.run', told: { command: line } },
    {
      contracts: new Map([
        ['shell.run', { version: '1', effect: 'write', risk: 'medium', roles: {} }],
      ]),
      commandOf: () => ({ programs, does, reads, writes, paths }),
      ...{ protectedPaths, nowMs: 0 },
    },
  );
  if (!request.ok) throw new Error(request.refusal.message);
  return policy.decide(request.value).kind;
}

interface Measured {
  readonly line: string;
  readonly found: Analysis;
  readonly verdict: string;
}

function measured(line: string, place?: Place): Measured {
  const found = analyseLine(line, place);
  return { line, found, verdict: verdictOn(line, found) };
}

/** Share that is understood and permitted; what is not is printed. */
function permitted(lines: readonly Measured[]): number {
  const others = lines.filter(({ verdict }) => verdict !== 'permit');
  for (const { line, found, verdict } of others) {
    console.info(`${verdict}: ${line} (${[...found.unclear, ...found.does].join('; ')})`);
  }
  return 1 - others.length / lines.length;
}

interface Package {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
}

function scriptsIn(file: string): readonly Measured[] {
  const url = new URL(file, import.meta.url);
  const { packages } = JSON.parse(readFileSync(url, 'utf8')) as { packages: readonly Package[] };
  expect(packages.length).toBe(200);
  return packages.flatMap(({ scripts }) => {
    const facts = { scripts: new Map(Object.entries(scripts)), installed: new Set<string>() };
    const factsOf: Place['factsOf'] = (folder) => (folder === '.' ? facts : undefined);
    return Object.entries(scripts)
      .filter(([name]) => /^(?:pre|post)?(?:test|build|lint)/.test(name))
      .map(([, line]) => measured(line, { folder: '.', factsOf }));
  });
}

describe('the default policy permits, and the analysis understands', () => {
  it.each([
    ['popular', 'popular-scripts.json'],
    ['installed', 'package-scripts.json'],
  ])('95 %% of the scripts by which 200 %s packages are tested, built and linted', (_, file) => {
    const lines = scriptsIn(file);
    expect(lines.length).toBeGreaterThan(900);
    expect(permitted(lines)).toBeGreaterThanOrEqual(0.95);
  });

  it('95 % of what developers type every day', () => {
    const lines = Object.values(everyday).flat();
    expect(new Set(lines).size).toBeGreaterThanOrEqual(300);
    expect(permitted([...new Set(lines)].map((line) => measured(line)))).toBeGreaterThanOrEqual(
      0.95,
    );
  });
});

const told: Readonly<Record<Danger, (found: Analysis) => boolean>> = {
  external: ({ does }) => does.includes('external'),
  irreversible: ({ does }) => does.includes('irreversible'),
  outside: ({ does }) => does.includes('outside'),
  unknown: ({ programs }) => programs.includes('unknown'),
  protected: ({ writes }) =>
    writes.some((path) => /^(?:\.github(?:\/.*)?|package-lock\.json)$/.test(inside(path))),
};

describe('what does more than it seems to is not permitted', () => {
  const all = Object.entries({ ...dangerousLines, ...dangerousPrograms }).flatMap(
    ([about, lines]) =>
      Object.entries(lines).map(([line, danger]) => [about, line, danger] as const),
  );

  it('of many', () => expect(all.length).toBeGreaterThanOrEqual(150));

  it.each(all)('%s: %j is told as %s', (_about, line, danger) => {
    const { found, verdict } = measured(line);
    expect({ verdict, told: told[danger](found) }).toEqual({
      verdict: verdict === 'permit' ? 'not permit' : verdict,
      told: true,
    });
  });
});

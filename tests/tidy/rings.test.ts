import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from './tree.ts';

/** Each file breaks the rules that are named beside it. A cycle is reported at its first file. */
const planted: readonly (readonly [file: string, text: string, ...rules: string[]])[] = [
  ['packages/kernel/src/ledger/index.ts', "export { a } from './inner.ts';"],
  ['packages/kernel/src/ledger/inner.ts', 'export const a = 1;'],
  ['packages/kernel/src/ledger/inner.test.ts', "import '@chancery/testkit/builders';"],
  ['packages/kernel/src/encoding/crypto.node.ts', "import 'node:crypto';"],
  ['packages/kernel/src/encoding/hash.ts', "import '#crypto';"],
  ['packages/kernel/src/writ/clock.ts', "import 'node:os';", 'pure-rings-touch-no-node'],
  [
    'packages/kernel/src/writ/lodash.ts',
    "import 'foreign';",
    'pure-rings-have-no-dependency',
    'no-development-dependency-in-what-ships',
  ],
  ['packages/kernel/src/writ/outward.ts', "import '@chancery/domain/work';", 'ring-kernel'],
  ['packages/kernel/src/writ/deep.ts', "import '../ledger/inner.ts';", 'rooms-have-one-door'],
  ['packages/kernel/src/writ/neighbour.ts', "import '../ledger/index.ts';"],
  ['packages/kernel/src/writ/gone.ts', "import './nowhere.ts';", 'everything-resolves'],
  [
    'packages/kernel/src/writ/round-a.ts',
    "import type { B } from './round-b.ts';\nexport type A = B;",
    'no-cycle',
  ],
  [
    'packages/kernel/src/writ/round-b.ts',
    "import type { A } from './round-a.ts';\nexport type B = A;",
  ],
  ['packages/kernel/src/routing/index.ts', 'export const choice = 1;'],
  ['packages/kernel/src/replay/routing.ts', "import '../routing/index.ts';"],
  [
    'packages/kernel/src/policy/routing.ts',
    "import '../routing/index.ts';",
    'what-decides-reads-no-routing',
  ],
  [
    'packages/domain/src/approvals/routing.ts',
    "import '@chancery/kernel/routing';",
    'what-decides-reads-no-routing',
  ],
  ['packages/domain/src/work/index.ts', "import '@chancery/kernel/ledger';"],
  ['packages/domain/src/work/up.ts', "import '@chancery/runtime/broker';", 'ring-domain'],
  ['packages/runtime/src/broker/index.ts', "import '@chancery/kernel/ledger';"],
  ['packages/runtime/src/broker/up.ts', "import '@chancery/adapters/keys';", 'ring-runtime'],
  [
    'packages/runtime/src/broker/kit.ts',
    "import '@chancery/testkit/builders';",
    'ring-runtime',
    'testkit-never-ships',
  ],
  ['packages/adapters/src/keys/index.ts', "import '@chancery/kernel/ledger';"],
  ['packages/adapters/src/vault/index.ts', "import '../keys/index.ts';", 'adapters-do-not-meet'],
  ['packages/testkit/src/builders/index.ts', "import '@chancery/runtime/broker';"],
  ['apps/cli/src/compose/keys.ts', "import '@chancery/adapters/keys';"],
  ['apps/cli/src/main.ts', "import './compose/keys.ts';"],
  ['apps/cli/src/run.ts', "import '@chancery/adapters/keys';", 'only-compose-names-adapters'],
  [
    'apps/cli/src/peek.ts',
    "import '../../../packages/kernel/src/ledger/inner.ts';",
    'rooms-have-one-door-for-all',
  ],
  ['apps/other/src/main.ts', "import '../../cli/src/main.ts';", 'apps-do-not-meet'],
];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

describe('the ring rules', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'chancery-rings-'));
  let violations: readonly Violation[] = [];

  beforeAll(async () => {
    plantPackages(folder);
    for (const [file, text] of planted) write(path.join(folder, file), text);
    violations = await cruise(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(planted)('judge %s: %s', (file, _text, ...rules) => {
    const broken = violations.filter(({ from }) => from === file).map((each) => each.rule.name);
    expect(broken.sort()).toEqual(rules.sort());
  });
});

function plantPackages(folder: string): void {
  const linked = path.join(folder, 'node_modules/@chancery');
  mkdirSync(linked, { recursive: true });
  for (const name of ['kernel', 'domain', 'runtime', 'adapters', 'testkit']) {
    const manifest = {
      name: `@chancery/${name}`,
      type: 'module',
      exports: { './*': './src/*/index.ts' },
      imports: { '#crypto': { node: './src/encoding/crypto.node.ts' } },
    };
    write(path.join(folder, 'packages', name, 'package.json'), JSON.stringify(manifest));
    symlinkSync(path.join(folder, 'packages', name), path.join(linked, name));
  }
  write(path.join(folder, 'node_modules/foreign/index.js'), 'export {};');
  write(path.join(folder, 'tsconfig.json'), '{}');
  symlinkSync(
    path.join(root, 'node_modules/typescript'),
    path.join(folder, 'node_modules/typescript'),
  );
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function cruise(folder: string): Promise<readonly Violation[]> {
  const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = `--config=${path.join(root, '.dependency-cruiser.mjs')}`;
  const args = [program, config, '--output-type=json', 'packages', 'apps'];
  const printed = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (_error, stdout) => resolve(stdout));
  });
  const report = JSON.parse(printed) as { summary: { violations: readonly Violation[] } };
  return report.summary.violations;
}

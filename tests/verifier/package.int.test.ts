import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, runIn, type Built } from './built.ts';

let built: Built;
/** The project of a stranger, who has installed the packed kernel and nothing else. */
let project: string;

beforeAll(async () => {
  built = await build();
  project = path.join(built.folder, 'project');
  mkdirSync(project);
  const npm = (...args: readonly string[]): string =>
    execFileSync('npm', args, {
      cwd: project,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  writeFileSync(path.join(project, 'package.json'), '{"name":"stranger","type":"module"}');
  const packed = npm('pack', built.kernel, '--silent').trim();
  npm('install', `./${packed}`, '--offline', '--no-audit', '--no-fund');
});

afterAll(() => built.remove());

it('the packed kernel brings no other package', () => {
  const lock = readFileSync(path.join(project, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock) as { readonly packages: object };
  expect(Object.keys(packages)).toEqual(['', 'node_modules/@chancery/kernel']);
});

it('every entrance of it loads in plain Node, and finds its cryptography', async () => {
  const manifest = readFileSync(path.join(built.kernel, 'package.json'), 'utf8');
  const { exports } = JSON.parse(manifest) as { readonly exports: object };
  const doors = Object.keys(exports).map((door) => door.replace('./', '@chancery/kernel/'));
  const program = [
    ...doors.map((door) => `if (Object.keys(await import('${door}')).length === 0) throw 1;`),
    "const { leafDigest } = await import('@chancery/kernel/encoding');",
    "console.log(leafDigest(''));",
  ];
  writeFileSync(path.join(project, 'load.mjs'), program.join('\n'));
  expect(await runIn(project, 'load.mjs', [])).toEqual({
    exit: 0,
    // RFC 6962: the hash of the empty leaf.
    stdout: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d\n',
    stderr: '',
  });
});

it('its command is the verifier', async () => {
  const command = path.join(project, 'node_modules/.bin/chancery-verify');
  const { exit, stdout } = await runIn(project, command, ['--help']);
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^Usage: chancery-verify /);
});

it('its types are those of the sources', () => {
  writeFileSync(
    path.join(project, 'use.ts'),
    [
      "import { LedgerAudit, type Verdict } from '@chancery/kernel/audit';",
      "const audit = new LedgerAudit({ ledger: '', witnesses: [], quorum: 0 });",
      'export const verdict: Verdict = audit.finish();',
      'export const wrong: number = audit.finish().ok;',
    ].join('\n'),
  );
  const compiler = path.resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
  const flags = '--strict --noEmit --module nodenext --target es2024 --pretty false'.split(' ');
  let said = '';
  try {
    execFileSync(process.execPath, [compiler, ...flags, 'use.ts'], { cwd: project, stdio: 'pipe' });
  } catch (error) {
    said = String((error as { stdout?: Buffer }).stdout);
  }
  expect(said.trim().split('\n')).toEqual([
    "use.ts(4,14): error TS2322: Type 'boolean' is not assignable to type 'number'.",
  ]);
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;
const level = ['--level', 'repository'];

function file(text: string, name = 'team.cedar'): string {
  const path = join(stand.folder, name);
  writeFileSync(path, text);
  return path;
}

const all = '@id("all") permit (principal, action, resource);';
const noWriting = `${all}
@id("no-writing") forbid (principal, action, resource == Capability::"fs.write");`;

const write = (path: string) => ({
  calls: [{ name: 'fs.write', args: { path, text: 'new\n' } }],
});

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
  const model = stand.script(write('b.txt'), write('c.txt'), { say: 'done' });
  for (const task of ['first', 'second']) {
    const ran = await stand.run(['run', task, '--repo', stand.repo, '--model', model]);
    if (ran.exit !== 0) throw new Error(ran.stderr + ran.stdout);
  }
}, 300_000);

afterAll(() => stand.remove());

describe('policy simulate', () => {
  it('decides all the same with what is active', async () => {
    const { stdout: text } = await stand.run(['policy', 'show', 'default']);
    const { exit, lines } = await stand.json(['policy', 'simulate', file(text, 'default.cedar')]);
    expect(exit).toBe(0);
    expect(lines).toMatchObject([
      { decisions: 4, runs: 2, same: 4, otherRules: 0, flipped: 0, unreproduced: 0, diverged: 0 },
    ]);
  });

  it('tells what flips and what came after, the same on any number of threads', async () => {
    const path = file(noWriting);
    const words = ['policy', 'simulate', path, ...level, '--fail-on-flips'];
    const [one, two] = [
      await stand.json([...words, '--jobs', '1']),
      await stand.json([...words, '--jobs', '2', '--over', 'ledger']),
    ];
    expect(two).toEqual(one);
    expect(one.exit).toBe(1);
    expect(one.lines).toMatchObject([
      {
        ...{ from: 'permit', to: 'deny', capability: 'fs.write', count: 2, runs: 2 },
        ...{ before: ['tenant/permit-workspace-changes'], after: ['repository/no-writing'] },
      },
      { decisions: 4, runs: 2, flippedRuns: 2, flipped: 2, diverged: 2, same: 0 },
    ]);
    const { explain } = one.lines[0]?.['first'] as { readonly explain: string };
    const [, ...explaining] = explain.split(' ');
    const { lines } = await stand.json(explaining);
    expect(lines).toMatchObject([
      {
        ...{ capability: 'fs.write', verdict: 'permit' },
        recorded: { verdict: 'permit', reproduced: true, holds: [] },
      },
    ]);
    const tried = await stand.json([...explaining, '--file', path, ...level]);
    expect(tried.lines).toMatchObject([{ verdict: 'deny', recorded: { verdict: 'permit' } }]);
  });

  it('goes through an export as through the ledger, and tells nothing of a damaged one', async () => {
    const exported = join(stand.folder, 'ledger.chancery');
    await stand.run(['checkpoint']);
    await stand.run(['export', '--to', exported]);
    const page = join(stand.folder, 'report.html');
    const words = ['policy', 'simulate', file(noWriting), ...level, '--over', exported];
    const { exit, lines } = await stand.json([...words, '--html', page]);
    expect(exit).toBe(0);
    expect(lines).toMatchObject([
      { count: 2, runs: 2, first: { over: exported, explain: null } },
      { over: [exported], decisions: 4, flipped: 2, diverged: 2 },
    ]);
    expect(readFileSync(page, 'utf8')).toContain('<th scope="row">permit → deny</th>');
    const text = readFileSync(exported, 'utf8');
    writeFileSync(exported, text.replace('no longer', 'no-longer').replace('b.txt', 'x.txt'));
    const other = join(stand.folder, 'none.html');
    const damaged = await stand.json([...words, '--html', other]);
    expect(damaged.lines).toMatchObject([{ type: 'error', code: 'export.invalid' }]);
    expect([damaged.exit, existsSync(other)]).toEqual([7, false]);
  });

  it.each([
    ['no policy', [], 'usage.invalid'],
    ['a policy that does not check', ['wrong.cedar'], 'policy.invalid'],
    ['a policy whose ids are taken', ['taken.cedar', '--name', 'other'], 'policy.invalid'],
    ['a run that there is not', ['team.cedar', '--over', 'nope'], 'run.unknown'],
    ['a time that is none', ['team.cedar', '--since', 'yesterday'], 'usage.invalid'],
    ['no threads', ['team.cedar', '--jobs', '0'], 'usage.invalid'],
    ['a policy that is not active', ['--without', 'nope'], 'usage.invalid'],
  ])('refuses %s', async (_, words, code) => {
    file(noWriting);
    file('permit (', 'wrong.cedar');
    file('@id("permit-reading") permit (principal, action, resource);', 'taken.cedar');
    const { lines } = await stand.json(['policy', 'simulate', ...words]);
    expect(lines).toMatchObject([{ type: 'error', code }]);
  });
});

describe('policy explain --action', () => {
  it.each(['nope@1', 'feedfeed', 'not a name'])(
    'refuses %j, which is not recorded',
    async (name) => {
      const { exit, lines } = await stand.json(['policy', 'explain', '--action', name]);
      expect([exit, lines[0]?.type]).toEqual([2, 'error']);
    },
  );
});

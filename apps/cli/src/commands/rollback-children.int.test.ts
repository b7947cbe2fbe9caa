import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeGithub, type FakeGithub } from '@chancery/testkit/fake-services';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Stand, type JsonLine, type Turn } from '../cli-fixture.ts';

const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const pullRequest = 'github.pull-request';

let stand: Stand;
let github: FakeGithub;

beforeAll(async () => {
  github = await startFakeGithub(token);
  stand = new Stand();
  stand.makeRepo({ 'a.txt': 'hello\n' });
  await stand.init();
  await stand.run(['vault', 'init']);
  const { host } = new URL(github.base);
  expect((await stand.run(['vault', 'set', 'github', '--host', host], {}, token)).exit).toBe(0);
  const file = join(stand.folder, 'manifest.json');
  expect((await stand.run(['capability', 'new', file, '--like', pullRequest])).exit).toBe(0);
  const text = readFileSync(file, 'utf8').replaceAll('https://api.github.com', github.base);
  writeFileSync(file, text);
  expect((await stand.run(['capability', 'declare', file])).exit).toBe(0);
});

afterEach(async () => {
  const { exit, stdout, stderr } = await stand.run(['verify']);
  expect({ exit, stdout, stderr }).toEqual({
    exit: 0,
    stdout: expect.anything() as unknown,
    stderr: '',
  });
});

afterAll(async () => {
  await github.stop();
  stand.remove();
});

type Turns = readonly Turn[];

const write = (path: string, text: string) => ({
  calls: [{ name: 'fs.write', args: { path, text } }],
});
const savepoint = (name: string) => ({ calls: [{ name: 'savepoint', args: { name } }] });
const open = (head: string) => {
  const what = { owner: 'ours', repo: 'shop', title: head, head, base: 'main', body: 'As asked.' };
  const args = { ...what, secrets: ['authorization=vault:github'] };
  return { calls: [{ name: pullRequest, args }] };
};
const done = { say: 'Done.' };

const resultsOf = (lines: readonly JsonLine[]): readonly JsonLine[] =>
  lines.filter(({ type }) => type === 'result');
const runIn = (lines: readonly JsonLine[]): string => String(resultsOf(lines).at(-1)?.['run']);
/** The run that the last of the next commands is about. */
const nextIn = (lines: readonly JsonLine[]): string =>
  String((resultsOf(lines).at(-1)?.['next'] as readonly string[]).at(-1)).replace(
    /^.* resume /,
    '',
  );

/** Approves what is held until the run has ended. */
async function approved(run: string): Promise<void> {
  for (;;) {
    expect((await stand.run(['approve', run, '--yes'])).exit).toBe(0);
    const { exit } = await stand.json(['resume', run, '--no-wait']);
    if (exit === 0) return;
    expect(exit).toBe(4);
  }
}

async function ended(words: readonly string[], turns: Turns): Promise<string> {
  const model = stand.script(...turns, done);
  const flags = ['--model', model, '--allow-capability', pullRequest, '--no-wait'];
  const { exit, lines } = await stand.json([...words, ...flags]);
  if (exit === 4) await approved(runIn(lines));
  else expect(exit).toBe(0);
  return runIn(lines);
}

const parentOf = (...turns: Turns): Promise<string> =>
  ended(['run', 'Begin', '--repo', stand.repo, '--unlock-vault'], turns);
const childOf = (run: string, ...turns: Turns): Promise<string> =>
  ended(['branch', run, 'Go on', '--unlock-vault'], turns);

interface Entry {
  readonly seq: number;
  readonly kind: string;
}

/** Seq of the entry by which a run has set its savepoint. */
async function savepointOf(run: string): Promise<string> {
  const { lines } = await stand.json(['show', run]);
  const entries = lines.flatMap(({ entry }) => (entry === undefined ? [] : [entry as Entry]));
  const set = entries.find((entry) => JSON.stringify(entry).includes('"key":"savepoint:'));
  return String(set?.seq);
}

const back = (run: string, to: string, ...flags: readonly string[]) =>
  stand.json(['rollback', run, '--to', to, '--no-wait', ...flags]);

describe('a rollback with the runs that go on from what it undoes', () => {
  it('undoes them first, the last first, and those only that go on from it', async () => {
    const parent = await parentOf(write('a.txt', 'one\n'), savepoint('one'), write('b.txt', 'b\n'));
    const at = await savepointOf(parent);
    const early = await ended(['branch', parent, 'Early', '--at', at], [write('e.txt', 'e\n')]);
    const child = await childOf(parent, write('c.txt', 'c\n'));
    const grandchild = await childOf(child, write('d.txt', 'd\n'));
    const sibling = await childOf(parent, write('s.txt', 's\n'));
    const all = [sibling, grandchild, child, parent];
    const alone = await stand.run(['rollback', parent, '--to', 'savepoint:one', '--dry-run']);
    expect(alone.stdout).toContain(`stays: ${all.slice(0, -1).join(', ')}: goes on from`);
    expect(alone.stdout).not.toContain(early);
    const { exit, lines } = await back(parent, 'savepoint:one', '--with-children', '--yes');
    expect(exit).toBe(0);
    expect(lines.slice(0, all.length)).toMatchObject(
      all.map((run) => ({ type: 'rollback', run, steps: [{ capability: 'fs.restore' }] })),
    );
    expect(lines[all.length - 1]?.['children']).toEqual(all.slice(0, -1));
    expect(resultsOf(lines)).toMatchObject(
      all.map((run) => ({
        task: expect.stringContaining(`the run ${run} did`) as unknown,
        status: { outcome: 'succeeded' },
      })),
    );
  });

  it('goes on after each human word, and with none before those that come first', async () => {
    const before = github.pulls.length;
    const states = (): readonly string[] => github.pulls.slice(before).map(({ state }) => state);
    const parent = await parentOf(open('parent'));
    await childOf(parent, open('child'));
    const begun = await back(parent, 'start', '--with-children', '--yes');
    expect(begun.exit).toBe(4);
    const [first, second] = [runIn(begun.lines), nextIn(begun.lines)];
    const early = await stand.json(['resume', second]);
    expect({ exit: early.exit, line: early.lines.at(-1) }).toMatchObject({
      exit: 8,
      line: { code: 'run.unfinished' },
    });
    expect((await stand.run(['deny', first, '--yes'])).exit).toBe(0);
    expect((await stand.json(['resume', first])).exit).toBe(1);
    expect(resultsOf((await stand.json(['resume', second])).lines)).toMatchObject([
      {
        status: {
          outcome: 'failed',
          reason: `the rollback ${first}, which comes first, has not succeeded`,
        },
        commits: 0,
      },
    ]);
    expect(states()).toEqual(['open', 'open']);
    const again = await back(parent, 'start', '--with-children', '--yes');
    await approved(runIn(again.lines));
    expect(states()).toEqual(['open', 'closed']);
    expect((await stand.json(['resume', nextIn(again.lines), '--no-wait'])).exit).toBe(4);
    await approved(nextIn(again.lines));
    expect(states()).toEqual(['closed', 'closed']);
  });
});

it('a branch goes back to a savepoint of the run that it goes on from', async () => {
  const before = github.pulls.length;
  const changed = write('a.txt', 'three\n');
  const parent = await parentOf(changed, savepoint('three'), write('a.txt', 'four\n'), open('x'));
  const child = await childOf(parent, write('f.txt', 'f\n'));
  const grandchild = await childOf(child, write('g.txt', 'g\n'));
  const refused = await back(grandchild, 'savepoint:three', '--yes');
  expect([refused.exit, ...refused.lines]).toMatchObject([
    3,
    {
      type: 'rollback',
      lasting: [],
      inherited: [{ run: parent, capability: `${pullRequest}.undo` }],
    },
    { code: 'rollback.lasting' },
  ]);
  const words = ['--yes', '--leave-lasting', '--apply'];
  const { exit, lines } = await back(grandchild, 'savepoint:three', ...words);
  expect(exit).toBe(0);
  expect(JSON.stringify(lines)).toContain('"toSavepoint":"three"');
  expect(readFileSync(join(stand.repo, 'a.txt'), 'utf8')).toBe('three\n');
  expect(existsSync(join(stand.repo, 'f.txt'))).toBe(false);
  expect(github.pulls.slice(before).map(({ state }) => state)).toEqual(['open']);
  const nowhere = await back(grandchild, 'savepoint:never', '--yes');
  expect(nowhere.lines.at(-1)?.['code']).toBe('usage.invalid');
});

it('takes no step of any run where one of them would be refused', async () => {
  const before = github.pulls.length;
  const parent = await parentOf(write('a.txt', 'five\n'));
  await childOf(parent, open('stays'));
  const file = join(stand.folder, 'stay.cedar');
  const rule =
    '@id("no-way-back")\nforbid (principal, action, resource == Capability::"fs.restore");';
  writeFileSync(file, `@id("all")\npermit (principal, action, resource);\n\n${rule}\n`);
  const words = ['policy', 'activate', file, '--level', 'organisation', '--yes'];
  expect((await stand.run(words)).exit).toBe(0);
  const { exit, lines } = await back(parent, 'start', '--with-children', '--yes');
  expect(exit).toBe(1);
  expect(resultsOf(lines)).toMatchObject([
    {
      status: {
        reason: expect.stringMatching(/^step 1 \(fs\.restore\) would be refused/) as unknown,
      },
    },
  ]);
  expect(github.pulls.slice(before)).toMatchObject([{ state: 'open' }]);
  const { lines: left } = await stand.json(['runs']);
  expect(left.filter(({ status }) => (status as { phase: string }).phase !== 'finished')).toEqual(
    [],
  );
  expect((await stand.json(['inbox'])).lines).toEqual([]);
});

import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLeft } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  await stand.init();
});

afterEach(() => {
  stand.remove();
});

/** A line that tells why not. */
interface Refusal {
  readonly code?: string;
  readonly message?: string;
  readonly remedy?: string;
}

const reading = { calls: [{ name: 'fs.list', args: { path: '.' } }] };

async function run(repo: string, ...flags: readonly string[]): Promise<JsonLeft> {
  const model = stand.script(reading, { say: 'Done.' });
  return stand.json(['run', 'Look', '--repo', repo, '--model', model, ...flags]);
}

/** Refused, and nothing is left of it: no run, no worktree, no branch. */
async function expectRefused(repo: string, code: string, exit = 2): Promise<void> {
  const left = await run(repo);
  expect(left.lines.map((line) => line['code'])).toEqual([code]);
  expect(left.exit).toBe(exit);
  expect(left.lines[0]?.['remedy']).toMatch(/\w/);
  expect((await stand.json(['runs'])).lines).toEqual([]);
  const worktrees = join(stand.home, 'worktrees');
  const kept = readdirSync(stand.home).includes('worktrees') ? readdirSync(worktrees) : [];
  expect(kept).toEqual([]);
}

describe('a run is refused', () => {
  it('for a repository that is not there', async () => {
    await expectRefused(join(stand.folder, 'nowhere'), 'repo.missing');
  });

  it('for a folder that is no repository', async () => {
    await expectRefused(stand.folder, 'repo.not-git');
  });

  it('for a bare repository, of which a checkout can be made', async () => {
    stand.makeRepo();
    const bare = join(stand.folder, "the team's.git");
    execFileSync('git', ['clone', '-q', '--bare', stand.repo, bare]);
    await expectRefused(bare, 'repo.not-git');
    const remedy = String((await run(bare)).lines[0]?.['remedy']);
    const command = /`(git clone .*) CHECKOUT`/.exec(remedy)?.[1] ?? '';
    execFileSync('sh', ['-c', `${command} checkout`], { cwd: stand.folder, stdio: 'ignore' });
    expect((await run(join(stand.folder, 'checkout'))).exit).toBe(0);
  });

  it('for a repository at a path that git cannot name in one line', async () => {
    const repo = join(stand.folder, 'two\nlines');
    execFileSync('git', ['init', '-q', repo]);
    await expectRefused(repo, 'repo.unreadable');
  });

  it('for a repository without a commit', async () => {
    mkdirSync(stand.repo);
    stand.git('init', '-q');
    await expectRefused(stand.repo, 'repo.no-commits');
  });

  it('for a checkout with changes, unless they may be left behind', async () => {
    stand.makeRepo();
    stand.writeFiles({ 'a.txt': 'changed\n' });
    await expectRefused(stand.repo, 'repo.dirty');
    expect((await run(stand.repo, '--allow-dirty')).exit).toBe(0);
    expect(stand.git('status', '--porcelain')).toBe('M a.txt');
  });

  it('for a repository inside the repository', async () => {
    stand.makeRepo();
    execFileSync('git', ['init', '-q', join(stand.repo, 'inner')]);
    stand.writeFiles({ 'inner/b.txt': 'b\n' });
    await expectRefused(stand.repo, 'repo.nested');
  });
});

describe('a run that is refused for its repository', () => {
  it('has told nothing of what it may do', async () => {
    stand.makeRepo();
    stand.writeFiles({ 'a.txt': 'changed\n' });
    const model = stand.script(reading, { say: 'Done.' });
    const words = ['run', 'Look', '--repo', stand.repo, '--model', model];
    const refused = await stand.run(words);
    expect({ exit: refused.exit, stdout: refused.stdout }).toEqual({ exit: 2, stdout: '' });
    expect(refused.stderr).toContain('repo.dirty');
    const { stdout } = await stand.run([...words, '--allow-dirty']);
    const [told, result] = ['Budget', 'Result'].map((field) => stdout.indexOf(field));
    expect(told).toBeGreaterThan(-1);
    expect(result).toBeGreaterThan(Number(told));
    expect(stdout.slice(0, told)).not.toContain('fs.list .');
  });
});

describe('a run goes on', () => {
  it('with a huge and a binary file, byte for byte', async () => {
    stand.makeRepo();
    writeFileSync(join(stand.repo, 'huge.bin'), '');
    truncateSync(join(stand.repo, 'huge.bin'), 30_000_000);
    writeFileSync(join(stand.repo, 'some.bin'), Buffer.from([0, 255, 13, 10, 128]));
    stand.git('add', '-A');
    stand.git('commit', '-q', '-m', 'large');
    const write = { calls: [{ name: 'fs.write', args: { path: 'b.txt', text: 'b\n' } }] };
    const model = stand.script(write, { say: 'Done.' });
    const { exit, lines } = await stand.json([
      'run',
      'Look',
      '--repo',
      stand.repo,
      '--model',
      model,
    ]);
    expect(exit).toBe(0);
    const branch = String(lines.at(-1)?.['branch']);
    expect(stand.git('diff', '--name-status', 'HEAD', branch)).toBe('A\tb.txt');
  });

  it('with a folder that nobody may write, as far as it only looks', async () => {
    stand.makeRepo({ 'a.txt': 'hello\n', 'fixed/b.txt': 'b\n' });
    execFileSync('chmod', ['555', join(stand.repo, 'fixed')]);
    const { exit } = await run(stand.repo);
    execFileSync('chmod', ['755', join(stand.repo, 'fixed')]);
    expect(exit).toBe(0);
  });
});

describe('a name that is not UTF-8', () => {
  it('is refused, and the run leaves nothing behind', async () => {
    stand.makeRepo();
    const name = Buffer.concat([Buffer.from(`${stand.repo}/`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(name, 'x');
    stand.git('add', '-A');
    stand.git('commit', '-q', '-m', 'odd');
    await expectRefused(stand.repo, 'workspace.unsupported');
  });

  it('that a command makes ends the action, and is put away again', async () => {
    stand.makeRepo();
    const command = 'printf x > "./$(printf \'odd\\377\')"';
    const make = { calls: [{ name: 'shell.run', args: { command } }] };
    const model = stand.script(make, { say: 'Done.' });
    const { exit, lines } = await stand.json([
      'run',
      'Make',
      '--repo',
      stand.repo,
      '--model',
      model,
    ]);
    expect({ exit, failures: lines.at(-1)?.['failures'] }).toEqual({ exit: 0, failures: 1 });
  });
});

describe('a repository that was moved after a run', () => {
  const moved = (): string => join(stand.folder, 'moved');
  const write = { name: 'fs.write', args: { path: 'b.txt', text: 'b\n' } };

  /** What a command is refused with while the repository is elsewhere, and its place another folder. */
  async function whileMoved(words: readonly string[]) {
    renameSync(stand.repo, moved());
    mkdirSync(stand.repo);
    const { exit, lines } = await stand.json(words);
    const [{ code = '', message = '', remedy = '' } = {}] = lines as readonly Refusal[];
    return { refused: [exit, code, message], remedy, lines };
  }

  function back(): void {
    rmdirSync(stand.repo);
    renameSync(moved(), stand.repo);
  }

  const gone = () => [
    2,
    'repo.missing',
    `the repository of the run is not at ${stand.repo} any more`,
  ];

  it('takes the result by a merge where it is, or by apply when it is back', async () => {
    stand.makeRepo();
    const model = stand.script({ calls: [write] }, { say: 'Done.' });
    const done = await stand.json(['run', 'Add', '--repo', stand.repo, '--model', model]);
    const id = String(done.lines.at(-1)?.['run']);
    // A repository around its place is not it.
    execFileSync('git', ['init', '-q', stand.folder]);
    const { refused, remedy } = await whileMoved(['apply', id]);
    expect(refused).toEqual(gone());
    const merge = /^Move it back to \S+ and say this again, or .*: `(git merge [0-9a-f]{40})`\.$/;
    execFileSync('sh', ['-c', merge.exec(remedy)?.[1] ?? 'false'], { cwd: moved() });
    expect(readdirSync(moved())).toContain('b.txt');
    // What the home has kept of it needs no repository.
    const folder = join(stand.folder, 'then');
    expect((await stand.json(['world', id, '--checkout', folder])).exit).toBe(0);
    expect(readdirSync(folder)).toContain('b.txt');
    expect((await stand.json(['diff', `${id}@1`, id])).lines[0]?.['files']).toEqual([
      { path: 'b.txt', change: 'added' },
    ]);
    back();
    stand.git('reset', '-q', '--hard', 'HEAD~1');
    expect((await stand.json(['apply', id])).exit).toBe(0);
    expect(readdirSync(stand.repo)).toContain('b.txt');
  });

  it('is to be moved back before its run goes on, or another goes on from it', async () => {
    stand.makeRepo({ CODEOWNERS: 'a\n' });
    const held = { name: 'fs.write', args: { path: 'CODEOWNERS', text: 'b\n' } };
    const model = stand.script({ calls: [held] }, { say: 'Done.' });
    const waiting = await stand.json(['run', 'Own', '--repo', stand.repo, '--model', model]);
    const id = String(waiting.lines.at(-1)?.['run']);
    const ways = [
      ['resume', id],
      ['branch', id, 'Again', '--model', model],
    ];
    for (const words of ways) {
      const { refused, remedy } = await whileMoved(words);
      expect([refused, remedy]).toEqual([
        gone(),
        `Move it back to ${stand.repo} and say this again.`,
      ]);
      back();
      expect((await stand.json(words)).exit).toBe(4);
    }
  });

  it('has no snapshots where the home has lost them, and their folder is named', async () => {
    stand.makeRepo();
    const left = await run(stand.repo);
    const id = String(left.lines.at(-1)?.['run']);
    rmSync(join(stand.home, 'snapshots'), { recursive: true });
    const { exit, lines } = await stand.json(['world', id, '--checkout', moved()]);
    expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 2, code: 'repo.missing' });
    expect(lines[0]?.['remedy']).toContain(`Restore ${join(stand.home, 'snapshots')}/`);
  });
});

describe('a repository that no commit can be made in any more', () => {
  const write = (path: string) => ({ name: 'fs.write', args: { path, text: 'b\n' } });

  /** A run that has written a file and was then approved to go on. */
  async function approved(): Promise<string> {
    stand.makeRepo({ CODEOWNERS: 'a\n' });
    const model = stand.script({ calls: [write('b.txt'), write('CODEOWNERS')] }, { say: 'Done.' });
    const words = ['run', 'Own', '--repo', stand.repo, '--model', model, '--no-wait'];
    const id = String((await stand.json(words)).lines.at(-1)?.['run']);
    await stand.run(['approve', id, '--yes']);
    return id;
  }

  const cancelled = (reason: string) => ({
    exit: 0,
    lines: [{ status: { outcome: 'cancelled', commit: null, reason } }],
  });

  it('since it was made anew at its place, refuses its run, which can be cancelled', async () => {
    const id = await approved();
    rmSync(stand.repo, { recursive: true });
    stand.makeRepo({ 'other.txt': 'other\n' });
    const { exit, lines } = await stand.json(['resume', id]);
    const [{ code = '', remedy = '' } = {}] = lines as readonly Refusal[];
    expect([exit, code]).toEqual([2, 'repo.missing']);
    expect(remedy).toContain(`\`chancery cancel ${id}\``);
    expect(await stand.json(['cancel', id])).toMatchObject(
      cancelled(expect.stringContaining('is not that of the run') as string),
    );
    expect((await stand.json(['verify'])).exit).toBe(0);
  });

  it('since objects are gone, refuses the result, and cancels without one', async () => {
    const id = await approved();
    const tree = stand.git('rev-parse', 'HEAD^{tree}');
    rmSync(join(stand.repo, '.git/objects', tree.slice(0, 2), tree.slice(2)));
    const { exit, lines } = await stand.json(['resume', id]);
    const { code, remedy } = (lines.at(-1) ?? {}) as Refusal;
    expect([exit, code]).toEqual([2, 'repo.unreadable']);
    expect(remedy).toContain('`git fetch --refetch --no-filter`');
    expect(await stand.json(['cancel', id])).toMatchObject(
      cancelled(expect.stringContaining('; no commit could be made: ') as string),
    );
    expect((await stand.json(['verify'])).exit).toBe(0);
  });
});

it('a repository that does not let go of what was left in it holds up no other run', async () => {
  stand.makeRepo();
  const state = join(stand.home, 'worktrees/.left');
  mkdirSync(state, { recursive: true });
  const baseCommit = stand.git('rev-parse', 'HEAD');
  const origin = { repository: stand.repo, baseCommit, baseBranch: 'main' };
  writeFileSync(join(state, 'origin.json'), JSON.stringify(origin));
  stand.git('branch', 'chancery/left');
  const lock = join(stand.repo, '.git/refs/heads/chancery/left.lock');
  writeFileSync(lock, '');
  expect((await run(stand.repo)).exit).toBe(0);
  expect(readdirSync(join(stand.home, 'worktrees'))).toEqual(['.left']);
  rmSync(lock);
  expect((await run(stand.repo)).exit).toBe(0);
  expect(readdirSync(join(stand.home, 'worktrees'))).toEqual([]);
  expect(stand.git('branch', '--list', 'chancery/*')).toBe('');
});

it('a folder of a repository means all of it, and the first lines say so', async () => {
  stand.makeRepo({ 'sub/a.txt': 'a\n', 'b.txt': 'b\n' });
  const folder = join(stand.repo, 'sub');
  const { exit, lines } = await run(folder);
  expect({ exit, first: lines[0] }).toEqual({
    exit: 0,
    first: { type: 'repository', named: folder, root: stand.repo },
  });
  const words = ['run', 'Look', '--repo', folder, '--model', stand.script({ say: 'Done.' })];
  const { stdout } = await stand.run(words);
  expect(stdout).toContain(
    `\nRepository  ${stand.repo}\n            all of it, not ${folder} alone\n`,
  );
  expect((await run(stand.repo)).lines[0]?.type).toBe('entry');
});

it('a path that no command may be shown is refused before the run starts', async () => {
  stand.makeRepo();
  for (const path of ['/tmp', '/root', '/']) {
    const { exit, lines } = await run(stand.repo, '--share', path);
    expect(exit).not.toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.type).toBe('error');
  }
  expect((await stand.json(['runs'])).lines).toEqual([]);
});

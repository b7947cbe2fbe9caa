import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
  mkdirSync(outside());
});

afterEach(() => {
  stand.remove();
});

const shell = (command: string) => ({ calls: [{ name: 'shell.run', args: { command } }] });
const done = { say: 'Done.' };

/** Outside the repository, and readable to the commands of a run. */
const outside = (): string => join(stand.folder, 'outside');

/** Waits until the test calls `letGo`. */
const waiting = (): string => `until [ -e ${outside()}/go ]; do sleep 0.05; done`;

function letGo(): void {
  writeFileSync(join(outside(), 'go'), '');
}

/** Starts a run and resolves with its id as soon as the command, or a gate, runs. */
async function startSlow(command: string | null, ...gates: readonly string[]) {
  const work = command === null ? [] : [shell(command), shell('echo after > after.txt')];
  const words = ['run', 'Slow', '--repo', stand.repo, '--model', stand.script(...work, done)];
  const gated = gates.flatMap((gate) => ['--gate', gate]);
  const started = stand.start([...words, ...gated, '--share', outside(), '--verbose']);
  await started.says('begins');
  const { lines } = await stand.json(['runs']);
  return { ...started, run: String(lines[0]?.['run']) };
}

/** Of an entry that tells of a start: where it is, and of what. */
function pick(started: unknown) {
  const { seq, body } = started as { readonly seq: number; readonly body: { action: string } };
  return { seq, action: body.action };
}

async function expectIntact(run: string, outcome: string): Promise<void> {
  const { lines } = await stand.json(['runs']);
  expect(lines).toMatchObject([{ run, driven: false, status: { outcome } }]);
  expect(await stand.run(['verify'])).toMatchObject({ exit: 0 });
  expect(await stand.run(['replay', run])).toMatchObject({ exit: 0 });
}

describe('a run that is driven', () => {
  it('is told as such, can be followed, and is not driven twice', async () => {
    const slow = await startSlow(waiting());
    const { stdout: begun } = await stand.run(['show', slow.run]);
    expect(begun).toMatch(/\nAt work +shell\.run .*\n$/);
    const following = stand.start(['show', slow.run, '--follow']);
    const resumed = await stand.json(['resume', slow.run]);
    expect({ exit: resumed.exit, code: resumed.lines[0]?.['code'] }).toEqual({
      exit: 8,
      code: 'run.driven',
    });
    letGo();
    expect((await slow.ended).exit).toBe(0);
    const { exit, stdout } = await following.ended;
    expect(exit).toBe(0);
    expect(stdout).toMatch(/ ■ succeeded .*\n$/);
    await expectIntact(slow.run, 'succeeded');
  });

  it('leaves the ledger to others, who run at the same time', async () => {
    const slow = await startSlow(waiting());
    const model = stand.script(shell('echo quick > quick.txt'), done);
    const quick = await stand.json(['run', 'Quick', '--repo', stand.repo, '--model', model]);
    expect(quick.exit).toBe(0);
    letGo();
    expect((await slow.ended).exit).toBe(0);
    expect((await stand.run(['verify'])).stdout).toContain('2 runs');
  });

  it('stops cleanly on a signal, says how to go on, and goes on', async () => {
    const slow = await startSlow('sleep 60');
    slow.child.kill('SIGINT');
    const { exit, stdout, stderr } = await slow.ended;
    expect(exit).toBe(5);
    expect(stderr).toContain(`chancery resume ${slow.run}`);
    expect(stdout).toContain('stopped; nothing is lost');
    const { exit: resumed, lines } = await stand.json(['resume', slow.run]);
    expect(resumed).toBe(0);
    expect(lines.at(-1)).toMatchObject({ commits: 1, failures: 1 });
    await expectIntact(slow.run, 'succeeded');
  });

  it('runs a gate again that was stopped, and does not count it as failed', async () => {
    const gate = waiting();
    const gated = await startSlow(null, gate);
    const { run } = gated;
    gated.child.kill('SIGINT');
    expect((await gated.ended).exit).toBe(5);
    letGo();
    const resumed = await stand.json(['resume', run]);
    expect(resumed.exit).toBe(0);
    expect(resumed.lines.at(-1)).toMatchObject({
      turns: 1,
      failures: 1,
      gates: [{ command: gate, passed: true, exitCode: 0 }],
    });
    await expectIntact(run, 'succeeded');
  });

  it('goes on after it was killed', async () => {
    const slow = await startSlow(`[ ! -e second ]; touch second; ${waiting()}`);
    slow.child.kill('SIGKILL');
    expect((await slow.ended).exit).toBe(null);
    const { lines } = await stand.json(['runs']);
    expect(lines).toMatchObject([{ driven: false, status: { phase: 'open' } }]);
    const shown = await stand.json(['show', slow.run]);
    const started = shown.lines.at(-2)?.['entry'];
    expect([started, shown.lines.at(-1)]).toMatchObject([
      { kind: 'execution.started' },
      {
        ...{ type: 'unfinished', run: slow.run, driven: false, status: { phase: 'open' } },
        begun: [{ ...pick(started), what: 'shell.run' }],
        next: [`chancery resume ${slow.run}`],
      },
    ]);
    const { stdout } = await stand.run(['show', slow.run]);
    expect(stdout).toMatch(
      /\nCut off +shell\.run .*: began at entry \d+, its end is not recorded\n/,
    );
    expect(stdout).toMatch(new RegExp(`\nNext +chancery resume ${slow.run}\n$`));
    letGo();
    const resumed = await stand.json(['resume', slow.run]);
    expect(resumed.exit).toBe(0);
    expect(resumed.lines.at(-1)).toMatchObject({ commits: 2, failures: 0 });
    await expectIntact(slow.run, 'succeeded');
  });

  it('is cancelled by another process, and ends at once', async () => {
    const slow = await startSlow('sleep 60');
    const cancelled = await stand.json(['cancel', slow.run, '--reason', 'enough']);
    expect(cancelled.exit).toBe(0);
    expect(cancelled.lines).toMatchObject([{ type: 'cancelled', run: slow.run, driven: true }]);
    expect((await slow.ended).exit).toBe(5);
    await expectIntact(slow.run, 'cancelled');
  });
});

describe('a run that nobody drives', () => {
  it('is cancelled, and then it is over', async () => {
    const slow = await startSlow('sleep 60');
    slow.child.kill('SIGKILL');
    await slow.ended;
    const { exit, lines } = await stand.json(['cancel', slow.run]);
    expect(exit).toBe(0);
    expect(lines).toMatchObject([{ driven: false, status: { outcome: 'cancelled' } }]);
    for (const command of ['cancel', 'resume']) {
      const again = await stand.json([command, slow.run]);
      expect({ exit: again.exit, code: again.lines[0]?.['code'] }).toEqual({
        exit: 8,
        code: 'run.finished',
      });
    }
    const applied = await stand.json(['apply', slow.run]);
    expect({ exit: applied.exit, code: applied.lines[0]?.['code'] }).toEqual({
      exit: 3,
      code: 'precondition.failed',
    });
    await expectIntact(slow.run, 'cancelled');
  });

  it('is cancelled although its files are gone, and what was open stays in doubt', async () => {
    const slow = await startSlow('sleep 60');
    slow.child.kill('SIGKILL');
    await slow.ended;
    rmSync(join(stand.home, 'worktrees', slow.run), { recursive: true });
    const { exit, lines } = await stand.json(['cancel', slow.run]);
    expect({ exit, status: lines[0]?.['status'] }).toMatchObject({
      exit: 0,
      status: { outcome: 'cancelled' },
    });
    expect((await stand.json(['verify'])).exit).toBe(0);
  });

  it('cannot be applied', async () => {
    const slow = await startSlow('sleep 60');
    slow.child.kill('SIGKILL');
    await slow.ended;
    const { exit, lines } = await stand.json(['apply', slow.run]);
    expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 8, code: 'run.unfinished' });
  });
});

it('a reader that goes away ends no run', async () => {
  const model = stand.script(shell('true'), shell('true'), done);
  const { child, ended } = stand.start(['run', 'On', '--repo', stand.repo, '--model', model]);
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ exit: 0, stderr: '' });
  const { lines } = await stand.json(['runs']);
  expect(lines).toMatchObject([{ commits: 2, status: { outcome: 'succeeded' } }]);
});

it.each<[string, (run: string) => readonly string[], (run: string) => Promise<unknown>, unknown]>([
  [
    'deny',
    (run) => ['deny', run, '--yes'],
    async (run) => (await stand.json(['audit', run])).lines[0]?.['approval'],
    { outcome: 'denied' },
  ],
  [
    'policy activate',
    () => ['policy', 'activate', join(stand.folder, 'none.cedar'), '--level', 'run', '--yes'],
    async () => (await stand.json(['policy', 'list'])).lines.map(({ level }) => level),
    ['tenant', 'run'],
  ],
  [
    'policy retire',
    () => ['policy', 'retire', 'other', '--yes'],
    async () => (await stand.json(['policy', 'list'])).lines.map(({ name }) => name),
    ['default'],
  ],
])('a reader that goes away keeps %s from nothing', async (_, words, found, expected) => {
  const permit = '@id("all") permit (principal, action, resource);';
  writeFileSync(join(stand.folder, 'none.cedar'), permit.replace('permit', 'forbid'));
  if (words('').includes('retire')) {
    writeFileSync(join(stand.folder, 'other.cedar'), permit);
    await stand.run(['policy', 'activate', join(stand.folder, 'other.cedar'), '--yes']);
  }
  const write = { calls: [{ name: 'fs.write', args: { path: 'CODEOWNERS', text: 'x' } }] };
  const model = ['--model', stand.script(write, done), '--no-wait', '--json'];
  const begun = await stand.run(['run', 'On', '--repo', stand.repo, ...model]);
  expect(begun.exit).toBe(4);
  const [run] = (await stand.json(['runs'])).lines;
  const id = String(run?.['run']);
  const acting = stand.start(words(id));
  acting.child.stdout?.destroy();
  expect(await acting.ended).toMatchObject({ exit: 0, stderr: '' });
  expect(await found(id)).toMatchObject(expected as object);
});

it('a reader that goes away ends a command quietly', async () => {
  const model = stand.script(...Array.from({ length: 20 }, () => shell('seq 2000')), done);
  await stand.run(['run', 'Much', '--repo', stand.repo, '--model', model]);
  const [run] = (await stand.json(['runs'])).lines;
  const showing = stand.start(['audit', String(run?.['run']), '--json']);
  showing.child.stdout?.destroy();
  expect(await showing.ended).toEqual({ exit: 141, stdout: '', stderr: '' });
});

describe('output that cannot be written', () => {
  const onFullDisk = (words: readonly string[]) => {
    const main = join(import.meta.dirname, '..', 'main.ts');
    const script = '"$0" "$@" > /dev/full';
    const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, main, ...words], {
      env: { PATH: process.env['PATH'], HOME: stand.folder, CHANCERY_HOME: stand.home },
      encoding: 'utf8',
    });
    return { status, stderr };
  };
  const told = expect.stringMatching(
    /^error usage\.invalid: standard output cannot be written \(ENOSPC\)\n {2}\S.*\n$/,
  ) as string;

  it.each([[['doctor']], [['runs']], [['--help']], [['--version']], [['run', '--help']]])(
    'ends %j with 2, and says why',
    (words) => {
      expect(onFullDisk(words)).toEqual({ status: 2, stderr: told });
    },
  );

  it('ends no run, and is not success', async () => {
    const model = stand.script(shell('true'), done);
    const left = onFullDisk(['run', 'On', '--repo', stand.repo, '--model', model, '--json']);
    expect(left).toEqual({ status: 2, stderr: told });
    expect((await stand.json(['runs'])).lines).toMatchObject([
      { commits: 1, status: { outcome: 'succeeded' } },
    ]);
  });
});

it('runs that are carved out of one writ at the same moment begin, all of them', async () => {
  const writ = join(stand.folder, 'a.writ');
  await stand.run(['writ', 'issue', writ, '--budget', '2usd,2000000tokens,1000calls,9h']);
  const budget = ['--budget', '0.50usd,500000tokens,100calls,1h'];
  const words = ['run', 'On', '--repo', stand.repo, '--writ', writ, ...budget];
  const models = [1, 2, 3].map(() => stand.script(done));
  const left = await Promise.all(models.map((model) => stand.json([...words, '--model', model])));
  expect(left.filter(({ exit }) => exit !== 0)).toEqual([]);
  expect((await stand.run(['verify'])).exit).toBe(0);
});

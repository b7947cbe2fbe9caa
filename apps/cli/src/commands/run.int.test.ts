import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo({ 'a.txt': 'hello\n' });
  await stand.init();
});

afterEach(() => {
  expect(stand.git('status', '--porcelain')).toBe('');
});

afterAll(() => {
  stand.remove();
});

const write = (path: string, text: string) => ({
  calls: [{ name: 'fs.write', args: { path, text } }],
});
const shell = (command: string) => ({ calls: [{ name: 'shell.run', args: { command } }] });
const done = { say: 'Done.' };

function resultOf(lines: readonly JsonLine[]): JsonLine | undefined {
  return lines.findLast(({ type }) => type === 'result');
}

function kindsOf(lines: readonly JsonLine[]): readonly string[] {
  return lines
    .filter(({ type }) => type === 'entry')
    .map(({ entry }) => (entry as { readonly kind: string }).kind);
}

describe('a run', () => {
  it('works on a branch of its own and leaves the checkout alone', async () => {
    const model = stand.script(write('b.txt', 'new\n'), done);
    const gate = 'grep -q new b.txt';
    const words = ['run', 'Add b', '--repo', stand.repo, '--model', model, '--gate', gate];
    const { exit, lines, stderr } = await stand.json(words);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const result = resultOf(lines);
    expect(result).toMatchObject({
      end: 'finished',
      applied: null,
      status: { phase: 'finished', outcome: 'succeeded' },
      commits: 2,
      refusals: 0,
      gates: [{ command: gate, passed: true, exitCode: 0 }],
    });
    const { branch, status } = result as unknown as {
      readonly branch: string;
      readonly status: { readonly commit: string };
    };
    expect(stand.git('show', `${branch}:b.txt`)).toBe('new');
    expect(stand.git('rev-parse', branch)).toBe(status.commit);
    expect(stand.git('ls-files')).toBe('a.txt');
    expect(kindsOf(lines).slice(0, 2)).toEqual(['writ.issued', 'run.started']);
    expect(kindsOf(lines).at(-1)).toBe('run.finished');
  });

  it('shows its terms first, then each step, then what to do next', async () => {
    const model = stand.script(shell('echo hi'), shell('git push'), done);
    const { exit, stdout } = await stand.run(['run', 'Try it', '--repo', 'repo', '--model', model]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^Task +Try it\n/);
    expect(stdout).toMatch(/\nBudget +2\.00 USD · 2,000,000 tokens · 1,000 calls · 1 h\n/);
    expect(stdout).toMatch(/ {2}✓ shell\.run +echo hi → exit 0\n/);
    expect(stdout).toMatch(
      / {2}✗ shell\.run +git push\n +policy\.denied: .*\[forbid-remote-git, hold-irreversible-commands\]\n +Leave the work on the branch/,
    );
    expect(stdout).toMatch(/\nNext +chancery audit \w+\n$/);
    expect(stdout).not.toContain('\u001b');
  });

  it('applies its result when it is asked to', async () => {
    const model = stand.script(write('applied.txt', 'yes\n'), done);
    const { exit, lines } = await stand.json([
      ...['run', 'Apply', '--repo', stand.repo, '--model', model, '--apply'],
    ]);
    expect(exit).toBe(0);
    expect(resultOf(lines)?.['applied']).toBe(stand.git('rev-parse', 'HEAD'));
    expect(readFileSync(`${stand.repo}/applied.txt`, 'utf8')).toBe('yes\n');
  });

  it('fails when a gate fails, again and again', async () => {
    const model = stand.script(done, done, done);
    const words = ['run', 'Fail', '--repo', stand.repo, '--model', model, '--gate', 'false'];
    const { exit, lines } = await stand.json(words);
    expect(exit).toBe(1);
    expect(resultOf(lines)).toMatchObject({ status: { outcome: 'failed', commit: null } });
  });

  it('says before the work which gates a human will be asked for', async () => {
    const words = (gate: string) => [
      ...['run', 'Ask', '--repo', stand.repo, '--model', stand.script(done), '--gate', gate],
      '--no-wait',
    ];
    const { exit, stderr } = await stand.run(words('sh -c "$CHECK"'));
    expect({ exit, stderr }).toMatchObject({ exit: 4 });
    expect(stderr).toContain('gate sh -c "$CHECK": not every program');
    expect((await stand.run(words('true'))).stderr).toBe('');
  });

  it('is not proved by a file that git ignores: a gate sees what is delivered', async () => {
    stand.writeFiles({ '.gitignore': 'ignored.txt\n' });
    stand.git('add', '-A');
    stand.git('commit', '-q', '-m', 'ignore');
    const model = stand.script(
      shell('echo x > ignored.txt; test -f ignored.txt'),
      done,
      done,
      done,
    );
    const gate = ['--gate', 'test -f ignored.txt'];
    const words = ['run', 'Ignore', '--repo', stand.repo, '--model', model, ...gate];
    const { exit, lines } = await stand.json(words);
    expect(exit).toBe(1);
    expect(resultOf(lines)).toMatchObject({
      commits: 4,
      gates: [{ passed: false, exitCode: 1 }],
      status: { outcome: 'failed' },
    });
  });

  it.each([
    ['turns', ['--turns', '1']],
    ['money', ['--budget', '0.10usd']],
    ['tokens', ['--budget', '2000tokens']],
  ])('ends with 6 when it has no %s left', async (_, flags) => {
    const model = stand.script(shell('true'), shell('true'), shell('true'), shell('true'), done);
    const words = ['run', 'Spend', '--repo', stand.repo, '--model', model, ...flags];
    const { exit, lines } = await stand.json(words);
    expect(exit).toBe(6);
    expect(resultOf(lines)).toMatchObject({ status: { outcome: 'exhausted' } });
  });

  it.each([
    ['has no gate', [], 'the budget did not cover shell.run'],
    ['cannot run its gate', ['--gate', 'true'], 'the budget did not cover gate, shell.run'],
  ])('ends with 6 when it has too few calls and %s', async (title, flags, reason) => {
    const model = stand.script(shell('true'), shell('true'), shell('true'), done);
    const words = ['run', title, '--repo', stand.repo, '--model', model, '--budget', '2calls'];
    const { exit, lines } = await stand.json([...words, ...flags]);
    expect({ exit, status: resultOf(lines)?.['status'] }).toMatchObject({
      exit: 6,
      status: { outcome: 'exhausted', reason },
    });
  });

  it('may take less time than one of its commands', async () => {
    const model = stand.script(shell('true'), done);
    const words = ['run', 'Hurry', '--repo', stand.repo, '--model', model, '--time', '30s'];
    expect((await stand.json([...words, '--gate', 'true'])).exit).toBe(0);
  });

  it('fails when the model fails for good', async () => {
    const model = stand.script({ fail: { class: 'terminal', code: 'unauthorised' } });
    const { exit, lines } = await stand.json([
      'run',
      'Ask',
      '--repo',
      stand.repo,
      '--model',
      model,
    ]);
    expect(exit).toBe(1);
    expect(resultOf(lines)).toMatchObject({ status: { outcome: 'failed' } });
  });

  it('writes no control character of an agent to the terminal', async () => {
    const model = stand.script(
      {
        say: 'a\u001b[31mred\u0007\u202e',
        calls: [{ name: 'fs.read', args: { path: 'x\u001b]0;t\u0007' } }],
      },
      done,
    );
    const words = ['run', 'Show \u001b[2J', '--repo', stand.repo, '--model', model];
    const { stdout, stderr } = await stand.run(words, { FORCE_COLOR: '1' });
    const withoutColours = (stdout + stderr).replaceAll(/\u001b\[\d{1,2}m/g, '');
    expect(withoutColours).toContain('a\\x1b[31mred\\x07\\u{202e}');
    expect(withoutColours).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('has colours only where they are wanted', async () => {
    const model = stand.script(done);
    const words = ['run', 'Colour', '--repo', stand.repo, '--model', model];
    const coloured = async (env: Readonly<Record<string, string>>): Promise<boolean> =>
      (await stand.run(words, env)).stdout.includes('\u001b[');
    expect(await coloured({})).toBe(false);
    expect(await coloured({ CI: 'true' })).toBe(false);
    expect(await coloured({ FORCE_COLOR: '1' })).toBe(true);
    expect(await coloured({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });

  it('keeps a secret of the environment out of the ledger and of what is shown', async () => {
    const secret = 'hunter2-hunter2-hunter2';
    const model = stand.script(shell(`printf 'hunter2-'; printf 'hunter2-'; echo hunter2`), done);
    const words = ['run', `Use ${secret}`, '--repo', stand.repo, '--model', model, '--json'];
    const { exit, stdout } = await stand.run(words, { DEPLOY_TOKEN: secret });
    expect(exit).toBe(0);
    expect(stdout).not.toContain(secret);
    expect(stdout).toContain('[redacted:known]');
    expect(readFileSync(`${stand.home}/ledger.db`).includes(secret)).toBe(false);
  });
});

describe('a secret', () => {
  const secret = 'hunter3-hunter3-hunter3';
  const env = { DEPLOY_TOKEN: secret };

  it('in the command of a gate is refused before anything is recorded', async () => {
    const before = await stand.json(['runs', '--limit', '1000']);
    const gate = ['--gate', `curl -H "token: ${secret}" localhost`];
    const words = ['run', 'Leak', '--repo', stand.repo, '--model', stand.script(done), ...gate];
    const { exit, lines, stderr } = await stand.json(words, env);
    expect({ exit, lines }).toMatchObject({ exit: 3, lines: [{ code: 'args.secret' }] });
    expect(JSON.stringify(lines) + stderr).not.toContain(secret);
    expect(await stand.json(['runs', '--limit', '1000'])).toEqual(before);
    expect(readFileSync(`${stand.home}/ledger.db`).includes(secret)).toBe(false);
  });

  it('in the name of a call is kept out of the ledger and of what is shown', async () => {
    const model = stand.script({ calls: [{ name: `send.${secret}`, args: {} }] }, done);
    const words = ['run', 'Leak', '--repo', stand.repo, '--model', model, '--json'];
    const { exit, stdout, stderr } = await stand.run(words, env);
    expect(exit).toBe(0);
    expect(stdout + stderr).not.toContain(secret);
    expect(stdout).toContain('[redacted:known]');
    expect(readFileSync(`${stand.home}/ledger.db`).includes(secret)).toBe(false);
  });
});

describe('flags of a run that make no sense', () => {
  it.each([
    [['--budget', '2eur'], 'usage.invalid'],
    [['--budget', '1.5tokens'], 'usage.invalid'],
    [['--budget', '0calls'], 'usage.invalid'],
    [['--budget', '0usd'], 'usage.invalid'],
    [['--time', 'soon'], 'usage.invalid'],
    [['--turns', '0'], 'usage.invalid'],
    [['--repo', ''], 'usage.invalid'],
    [['--repo', 'repo', '--repo', 'repo'], 'usage.invalid'],
    [['--share', '/nowhere/at/all'], 'usage.invalid'],
    [['--writ', '/nowhere/at/all'], 'usage.invalid'],
    [['--model', 'clever'], 'model.unknown'],
    [['--model', 'nobody:model'], 'model.unknown'],
    [['--model', 'scripted:/nowhere/at/all'], 'model.script-invalid'],
    [['--model', 'openai:gpt-5'], 'model.no-key'],
    [['--model', 'openai-compatible:some'], 'model.unpriced'],
    [['--model', 'ollama:some', '--price', 'cheap'], 'usage.invalid'],
    [['--model', 'ollama:some', '--base-url', 'http://me:word@localhost'], 'usage.invalid'],
  ])('%j: %s', async (flags, code) => {
    const before = await stand.json(['runs', '--limit', '1000']);
    const repo = flags.includes('--repo') ? [] : ['--repo', stand.repo];
    const words = ['run', 'Task', ...repo, ...flags];
    const model = flags.includes('--model') ? [] : ['--model', stand.script(done)];
    const { exit, lines } = await stand.json([...words, ...model]);
    expect({ exit, codes: lines.map((line) => line['code']) }).toEqual({ exit: 2, codes: [code] });
    expect(await stand.json(['runs', '--limit', '1000'])).toEqual(before);
  });

  it('a task that is empty begins nothing', async () => {
    const model = ['--model', stand.script(done)];
    const before = await stand.json(['runs', '--limit', '1000']);
    const ended = await stand.json(['run', ' \t', '--repo', stand.repo, ...model]);
    expect(ended).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
    expect(await stand.json(['runs', '--limit', '1000'])).toEqual(before);
  });

  it('another model, or another subject, than that of the run that is gone on with', async () => {
    const model = ['--model', stand.script(write('package-lock.json', '{}'), done)];
    const words = ['run', 'Lock', '--repo', stand.repo, '--subject', 'ada', '--no-wait', ...model];
    const held = await stand.json(words);
    expect(held.exit).toBe(4);
    const run = String(resultOf(held.lines)?.['run']);
    const entries = (await stand.json(['show', run])).lines;
    const other = join(stand.folder, 'other.json');
    writeFileSync(other, JSON.stringify({ v: 1, name: 'other', turns: [done] }));
    for (const wrong of [
      ['resume', run, '--model', `scripted:${other}`],
      ['branch', run, 'Go on', '--subject', 'bob', ...model],
    ]) {
      const ended = await stand.json(wrong);
      expect(ended).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
    }
    expect((await stand.json(['show', run])).lines).toEqual(entries);
    await stand.run(['cancel', run]);
  });

  it('a task is read from standard input, and one that is too long is refused before anything is shown', async () => {
    const words = ['run', '-', '--repo', stand.repo, '--model', stand.script(done)];
    const long = await stand.run(words, {}, 'a'.repeat(60_000));
    expect({ ...long, stderr: long.stderr.split('\n')[0] }).toEqual({
      ...{ exit: 2, stdout: '' },
      stderr: 'error usage.invalid: the task has more than 49152 bytes',
    });
    const { exit, stdout } = await stand.run(words, {}, 'Say that\nit is done\n');
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^Task +Say that/);
  });

  it('no model and no key: says what to set', async () => {
    const { exit, stderr } = await stand.run(['run', 'Task', '--repo', stand.repo]);
    expect(exit).toBe(2);
    expect(stderr).toBe(
      'error model.no-key: no model is named, and no API key is set\n' +
        '  Pass --model provider:name, or set ANTHROPIC_API_KEY or OPENAI_API_KEY.\n',
    );
  });

  it.each(['sk\nant', 'sk-ant-0123456789\u20ac', 'sk-ant-0123456789\u0007'])(
    'a key that no request can carry begins no run and is not shown: %j',
    async (key) => {
      const words = ['run', 'Task', '--repo', stand.repo, '--model', 'anthropic:claude-sonnet-4-5'];
      const before = await stand.json(['runs', '--limit', '1000']);
      const { exit, stdout, stderr } = await stand.run(words, { ANTHROPIC_API_KEY: key });
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
      expect(stderr).toMatch(
        /^error model\.no-key: ANTHROPIC_API_KEY holds .*\n {2}Set it anew: .*\n$/,
      );
      expect(stderr).not.toMatch(/sk.ant/s);
      expect(await stand.json(['runs', '--limit', '1000'])).toEqual(before);
    },
  );
});

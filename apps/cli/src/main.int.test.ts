import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand, type Left } from './cli-fixture.ts';

let stand: Stand;

beforeAll(() => {
  stand = new Stand();
});

afterAll(() => {
  stand.remove();
});

const commands = [
  ...['init', 'run', 'approve', 'deny', 'runs', 'show', 'audit', 'verify', 'replay', 'world'],
  ...['resume', 'cancel', 'halt', 'clear', 'apply', 'writ', 'doctor', 'demo'],
];

describe('help', () => {
  it('names every command', async () => {
    const { exit, stdout, stderr } = await stand.run([]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const named = [...stdout.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name);
    expect(named.filter((name) => commands.includes(name ?? ''))).toEqual(commands);
  });

  it('of every command has an example', async () => {
    const helps = await Promise.all(commands.map((command) => stand.run([command, '--help'])));
    for (const [index, command] of commands.entries()) {
      expect(helps[index]).toMatchObject({ exit: 0, stderr: '' });
      expect(helps[index]?.stdout).toContain(`Examples:\n  `);
      expect(helps[index]?.stdout).toContain(`chancery ${command}`);
    }
  });

  it('tells its version', async () => {
    expect(await stand.run(['--version'])).toEqual({ exit: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

describe('words that nobody understands', () => {
  it.each([
    [['fly'], "unknown command 'fly'"],
    [['shwo'], "unknown command 'shwo' (Did you mean show?)"],
    [['runs', '--colour'], "unknown option '--colour'"],
    [['run'], "missing required argument 'task'"],
    [['show', 'a', 'b'], "too many arguments for 'show'. Expected 1 argument but got 2: a, b."],
    [['run', 'task', '--repo'], "option '--repo <dir>' argument missing"],
    [['help', 'fly'], 'there is no such command'],
    [['--colour'], "unknown option '--colour'"],
  ])('%j is refused, with what is wrong', async (words, message) => {
    expect(await stand.run(words)).toEqual({
      exit: 2,
      stdout: '',
      stderr: `error usage.invalid: ${message}\n  See --help.\n`,
    });
  });

  it('are told as one JSON line to a program', async () => {
    const { exit, stderr, lines } = await stand.json(['runs', '--colour']);
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: '' });
    expect(lines).toEqual([
      {
        type: 'error',
        code: 'usage.invalid',
        message: "unknown option '--colour'",
        remedy: 'See --help.',
        retryable: false,
        details: {},
      },
    ]);
  });
});

it.each([['runs'], ['verify'], ['resume', 'a'], ['approve', 'a', '--yes']])(
  'without a ledger %s says how to make one',
  async (...words) => {
    const { exit, lines } = await stand.json(words);
    expect(exit).toBe(2);
    expect(lines).toEqual([
      expect.objectContaining({ code: 'ledger.missing', remedy: 'Run `chancery init` first.' }),
    ]);
  },
);

describe('the installed command', () => {
  const bin = join(import.meta.dirname, '..', 'bin', 'chancery.mjs');

  it('runs', async () => {
    expect(await started([bin, '--version'])).toEqual({ exit: 0, stdout: '0.1.0\n', stderr: '' });
  });

  it('says in one line that Node is too old', async () => {
    const old = "Object.defineProperty(process.versions,'node',{value:'20.19.0'})";
    const preload = `data:text/javascript,${encodeURIComponent(old)}`;
    const { exit, stdout, stderr } = await started(['--import', preload, bin, '--version']);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(/^chancery needs Node 24 or later; this is v[\d.]+\.\n$/);
  });
});

function started(words: readonly string[]): Promise<Left> {
  return new Promise((resolve) => {
    execFile(process.execPath, words, (error, stdout, stderr) => {
      resolve({ exit: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

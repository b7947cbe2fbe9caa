import { spawn, spawnSync, type StdioOptions } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secret } from './world-fixture.ts';

let world: { readonly outside: string; readonly workspace: string };

beforeEach(() => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-launcher-')));
  world = { outside: join(base, 'outside'), workspace: join(base, 'workspace') };
  mkdirSync(world.outside);
  mkdirSync(world.workspace);
  writeFileSync(join(world.outside, 'secret'), secret);
});

afterEach(() => {
  rmSync(join(world.workspace, '..'), { recursive: true, force: true });
});

const readIfPresent = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // A process may end while it is looked at.
    return '';
  }
};

/** A program that runs a command in bubblewrap, plainly first, as a process of its own. */
const launcher = (script: string): string => `
  import { bubblewrapSandbox } from ${JSON.stringify(join(import.meta.dirname, '../index.ts'))};
  import { spawnSync } from 'node:child_process';
  const { BWRAP, PREPARE, WORKSPACE } = process.env;
  const argv = ['sh', '-c', ${JSON.stringify(script)}];
  const sandbox = bubblewrapSandbox(BWRAP ? { bwrapPath: BWRAP } : {});
  await sandbox.probe();
  if (PREPARE) spawnSync('sh', ['-c', PREPARE]);
  else spawnSync(argv[0], argv.slice(1), { stdio: 'inherit' });
  const ran = await sandbox.run({
    argv, workspace: WORKSPACE, cwd: '.', env: {}, stdin: null, timeoutMs: 60000,
    outputBytes: 65536, readable: [], readOnly: [], signal: new AbortController().signal,
  });
  process.stdout.write('|' + Buffer.from(ran.value.stdout));
`;

/** Live processes that were given `word`, which only this test knows. */
const processesWith = (word: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readIfPresent(`/proc/${pid}/cmdline`).includes(word))
    .map(Number);

const commandOf = (pid: number): string => readIfPresent(`/proc/${pid}/cmdline`);

const childrenOf = (pid: number): readonly number[] =>
  readIfPresent(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);

describe('a process that launches bubblewrap', () => {
  const start = (script: string): readonly [string, readonly string[]] => [
    process.execPath,
    ['--input-type=module', '-e', launcher(script)],
  ];
  const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ...process.env,
    WORKSPACE: world.workspace,
    ...more,
  });

  it('does not pass on what it inherited itself', () => {
    const [node, args] = start('cat /proc/self/fd/40 2>/dev/null');
    const held = openSync(join(world.outside, 'secret'), 'r');
    const unused = Array.from({ length: 37 }, () => 'ignore' as const);
    const stdio: StdioOptions = ['ignore', 'pipe', 'ignore', ...unused, held];
    const { stdout } = spawnSync(node, args, { env: env(), encoding: 'utf8', stdio });
    closeSync(held);
    expect(stdout).toBe(`${secret}|`);
  });

  it('takes the whole tree with it when it is killed', async () => {
    const mark = `chancery-orphan-${process.pid}`;
    const [node, args] = start(
      `touch begun; setsid sh -c 'trap "" TERM; while :; do sleep 1; done' "${mark}-$(id -u)"`,
    );
    const child = spawn(node, args, { env: env({ PREPARE: 'true' }), stdio: 'ignore' });
    while (processesWith(`${mark}-65534`).length === 0) await sleep(50);
    child.kill('SIGKILL');
    while (processesWith(`${mark}-65534`).length > 0) await sleep(20);
    expect(existsSync(join(world.workspace, 'begun'))).toBe(true);
  });

  it('is not outlived by a command, even when it is killed as bubblewrap starts', async () => {
    const [node, args] = start('touch begun; sleep 30');
    const [held, free] = [join(world.outside, 'held'), join(world.outside, 'free')];
    const BWRAP = join(world.outside, 'bwrap');
    // Held once its arguments have been written to it, without which it would wait for ever.
    const written = `perl -e 'open(my $args, "<&=", 8); recv($args, my $first, 1, 2)'`;
    const hold = `${written}; touch '${held}'; while [ ! -e '${free}' ]; do sleep 0.02; done`;
    const late = `#!/bin/sh\ncase "$*" in *'touch begun'*) ${hold};; esac\nexec bwrap "$@"\n`;
    writeFileSync(BWRAP, late, { mode: 0o755 });
    const child = spawn(node, args, { env: env({ PREPARE: 'true', BWRAP }), stdio: 'ignore' });
    const exit = new Promise((resolve) => child.once('exit', resolve));
    while (!existsSync(held)) await sleep(20);
    // It answers nobody any more: the first process of the sandbox waits to be told to go on.
    child.kill('SIGSTOP');
    writeFileSync(free, '');
    const [bwrap = 0] = childrenOf(child.pid ?? 0);
    // Not a child of the one that holds it, which is a shell as well.
    while (!childrenOf(bwrap).some((first) => commandOf(first).startsWith('/bin/sh\0-c')))
      await sleep(20);
    child.kill('SIGKILL');
    await exit;
    const begun = (): boolean => existsSync(join(world.workspace, 'begun'));
    const isOver = (): boolean => begun() || processesWith(world.workspace).length === 0;
    for (let looks = 0; looks < 250 && !isOver(); looks += 1) await sleep(20);
    expect([begun(), processesWith(world.workspace)]).toEqual([false, []]);
  });
});

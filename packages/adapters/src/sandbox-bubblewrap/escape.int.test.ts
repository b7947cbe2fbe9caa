import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import {
  closeSync,
  openSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox } from '@chancery/runtime/broker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bubblewrapSandbox, unsafeSandbox } from './index.ts';

/** Things outside that an attempt may reach for; the test's own. */
interface World {
  readonly outside: string;
  readonly workspace: string;
  readonly victim: ChildProcess;
  readonly server: Server;
  readonly port: number;
  connections: number;
}

const secret = 'the planted secret';

let world: World;

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

beforeEach(async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-escape-')));
  const [outside, workspace] = [join(base, 'outside'), join(base, 'workspace')];
  for (const folder of [outside, join(workspace, '.git/hooks'), join(workspace, '.ci/jobs')]) {
    mkdirSync(folder, { recursive: true });
  }
  writeFileSync(join(outside, 'secret'), secret);
  writeFileSync(join(outside, 'file'), 'before');
  writeFileSync(join(workspace, '.git/config'), 'before');
  writeFileSync(join(workspace, '.ci/jobs/main'), 'before');
  symlinkSync(outside, join(workspace, 'way-out'));
  const victim = spawn('sleep', ['600'], { env: { SECRET: secret }, stdio: 'ignore' });
  const server = createServer((socket) => {
    world.connections += 1;
    socket.end();
  });
  world = { outside, workspace, victim, server, port: await listening(server), connections: 0 };
});

afterEach(() => {
  world.victim.kill('SIGKILL');
  world.server.close();
  rmSync(dirname(world.workspace), { recursive: true, force: true });
});

async function attempt(sandbox: Sandbox, script: string): Promise<string> {
  const { outside, workspace, victim, port } = world;
  const result = await sandbox.run({
    argv: ['sh', '-c', script],
    ...{ workspace, cwd: '.', stdin: null, timeoutMs: 20_000, outputBytes: 65_536 },
    env: {
      OUTSIDE: outside,
      VICTIM: String(victim.pid),
      PORT: String(port),
      NODE: process.execPath,
    },
    ...{ readable: [], readOnly: ['.ci/jobs/main', 'absent/settings'] },
    signal: new AbortController().signal,
  });
  if (!result.ok) throw new Error(result.refusal.message);
  return Buffer.from(result.value.stdout).toString();
}

const readIfPresent = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // A process may end while it is looked at.
    return '';
  }
};

const read = (...path: readonly string[]): string => {
  const file = join(...path);
  return existsSync(file) ? readFileSync(file, 'utf8') : 'absent';
};

interface Attempt {
  readonly script: string;
  /** Whether it got through, as seen from outside. */
  readonly reached: (output: string) => boolean | Promise<boolean>;
}

const saysSecret = (output: string): boolean => output.includes(secret);
const inWorkspace = (...path: readonly string[]): boolean =>
  read(world.workspace, ...path) !== 'before';
const connect = `"$NODE" -e 'require("net").connect(+process.env.PORT, "127.0.0.1").on("error", () => {})'`;

/** Connections are taken in their order: when ours was, any before it was as well. */
async function knockedBefore(): Promise<boolean> {
  await new Promise((resolve) =>
    createConnection(world.port, '127.0.0.1').once('close', resolve).resume(),
  );
  return world.connections > 1;
}

const isVictimDead = (): boolean =>
  !/\) [RSD] /.test(readIfPresent(`/proc/${world.victim.pid ?? 0}/stat`));

/** Each succeeds without confinement: the same attempt is its own positive control. */
const attempts: Readonly<Record<string, Attempt>> = {
  'reads a file outside': { script: 'cat "$OUTSIDE/secret"', reached: saysSecret },
  'reads a file outside through a symlink': { script: 'cat way-out/secret', reached: saysSecret },
  'reads a file outside through its root in /proc': {
    script: 'cat /proc/*/root"$OUTSIDE/secret"',
    reached: saysSecret,
  },
  'writes a file outside': {
    script: 'echo after > "$OUTSIDE/file"',
    reached: () => read(world.outside, 'file') !== 'before',
  },
  'writes a file outside through a symlink': {
    script: 'echo after > way-out/file',
    reached: () => read(world.outside, 'file') !== 'before',
  },
  'makes a file beside the workspace': {
    script: 'echo x > ../beside',
    reached: () => existsSync(join(world.workspace, '../beside')),
  },
  'connects to a server on the loopback': { script: connect, reached: knockedBefore },
  'plants a hook in .git': {
    script: 'echo x > .git/hooks/pre-commit',
    reached: () => existsSync(join(world.workspace, '.git/hooks/pre-commit')),
  },
  'changes .git/config': {
    script: 'echo after > .git/config',
    reached: () => inWorkspace('.git/config'),
  },
  'puts another .git in the place of the first': {
    script: 'mv .git aside; mkdir .git; echo after > .git/config',
    reached: () => inWorkspace('.git/config'),
  },
  'removes .git': { script: 'rm -rf .git', reached: () => inWorkspace('.git/config') },
  'changes a protected file': {
    script: 'echo after > .ci/jobs/main',
    reached: () => inWorkspace('.ci/jobs/main'),
  },
  'puts another folder in the place of one that holds a protected file': {
    script: 'mv .ci aside; mkdir -p .ci/jobs; echo after > .ci/jobs/main',
    reached: () => inWorkspace('.ci/jobs/main'),
  },
  'changes a protected file by another name': {
    script: 'ln .ci/jobs/main other && echo after > other',
    reached: () => inWorkspace('.ci/jobs/main'),
  },
  'makes a protected file that was missing': {
    script: 'mkdir -p absent; rm -f absent/settings; echo x > absent/settings; mv absent there',
    reached: () => existsSync(join(world.workspace, 'there/settings')),
  },
  'ends a process outside': {
    script: 'kill -KILL "$VICTIM"; sleep 0.3',
    reached: isVictimDead,
  },
  'sees a process outside': {
    // The words of the search itself must not be found, and of many processes not all are kept.
    script: 'cat /proc/*/cmdline | tr "\\0" " " | grep -ao "sleep [6]00"',
    reached: (output) => output.includes('sleep 600'),
  },
  'reads the environment of a process outside': {
    script: 'cat /proc/*/environ | tr "\\0" "\\n" | grep -a planted',
    reached: saysSecret,
  },
};

describe.each(Object.entries(attempts))('a command that %s', (_, { script, reached }) => {
  it('gets through without confinement', async () => {
    expect(await reached(await attempt(unsafeSandbox(), script))).toBe(true);
  });

  it('does not get through in bubblewrap', async () => {
    expect(await reached(await attempt(bubblewrapSandbox(), script))).toBe(false);
  });
});

/** Perl tells the error of a system call; numbers are those of x64. */
const hasPerl = process.arch === 'x64' && existsSync('/usr/bin/perl');
const isRoot = process.getuid?.() === 0;

describe('bubblewrapSandbox', () => {
  const inside = (script: string): Promise<string> => attempt(bubblewrapSandbox(), script);

  it('shows no file of the system that holds secrets or persons', async () => {
    const list =
      'ls -d /etc/shadow /etc/gshadow /etc/ssl/private /root/* /home/* /var/* /run/* /sys/* /boot';
    expect(await inside(`${list} 2>/dev/null; cat /etc/passwd`)).toBe(
      'root:x:0:0:root:/root:/usr/sbin/nologin\nsandbox:x:65534:65534:sandbox:/tmp/home:/bin/sh\n',
    );
  });

  it('is an unprivileged user on a machine of its own', async () => {
    const script =
      'id -u; id -g; hostname; ls /proc/self/ns >/dev/null && grep CapEff /proc/self/status';
    expect(await inside(script)).toBe('65534\n65534\nsandbox\nCapEff:\t0000000000000000\n');
  });

  it('passes no variable and no descriptor on', async () => {
    const script =
      'env | cut -d= -f1 | sort | tr "\\n" " "; "$NODE" -p "process.versions.node" >/dev/null';
    expect(await inside(script)).toBe('HOME LANG NODE OUTSIDE PATH PORT PWD TMPDIR VICTIM ');
    expect(
      await inside('for fd in /proc/self/fd/*; do readlink "$fd"; done | grep -c outside'),
    ).toBe('0\n');
  });

  it('has no namespace of users below its own', async () => {
    expect(await attempt(unsafeSandbox(), 'unshare -U echo made')).toBe('made\n');
    expect(await inside('unshare -U echo made; unshare -r echo made')).toBe('');
  });

  it.runIf(hasPerl)(
    'has no keyring and no socket that leaves the namespace of networks',
    async () => {
      const keyring = `perl -e 'print syscall(250, 0, -3, 1) > 0 ? "keyring" : "none"'`;
      expect(await attempt(unsafeSandbox(), keyring)).toBe('keyring');
      expect(await inside(keyring)).toBe('none');
      const vsock = `perl -e 'print socket(my $s, 40, 1, 0) ? "socket" : $!+0'`;
      expect(await inside(vsock)).toBe('97');
    },
  );

  it.runIf(isRoot)('changes no setting of the kernel', async () => {
    const setting = '/proc/sys/vm/overcommit_ratio';
    const script = `old=$(cat ${setting}) && (echo "$old" > ${setting}) 2>/dev/null && echo written`;
    expect(await attempt(unsafeSandbox(), script)).toBe('written\n');
    expect(await inside(script)).toBe('');
  });

  it('has a temporary folder and a home that nobody sees and that do not last', async () => {
    const name = `chancery-mine-${process.pid}`;
    const script = `touch /tmp/${name} "$HOME/${name}" && ls -A /tmp "$HOME" | grep -c mine`;
    expect([await inside(script), await inside('ls -A "$HOME"')]).toEqual(['2\n', '']);
    expect(existsSync(join('/tmp', name))).toBe(false);
  });

  it('reads what a grant shows and cannot write it', async () => {
    const result = await bubblewrapSandbox().run({
      argv: ['sh', '-c', 'cat "$0/secret"; echo after > "$0/file"', world.outside],
      ...{
        workspace: world.workspace,
        cwd: '.',
        stdin: null,
        timeoutMs: 20_000,
        outputBytes: 4096,
      },
      ...{ env: {}, readable: [world.outside], readOnly: [], signal: new AbortController().signal },
    });
    expect(result.ok && Buffer.from(result.value.stdout).toString()).toBe(secret);
    expect(read(world.outside, 'file')).toBe('before');
  });

  it('leaves nothing in the workspace', async () => {
    const before = readdirSync(world.workspace, { recursive: true }).sort();
    await inside('true');
    expect(readdirSync(world.workspace, { recursive: true }).sort()).toEqual(before);
  });

  it('keeps a workspace without a repository from becoming one', async () => {
    rmSync(join(world.workspace, '.git'), { recursive: true });
    await inside('git init; rmdir .git; mkdir .git; echo x > .git/config');
    expect(existsSync(join(world.workspace, '.git'))).toBe(false);
  });
});

/** A program that runs a command in bubblewrap, plainly first, as a process of its own. */
const launcher = (script: string): string => `
  import { bubblewrapSandbox } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
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
    const hold = `touch '${held}'; while [ ! -e '${free}' ]; do sleep 0.02; done`;
    const late = `#!/bin/sh\ncase "$*" in *'touch begun'*) ${hold};; esac\nexec bwrap "$@"\n`;
    writeFileSync(BWRAP, late, { mode: 0o755 });
    const child = spawn(node, args, { env: env({ PREPARE: 'true', BWRAP }), stdio: 'ignore' });
    const exit = new Promise((resolve) => child.once('exit', resolve));
    while (!existsSync(held)) await sleep(20);
    // It answers nobody any more: the first process of the sandbox waits to be told to go on.
    child.kill('SIGSTOP');
    writeFileSync(free, '');
    const [bwrap = 0] = childrenOf(child.pid ?? 0);
    while (!childrenOf(bwrap).some((first) => commandOf(first).includes('/bin/sh')))
      await sleep(20);
    child.kill('SIGKILL');
    await exit;
    const begun = (): boolean => existsSync(join(world.workspace, 'begun'));
    const isOver = (): boolean => begun() || processesWith(world.workspace).length === 0;
    for (let looks = 0; looks < 250 && !isOver(); looks += 1) await sleep(20);
    expect([begun(), processesWith(world.workspace)]).toEqual([false, []]);
  });
});

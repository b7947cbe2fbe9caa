import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
  rmSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxCommand, SandboxOutcome } from '@chancery/runtime/broker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bubblewrapSandbox, unsafeSandbox } from './index.ts';

const confined = bubblewrapSandbox();
const sandboxes = { bubblewrap: confined, none: unsafeSandbox() };

let workspace: string;

beforeEach(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-workspace-')));
});

afterEach(() => {
  rmSync(workspace, { recursive: true, force: true });
});

const command = (argv: readonly string[], more: Partial<SandboxCommand> = {}): SandboxCommand => ({
  ...{ argv, workspace, cwd: '.', env: {}, stdin: null, timeoutMs: 20_000, outputBytes: 65_536 },
  ...{ readable: [], readOnly: [], signal: new AbortController().signal },
  ...more,
});

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Command lines of live processes that hold a text which only the test knows. */
function livesWith(mark: string): readonly string[] {
  const read = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(read)
    .filter((line) => line.includes(mark));
}

/** Fires when there is a file. */
function existing(path: string): AbortSignal {
  const abort = new AbortController();
  const looking = setInterval(() => {
    if (!existsSync(path)) return;
    clearInterval(looking);
    abort.abort();
  }, 20);
  return abort.signal;
}

let marks = 0;
const newMark = (): string => `chancery-mark-${process.pid}-${(marks += 1)}`;

/** Leaves its session and its parent, hears no signal, and holds the output open. */
const daemon = (mark: string): string =>
  `setsid sh -c 'trap "" TERM HUP INT; echo up; while :; do sleep 1; done' ${mark} &`;

describe.each(Object.entries(sandboxes))('sandbox %s', (_, sandbox) => {
  const run = async (
    argv: readonly string[],
    more: Partial<SandboxCommand> = {},
  ): Promise<SandboxOutcome> => {
    const result = await sandbox.run(command(argv, more));
    if (!result.ok) throw new Error(result.refusal.message);
    return result.value;
  };

  it('tells the exit code and both outputs', async () => {
    const outcome = await run(['sh', '-c', 'echo out; echo err >&2; exit 3']);
    expect({ ...outcome, stdout: text(outcome.stdout), stderr: text(outcome.stderr) }).toEqual({
      ...{ exitCode: 3, signal: null, timedOut: false, cancelled: false },
      ...(sandbox === confined ? { reached: [] } : {}),
      ...{ stdout: 'out\n', stderr: 'err\n', stdoutBytes: 4, stderrBytes: 4 },
      ...{ wallMs: expect.any(Number) as number, cpuMs: expect.any(Number) as number },
    });
  });

  it('gives the text as input, and none without one', async () => {
    const long = 'x'.repeat(300_000);
    const [given, none] = [await run(['wc', '-c'], { stdin: long }), await run(['cat'])];
    expect([text(given.stdout).trim(), text(none.stdout)]).toEqual(['300000', '']);
  });

  it('ignores that a program does not read its input', async () => {
    expect(await run(['true'], { stdin: 'x'.repeat(1_000_000) })).toMatchObject({ exitCode: 0 });
  });

  it('runs in the folder that is named, with the environment that is given and its own', async () => {
    mkdirSync(join(workspace, 'sub'));
    const { stdout } = await run(['sh', '-c', 'pwd; echo "$A|$HOME|$LANG|$CHANCERY_TEST"'], {
      cwd: 'sub',
      env: { A: 'a b\n"c"' },
    });
    const [folder, ...rest] = text(stdout).split('\n');
    expect(folder).toBe(join(workspace, 'sub'));
    expect(rest.join('\n')).toMatch(/^a b\n"c"\|\/tmp\/[^|]+\|C\.UTF-8\|\n$/);
  });

  it.each([
    ['a program that is not there', ['chancery-no-such-program'], [127]],
    ['a builtin of the shell', ['exit', '3'], [127]],
    ['a folder in the place of a program', ['/usr'], [126, 127]],
    ['a program that a signal ends', ['sh', '-c', 'kill -TERM $$'], [128 + 15]],
  ])('tells %s by its exit code', async (_title, argv, exitCodes) => {
    expect(exitCodes).toContain((await run(argv)).exitCode);
  });

  it('tells a folder that is not there as a failure of the command', async () => {
    expect(await run(['true'], { cwd: 'absent' })).toMatchObject({ exitCode: 126 });
  });

  it('keeps the first bytes of endless output, counts the rest and ends it in time', async () => {
    const outcome = await run(['sh', '-c', 'yes & yes >&2'], { timeoutMs: 500, outputBytes: 1000 });
    expect(outcome).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: true });
    expect(text(outcome.stdout)).toBe('y\n'.repeat(500));
    expect(outcome.stderr.length).toBe(1000);
    expect(outcome.stdoutBytes).toBeGreaterThan(100_000);
    expect(outcome.stderrBytes).toBeGreaterThan(100_000);
  });

  it('keeps bytes that are no text', async () => {
    const { stdout } = await run(['printf', '\\377\\000\\376']);
    expect([...stdout]).toEqual([0xff, 0, 0xfe]);
  });

  it('measures processor time, of what is left running too', async () => {
    // Until it has used a tenth of a second, however long that takes.
    const busy = `perl -e 'while ((times)[0] + (times)[1] < 0.1) {}'`;
    const endless = 'while :; do :; done';
    const used = 'until [ "$(cut -d " " -f 14 /proc/$!/stat)" -ge 10 ]; do sleep 0.05; done';
    const waited = await run(['sh', '-c', busy]);
    const left = await run(['sh', '-c', `(${endless}) & ${used}`], { timeoutMs: 120_000 });
    const killed = await run(['sh', '-c', `(${endless}) & ${used}; touch used; wait`], {
      signal: existing(join(workspace, 'used')),
    });
    for (const { cpuMs } of [waited, left, killed]) expect(cpuMs).toBeGreaterThan(50);
  });

  it.each([
    ['at a normal end', 'sleep 0.2; exit 0', 20_000, { exitCode: 0, timedOut: false }],
    ['at the time limit', 'sleep 60', 700, { exitCode: null, timedOut: true }],
  ])('leaves nothing of the tree alive %s', async (_title, end, timeoutMs, ended) => {
    const mark = newMark();
    const outcome = await run(['sh', '-c', `${daemon(mark)} ${end}`], { timeoutMs });
    expect(livesWith(mark)).toEqual([]);
    expect(outcome).toMatchObject({ ...ended, stdoutBytes: 3 });
  });

  it('ends everything when it is cancelled', async () => {
    const mark = newMark();
    const abort = new AbortController();
    const running = run(['sh', '-c', `${daemon(mark)} sleep 60`], { signal: abort.signal });
    while (livesWith(mark).length === 0) await sleep(10);
    abort.abort();
    expect(await running).toMatchObject({ exitCode: null, cancelled: true, timedOut: false });
    expect(livesWith(mark)).toEqual([]);
  });

  it('does not begin what was cancelled before', async () => {
    const outcome = await run(['sh', '-c', 'touch begun'], {
      signal: AbortSignal.abort(),
    });
    expect(outcome).toMatchObject({ cancelled: true });
    expect(readdirSync(workspace)).toEqual([]);
  });
});

describe('bubblewrapSandbox', () => {
  const refusalOf = async (more: Partial<SandboxCommand>): Promise<string> => {
    const result = await confined.run(command(['true'], more));
    return result.ok ? 'no refusal' : result.refusal.code;
  };

  it('reports what it really enforces, and by what', async () => {
    const report = await confined.probe();
    const by = (limit: string): string | undefined =>
      report.limits?.find((held) => held.limit === limit)?.by;
    const isGrouped = by('memoryBytes') !== 'rlimit';
    expect(report).toEqual({
      provider: 'bubblewrap',
      version: expect.stringMatching(/^\d+\.\d+/) as string,
      enforced: [
        ...['private-files', 'read-only-system', 'read-only-kernel', 'writable-workspace'],
        ...['protected-paths', 'no-network', 'unprivileged-user', 'no-capabilities'],
        ...['no-new-privileges', 'system-call-filter', 'no-core-dumps', 'landlock', 'own-users'],
        ...['own-processes', 'own-network', 'own-ipc', 'own-hostname', 'own-cgroups'],
        ...(isGrouped ? ['memory-limit'] : []),
        ...(by('processes') === 'nothing' ? [] : ['process-limit']),
        ...(by('cpuPercent') === 'nothing' ? [] : ['cpu-limit']),
        ...['file-size-limit', 'scratch-limit', 'disk-reserve'],
      ],
      missing: [
        ...(isGrouped ? [] : ['memory-limit']),
        ...(by('processes') === 'nothing' ? ['process-limit'] : []),
        ...(by('cpuPercent') === 'nothing' ? ['cpu-limit'] : []),
        'disk-limit',
      ],
      limits: expect.any(Array) as [],
      unsafe: false,
    });
    expect(report.limits?.map(({ limit }) => limit)).toEqual([
      ...['memoryBytes', 'processes', 'cpuPercent', 'fileBytes', 'scratchBytes', 'freeBytes'],
    ]);
  });

  it('refuses to run, and reports nothing as enforced, without bubblewrap', async () => {
    const absent = bubblewrapSandbox({ bwrapPath: '/chancery/no/bwrap' });
    expect(await absent.run(command(['true']))).toMatchObject({
      ok: false,
      refusal: { code: 'sandbox.unavailable', message: 'bubblewrap cannot be run' },
    });
    expect(await absent.probe()).toMatchObject({ enforced: [], version: '', unsafe: false });
  });

  it('refuses to run where bubblewrap fails, with its reason, and works once that is repaired', async () => {
    const bwrapPath = join(workspace, 'bwrap');
    const broken = bubblewrapSandbox({ bwrapPath });
    const fails = 'echo "bwrap: No permissions to create new namespace" >&2; exit 1';
    writeFileSync(
      bwrapPath,
      `#!/bin/sh\n[ "$1" = --version ] && echo bubblewrap 0.8.0 || { ${fails}; }\n`,
    );
    chmodSync(bwrapPath, 0o755);
    const refused = await broken.run(command(['true']));
    writeFileSync(bwrapPath, `#!/bin/sh\nPATH=/usr/bin:/bin; exec bwrap "$@"\n`);
    expect([refused, await broken.run(command(['true']))]).toMatchObject([
      {
        ok: false,
        refusal: {
          code: 'sandbox.unavailable',
          message: expect.stringContaining('No permissions to create new namespace') as string,
        },
      },
      { ok: true, value: { exitCode: 0 } },
    ]);
  });

  it('refuses to run where bubblewrap confines nothing', async () => {
    const bwrapPath = join(workspace, 'bwrap');
    const script = ['#!/bin/sh', 'while [ "$1" != -- ]; do shift; done; shift', 'exec "$@"'];
    script.splice(1, 0, '[ "$1" = --version ] && { echo 9.9; exit; }');
    writeFileSync(bwrapPath, script.join('\n'));
    chmodSync(bwrapPath, 0o755);
    expect(await bubblewrapSandbox({ bwrapPath }).run(command(['true']))).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('private-files') as string },
    });
  });

  it('refuses a workspace that is more than a workspace', async () => {
    const link = join(workspace, 'link');
    symlinkSync(workspace, link);
    writeFileSync(join(workspace, 'file'), '');
    const unfit = [
      ...['relative', '/', '/home', '/root', homedir(), '/tmp', '/usr/share', '/etc', '/proc/self'],
      ...[link, join(workspace, 'file'), join(workspace, 'absent'), `${workspace}/`],
    ];
    const codes = await Promise.all(unfit.map((path) => refusalOf({ workspace: path })));
    expect(codes).toEqual(unfit.map(() => 'sandbox.unavailable'));
  });

  it('refuses readable paths that would undo the confinement, and takes others', async () => {
    const homes = ['/root', '/home', homedir()].filter((path) => existsSync(path));
    const paths = ['/', '/proc', '/dev', '/run/user', '/tmp', 'relative', ...homes];
    const codes = await Promise.all(paths.map((path) => refusalOf({ readable: [path] })));
    expect(codes).toEqual(paths.map(() => 'sandbox.unavailable'));
    expect(await refusalOf({ readable: ['/chancery/absent'] })).toBe('no refusal');
  });

  it('shows nothing of what it is told to hide, and works in a workspace inside it', async () => {
    const base = workspace;
    const hidden = join(base, 'home');
    const inner = join(hidden, 'worktrees/one');
    const beside = join(base, 'beside');
    for (const folder of [inner, join(hidden, 'keys'), beside]) {
      mkdirSync(folder, { recursive: true });
    }
    symlinkSync(hidden, join(base, 'link'));
    for (const name of [hidden, join(base, 'link'), join(base, 'link/keys')]) {
      const sandbox = bubblewrapSandbox({ hidden: [name] });
      const codeOf = async (path: string): Promise<string> => {
        const result = await sandbox.run(command(['true'], { workspace: inner, readable: [path] }));
        return result.ok ? 'no refusal' : result.refusal.code;
      };
      expect([
        await codeOf(base),
        await codeOf(join(hidden, 'keys')),
        await codeOf(beside),
      ]).toEqual(['sandbox.unavailable', 'sandbox.unavailable', 'no refusal']);
    }
  });

  it('refuses a protected path that leads through a symlink', async () => {
    symlinkSync('elsewhere', join(workspace, '.git'));
    expect(await refusalOf({})).toBe('sandbox.unavailable');
  });

  it('offers the Node that runs this process, npm and git', async () => {
    const script = 'node --version && npm --version >/dev/null && git --version >/dev/null';
    const result = await confined.run(command(['sh', '-c', script]));
    expect(result.ok && text(result.value.stdout)).toBe(`${process.version}\n`);
  });

  it('runs many at once, each with its own files and processes', async () => {
    const seen = `cat /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep ^many- | sort -u`;
    const script = `echo "$0" > /tmp/x; sleep 0.1; cat /tmp/x; ${seen}`;
    const names = Array.from({ length: 8 }, (_, index) => `many-${index}`);
    const results = await Promise.all(
      names.map((name) => confined.run(command(['sh', '-c', script, name]))),
    );
    const outputs = results.map((result) => result.ok && text(result.value.stdout));
    expect(outputs).toEqual(names.map((name) => `${name}\n${name}\n`));
  });
});

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxCommand, SandboxOutcome } from '@chancery/runtime/broker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bubblewrapSandbox } from './index.ts';

const mebibyte = 1024 ** 2;
const kept = 1_000;

/** Tight, so that programs run into them soon. */
const sandbox = bubblewrapSandbox({
  limits: { memoryBytes: 512 * mebibyte, processes: 100, fileBytes: 8 * mebibyte },
});

let workspace: string;

beforeEach(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-hostile-')));
});

afterEach(() => {
  rmSync(workspace, { recursive: true, force: true });
});

async function run(
  argv: readonly string[],
  more: Partial<SandboxCommand> = {},
): Promise<SandboxOutcome> {
  const result = await sandbox.run({
    ...{ argv, workspace, cwd: '.', env: {}, stdin: null, timeoutMs: 60_000, outputBytes: kept },
    ...{ readable: [], readOnly: [], signal: new AbortController().signal },
    ...more,
  });
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const exited = { exitCode: 0, signal: null, timedOut: false, cancelled: false };
const ended = { exitCode: null, signal: 'SIGKILL', timedOut: true, cancelled: false };

interface Hostile {
  readonly script: string;
  readonly timeoutMs?: number;
  readonly stdin?: string;
  /** What is told of it. */
  readonly outcome: Partial<SandboxOutcome>;
}

const hostile: Readonly<Record<string, Hostile>> = {
  'prints gigabytes': {
    script: 'head -c 2G /dev/zero',
    outcome: { ...exited, stdoutBytes: 2 * 1024 ** 3 },
  },
  'prints newlines without end': { script: 'yes ""', timeoutMs: 500, outcome: ended },
  'prints one line without end': {
    script: 'tr "\\0" x < /dev/zero >&2',
    timeoutMs: 500,
    outcome: ended,
  },
  'prints bytes that are no text': {
    script: 'head -c 900 /dev/urandom; printf "\\377\\376\\300\\200\\355\\240\\200"',
    outcome: { ...exited, stdoutBytes: 907 },
  },
  'reads nothing of a long input and closes it': {
    script: 'exec <&-; echo on',
    stdin: 'x'.repeat(4 * mebibyte),
    outcome: exited,
  },
  'closes its output and goes on': {
    script: 'exec <&- >&- 2>&-; sleep 0.1; exit 0',
    outcome: { ...exited, stdoutBytes: 0, stderrBytes: 0 },
  },
  'closes every descriptor and goes on without end': {
    script: 'exec perl -e "use POSIX; POSIX::close(\\$_) for 0 .. 1000; sleep 1 while 1"',
    timeoutMs: 500,
    outcome: ended,
  },
  'hears no signal': {
    script: 'trap "" TERM INT HUP QUIT PIPE; kill -TERM $$; while :; do :; done',
    timeoutMs: 500,
    outcome: ended,
  },
  'leaves its session, its parents and its output behind': {
    script: '(setsid sh -c "(exec sleep 600 <&- >&- 2>&-) &" &); exit 0',
    outcome: exited,
  },
  'stops itself': { script: 'kill -STOP $$', timeoutMs: 500, outcome: ended },
  'stops all that it sees': {
    script: 'kill -STOP -1; kill -STOP 1; exit 0',
    timeoutMs: 500,
    outcome: { cancelled: false },
  },
  'kills all that it sees': {
    script: 'kill -KILL -1; exit 0',
    outcome: { timedOut: false, cancelled: false },
  },
  'starts processes without end': {
    script: 'f() { f | f & }; (f) & while :; do :; done',
    timeoutMs: 1_000,
    outcome: ended,
  },
  'starts threads without end': {
    script: `exec "$NODE" -e 'const { Worker } = require("worker_threads");
      setInterval(() => new Worker("setInterval(() => 0, 1000)", { eval: true }).on("error", () => 0), 1)'`,
    timeoutMs: 3_000,
    // It may be ended by the limit of memory, by its own, or by the time.
    outcome: { cancelled: false },
  },
  'takes memory without end': {
    script: `exec perl -e 'my @all; push @all, "x" x 1048576 while 1'`,
    outcome: { timedOut: false, cancelled: false },
  },
  'fills a file without end': {
    script: 'exec cat /dev/zero > file',
    outcome: { ...exited, exitCode: 153, reached: ['fileBytes'] },
  },
  'makes files without end': {
    script: 'i=0; while :; do i=$((i + 1)); : > "file-$i"; done',
    timeoutMs: 500,
    outcome: ended,
  },
  'makes folders in folders without end': {
    script: `exec perl -e 'while (1) { mkdir "d"; chdir "d" or sleep 1 }'`,
    timeoutMs: 300,
    outcome: ended,
  },
  'is given more words than a program may have': {
    script: 'true $(head -c 4000000 /dev/zero | tr "\\0" "x" | fold -w 100000)',
    outcome: { timedOut: false, cancelled: false },
  },
  'calls itself without end': {
    script: 'exec perl -e "exec \\$^X, q(-e), q(1) while 0; exec q(sh), q(-c), q(exec sh -c true)"',
    outcome: exited,
  },
};

describe('a command that', () => {
  it.each(Object.entries(hostile))(
    '%s is bounded and told, and the next one works',
    async (_, each) => {
      const { script, outcome, ...more } = each;
      const seen = await run(['sh', '-c', script], { ...more, env: { NODE: process.execPath } });
      expect(seen).toMatchObject(outcome);
      expect([seen.stdout.length <= kept, seen.stderr.length <= kept]).toEqual([true, true]);
      expect(await run(['echo', 'works'])).toMatchObject(exited);
    },
  );

  it('has more words than the system takes is told as one that cannot be run', async () => {
    const words = Array.from({ length: 1_024 }, () => 'x'.repeat(32_000));
    const seen = await run(['true', ...words]);
    expect(seen).toMatchObject({ ...exited, exitCode: 126 });
    expect(text(seen.stderr)).toBe('sh: argument list too long\n');
    expect(text((await run(['echo', 'works'])).stdout)).toBe('works\n');
  });
});

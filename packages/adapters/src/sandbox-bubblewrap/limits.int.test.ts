import { existsSync, mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SandboxLimit, SandboxLimits, SandboxOutcome } from '@chancery/runtime/broker';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { persons, personsOfLimits, type Person } from './escape/person-fixture.ts';
import { entriesIn } from './walk.ts';

let workspace: string;

beforeEach(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-limits-')));
});

afterEach(() => {
  rmSync(workspace, { recursive: true, force: true });
});

const mebibyte = 1024 ** 2;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Starts as many processes as it may, 100 at most, lets them be seen, and tells how many. */
const forks = `perl -e 'my $n = 0; for (1 .. 100) { my $pid = fork; last unless defined $pid;
  if ($pid == 0) { sleep 60; exit } $n += 1 } select(undef, undef, undef, 0.5); print $n'`;

/** Fills as much memory as it may, of 400 MiB. */
const hog = `perl -e 'my $text = "x" x (400 * 1048576); print length $text'`;

interface Attempt {
  readonly limit: SandboxLimit;
  readonly limits: Partial<SandboxLimits>;
  readonly script: string;
  /** Whether the limit did not hold. */
  readonly passed: (outcome: SandboxOutcome) => boolean;
  /** Whether who runs a command is told, where a control group holds the limit, and where not. */
  readonly told: { readonly group: boolean; readonly other: boolean };
}

const outputOf = ({ stdout }: SandboxOutcome): string => text(stdout);

/** Each gets through under the usual limits: the same attempt is its own positive control. */
const attempts: Readonly<Record<string, Attempt>> = {
  'takes more memory than it may': {
    limit: 'memoryBytes',
    limits: { memoryBytes: 200 * mebibyte },
    script: hog,
    passed: (outcome) => outputOf(outcome) === String(400 * mebibyte),
    told: { group: true, other: false },
  },
  'fills memory with temporary files': {
    limit: 'memoryBytes',
    limits: { memoryBytes: 100 * mebibyte },
    script: 'dd if=/dev/zero of=/tmp/file bs=1M count=200 2>/dev/null; echo $?',
    passed: (outcome) => outputOf(outcome) === '0\n',
    told: { group: true, other: false },
  },
  'starts more processes than it may': {
    limit: 'processes',
    limits: { processes: 20 },
    script: forks,
    passed: (outcome) => Number(outputOf(outcome)) >= 20,
    told: { group: true, other: false },
  },
  'writes a file larger than it may': {
    limit: 'fileBytes',
    limits: { fileBytes: mebibyte },
    script: 'exec dd if=/dev/zero of=file bs=1M count=3',
    passed: ({ exitCode }) => exitCode === 0,
    told: { group: true, other: true },
  },
  'writes more temporary files than it may': {
    limit: 'scratchBytes',
    limits: { scratchBytes: mebibyte },
    script: 'dd if=/dev/zero of=/tmp/file bs=1M count=3 2>/dev/null; echo $?',
    passed: (outcome) => outputOf(outcome) === '0\n',
    // As the program is, by the error of a full disk.
    told: { group: false, other: false },
  },
};

describe.each(personsOfLimits.map((make) => make()))(
  'run by $name, a command that',
  (person: Person) => {
    afterAll(() => person.leave());

    const run = async (
      limits: Partial<SandboxLimits>,
      script: string,
      timeoutMs = 60_000,
    ): Promise<SandboxOutcome> => {
      person.own(workspace);
      return person.run(
        { confined: true, limits },
        {
          argv: ['sh', '-c', script],
          ...{ workspace, cwd: '.', env: {}, stdin: null, timeoutMs, outputBytes: 65_536 },
          ...{ readable: [], readOnly: [] },
        },
      );
    };

    const heldBy = async (limit: SandboxLimit): Promise<string> =>
      (await person.report()).limits?.find((held) => held.limit === limit)?.by ?? 'nothing';

    describe.each(Object.entries(attempts))('%s', (_, { limit, limits, script, passed, told }) => {
      it('gets through under the usual limits', async () => {
        const outcome = await run({}, script);
        expect([passed(outcome), outcome.reached]).toEqual([true, []]);
      });

      it('is held to it where the report says so, which is told, and the next command works', async () => {
        const by = await heldBy(limit);
        const outcome = await run(limits, script);
        // Temporary files are not memory of the process that writes them.
        const isHeld = by.startsWith('cgroup') || (by !== 'nothing' && !script.includes('/tmp/'));
        expect(passed(outcome)).toBe(limit !== 'scratchBytes' && !isHeld);
        const isTold = by.startsWith('cgroup') || by === 'watch' ? told.group : told.other;
        expect(outcome.reached).toEqual(isTold ? [limit] : []);
        expect(outputOf(await run(limits, 'echo works'))).toBe('works\n');
      });
    });

    it('forks without end is bounded, and others go on', async () => {
      const bomb = 'f() { f | f & }; (f) & while :; do :; done';
      const running = run({ processes: 64 }, bomb, 3_000);
      const [status] = (await once(spawn('true'), 'close')) as [number];
      const beside = await person.run(
        { confined: true },
        {
          argv: ['echo', 'beside'],
          ...{ workspace, cwd: '.', env: {}, stdin: null, timeoutMs: 60_000, outputBytes: 1_000 },
          ...{ readable: [], readOnly: [] },
        },
      );
      const outcome = await running;
      expect([status, outputOf(beside)]).toEqual([0, 'beside\n']);
      // Where it is looked at alone how many there are, it is ended; else it has no more of them.
      const isWatched = (await heldBy('processes')) === 'watch';
      expect([outcome.timedOut, outcome.reached?.includes('processes')]).toEqual([
        !isWatched,
        isWatched || (await heldBy('processes')).startsWith('cgroup'),
      ]);
    });

    it('keeps processors busy gets no more of them than it may', async () => {
      const busy = `perl -e 'while ((times)[0] + (times)[1] < 0.3) {}'`;
      const { wallMs } = await run({ cpuPercent: 10 }, busy);
      const isHeld = (await heldBy('cpuPercent')) !== 'nothing';
      // A tenth of a processor takes three seconds for it, however fast the machine is.
      expect(wallMs > 2_000).toBe(isHeld);
    });

    it('fills the disk is ended before it is full, which is told, and the next command works', async () => {
      const { bavail, bsize } = statfsSync(workspace);
      const fill = 'dd if=/dev/zero of=file bs=1M count=600 2>/dev/null; echo written';
      const freeBytes = bavail * bsize - 100 * mebibyte;
      const outcome = await run({ freeBytes }, fill);
      expect(outcome).toMatchObject({
        ...{ exitCode: null, signal: 'SIGKILL', timedOut: false, cancelled: false },
        reached: ['freeBytes'],
      });
      expect(outputOf(outcome)).toBe('');
      rmSync(join(workspace, 'file'));
      expect(outputOf(await run({}, `${fill}; rm file`))).toBe('written\n');
    });

    it('may write where the disk was nearly full before', async () => {
      expect(outputOf(await run({ freeBytes: Number.MAX_SAFE_INTEGER }, 'sleep 0.3; echo x'))).toBe(
        'x\n',
      );
    });
  },
);

const hierarchies = '/sys/fs/cgroup';

/** Groups of ours, wherever they are; others come and go meanwhile. */
function groups(): readonly string[] {
  const folders = [...entriesIn(hierarchies, { passesClosed: true })].map(({ path }) =>
    dirname(path),
  );
  return [...new Set(folders)].filter((path) => /\/chancery-\d+-\d+-\w+$/.test(path));
}

const program = (script: string): string => `
  import { bubblewrapSandbox } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
  const sandbox = bubblewrapSandbox();
  await sandbox.probe();
  await sandbox.run({
    argv: ['sh', '-c', ${JSON.stringify(script)}], workspace: process.env.WORKSPACE, cwd: '.',
    env: {}, stdin: null, timeoutMs: 60000, outputBytes: 65536, readable: [], readOnly: [],
    signal: new AbortController().signal,
  });
`;

describe('control groups of a command', () => {
  const start = (script: string) =>
    spawn(process.execPath, ['--input-type=module', '-e', program(script)], {
      env: { ...process.env, WORKSPACE: workspace },
      stdio: 'inherit',
    });

  it('are gone when it has ended, and what a process that was killed left, at the next start', async () => {
    const child = start('touch begun; sleep 60');
    const mine = (): readonly string[] =>
      groups().filter((path) => path.includes(`chancery-${child.pid ?? 0}-`));
    while (!existsSync(join(workspace, 'begun'))) await new Promise((done) => setTimeout(done, 20));
    const during = mine();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const next = start('true');
    await once(next, 'exit');
    const after = groups().filter((path) => path.includes(`chancery-${next.pid ?? 0}-`));
    const report = await (persons[0]?.() as Person).report();
    const isGrouped = report.limits?.some(({ by }) => by.startsWith('cgroup')) === true;
    expect([during.length > 0, mine(), after]).toEqual([isGrouped, [], []]);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processFacts } from './process.ts';
import { supervise, UnwatchedError, type Ending, type Supervised } from './supervision.ts';

const emfile = (): never => {
  throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
};

/** A process that does nothing for this long, and what became of it. */
async function supervised(seconds: number, timeoutMs: number, ending: Partial<Ending>) {
  const child = spawn('sleep', [String(seconds)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const limits = { stdin: null, timeoutMs, outputBytes: 10, signal: new AbortController().signal };
  let waits = 0;
  const ended = await supervise(child as unknown as Supervised, limits, {
    kill: () => child.kill('SIGKILL'),
    afterEnd: async () => {
      waits += 1;
    },
    ...ending,
  }).catch((error: unknown) => error);
  return { ended, waits, lives: processFacts(child.pid ?? 0)?.isDead === false };
}

describe('supervise', () => {
  it.each<[string, number, Partial<Ending>]>([
    ['is looked at', 20_000, { watch: { lookMs: 5, overrun: emfile } }],
    ['is ended', 50, { kill: emfile }],
  ])(
    'ends what it cannot look at, where the system fails when it %s',
    async (_when, ms, ending) => {
      const { ended, ...rest } = await supervised(30, ms, ending);
      expect(ended).toBeInstanceOf(UnwatchedError);
      expect(ended).toMatchObject({ name: 'UnwatchedError', code: 'EMFILE' });
      expect(rest).toEqual({ waits: 1, lives: false });
    },
  );

  it('says so as well where its end cannot be seen', async () => {
    const ending = { watch: { lookMs: 5, overrun: emfile }, afterEnd: async () => emfile() };
    expect((await supervised(30, 20_000, ending)).ended).toBeInstanceOf(UnwatchedError);
  });

  it('looks for no more than a tenth of the time', async () => {
    const looks: { readonly beganMs: number; readonly endedMs: number }[] = [];
    const overrun = (): undefined => {
      const beganMs = performance.now();
      while (performance.now() < beganMs + 8);
      looks.push({ beganMs, endedMs: performance.now() });
    };
    await supervised(0.6, 20_000, { watch: { lookMs: 1, overrun } });
    const rests = looks.slice(1).map(({ beganMs }, index) => {
      const { beganMs: before, endedMs = 0 } = looks[index] ?? {};
      return (beganMs - endedMs) / (endedMs - (before ?? 0));
    });
    expect(rests.length).toBeGreaterThan(0);
    // A timer may be a millisecond early.
    expect(Math.min(...rests)).toBeGreaterThan(8.8);
  });
});

const program = `
  import { closeSync, openSync } from 'node:fs';
  import { bubblewrapSandbox } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
  const sandbox = bubblewrapSandbox();
  await sandbox.probe();
  const opened = [];
  const fill = () => {
    try {
      for (;;) opened.push(openSync('/dev/null'));
    } catch {}
  };
  const ended = sandbox.run({
    argv: ['sh', '-c', 'echo begun; sleep 60'], workspace: process.env.WORKSPACE, cwd: '.',
    env: {}, stdin: ({ onOutput }) => onOutput(fill), timeoutMs: 1000, outputBytes: 65536,
    readable: [], readOnly: [], signal: new AbortController().signal,
  });
  const error = await ended.catch((error) => error);
  for (const each of opened) closeSync(each);
  console.log(error.name, error.code);
`;

it('fails a command, and not the process that runs it, where that can open no file', async () => {
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-supervision-')));
  const words = ['-c', 'ulimit -n 2000; exec "$0" --input-type=module -e "$1"'];
  const child = spawn('sh', [...words, process.execPath, program], {
    env: { ...process.env, WORKSPACE: workspace },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child, 'close');
  rmSync(workspace, { recursive: true });
  expect(said).toBe('UnwatchedError EMFILE\n');
});

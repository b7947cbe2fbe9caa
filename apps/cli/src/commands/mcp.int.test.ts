import { join } from 'node:path';
import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';
import { StandardStreams } from '../mcp-fixture.ts';

let stand: Stand;
let open: (() => Promise<unknown>)[];

beforeEach(async () => {
  stand = new Stand();
  open = [];
  stand.makeRepo();
  await stand.init();
});
afterEach(async () => {
  for (const close of open) await close();
  stand.remove();
});

interface Session {
  readonly client: Client;
  readonly streams: StandardStreams;
}

/** A session of the official client over standard input and output. */
async function session(
  words: readonly string[] = [],
  options: ClientOptions = {},
): Promise<Session> {
  const streams = new StandardStreams(stand, ['mcp', ...words]);
  const client = new Client({ name: 'tester', version: '7' }, options);
  prepare(client);
  await client.connect(streams);
  open.push(() => client.close());
  return { client, streams };
}

let prepare: (client: Client) => void = () => undefined;
afterEach(() => {
  prepare = () => undefined;
});

interface Result {
  readonly isError: boolean;
  readonly said: string;
  readonly value: Readonly<Record<string, unknown>>;
}

async function call(client: Client, name: string, args: object = {}): Promise<Result> {
  const result = await client.callTool({ name, arguments: { ...args } });
  const [first] = result.content;
  const value = result.structuredContent as Result['value'];
  return {
    isError: result.isError === true,
    said: first?.type === 'text' ? first.text : '',
    value,
  };
}

const onRepo = () => ['--repo', stand.repo];

async function onlyRun(): Promise<string> {
  const { lines } = await stand.json(['runs']);
  const runs = lines.filter(({ type }) => type === 'run');
  expect(runs).toHaveLength(1);
  return String(runs[0]?.['run']);
}

async function entriesOf(run: string): Promise<readonly Entry[]> {
  const { lines } = await stand.json(['show', run]);
  return lines
    .filter(({ type }) => type === 'entry')
    .map((line: JsonLine) => line['entry'] as Entry);
}

interface Entry {
  readonly kind: string;
  readonly cause: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

const heldArgs = { path: 'package-lock.json', text: '{}' };

async function actionHeld(client: Client): Promise<string> {
  const held = await call(client, 'fs_write', heldArgs);
  const { waiting } = held.value as { waiting: { for: string; action: string } };
  expect(waiting.for).toBe('approval');
  return waiting.action;
}

describe('chancery mcp over standard input and output', () => {
  it('takes each call as an intent, shows what came of it, and finishes as any run', async () => {
    const { client, streams } = await session([...onRepo(), '--gate', 'test -f b.txt']);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['fs_read', 'shell_run', 'chancery_wait', 'chancery_finish']),
    );
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]));
    expect(hints['fs_read']).toMatchObject({ readOnlyHint: true, openWorldHint: false });
    expect(hints['fs_write']).toMatchObject({ readOnlyHint: false, destructiveHint: false });
    expect(await call(client, 'fs_read', { path: 'a.txt' })).toMatchObject({
      isError: false,
      value: { content: 'hello\n' },
    });
    expect(await call(client, 'fs_read', { path: '../x' })).toMatchObject({
      isError: true,
      value: { error: { code: 'args.escapes', remedy: expect.any(String) as string } },
    });
    expect(await call(client, 'fs_write', { path: 'b.txt', text: 'x' })).toMatchObject({
      isError: false,
    });
    const finished = await call(client, 'chancery_finish');
    expect(finished).toMatchObject({
      isError: false,
      value: { end: 'finished', outcome: 'succeeded', gates: [{ passed: true }] },
    });
    // Over is over.
    expect(await call(client, 'fs_read', { path: 'a.txt' })).toMatchObject({
      value: { end: 'finished' },
    });
    await client.close();
    expect(await streams.exit).toBe(0);
    const run = await onlyRun();
    expect(stand.git('show', `${String(finished.value['branch'])}:b.txt`)).toBe('x');
    const entries = await entriesOf(run);
    expect(entries[0]?.body['agent']).toEqual({
      kind: 'mcp',
      model: 'tester 7',
      why: 'chancery mcp',
    });
    const intents = entries.filter(({ kind }) => kind === 'intent.proposed');
    expect(intents.map(({ body }) => body['origin'])).toEqual(['mcp', 'mcp', 'mcp', 'gate']);
    for (const words of [['verify'], ['replay', run], ['audit', run]]) {
      expect(await stand.run(words)).toMatchObject({ exit: 0 });
    }
  });

  it('records a call of what is not offered, and of arguments that no entry can hold', async () => {
    const { client } = await session(onRepo());
    expect(await call(client, 'launch', {})).toMatchObject({
      isError: true,
      value: { error: { code: 'capability.unknown' } },
    });
    let deep: unknown = 0;
    for (let level = 0; level < 500; level += 1) deep = [deep];
    for (const path of [0.5, '\ud800', deep]) {
      expect(await call(client, 'fs_read', { path })).toMatchObject({
        isError: true,
        value: { error: { code: 'intent.malformed' } },
      });
    }
    expect(await call(client, 'fs_read', { path: 'a.txt' })).toMatchObject({ isError: false });
    const kinds = (await entriesOf(await onlyRun())).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'proposal.rejected')).toHaveLength(4);
  });

  it('runs the gates when the client goes, and fails where they do', async () => {
    const { client, streams } = await session([...onRepo(), '--gate', 'test -f b.txt']);
    expect(await call(client, 'fs_read', { path: 'a.txt' })).toMatchObject({ isError: false });
    await client.close();
    expect(await streams.exit).toBe(1);
    const ended = (await entriesOf(await onlyRun())).at(-1);
    expect(ended?.body).toMatchObject({ outcome: 'failed', gates: [{ passed: false }] });
  });

  it('tells which gates fail, and lets the client correct it', async () => {
    const { client } = await session([...onRepo(), '--gate', 'test -f b.txt']);
    await client.listTools();
    const failed = await call(client, 'chancery_finish');
    expect(failed).toMatchObject({
      isError: true,
      value: { gates: [{ passed: false, exitCode: 1 }] },
    });
    await call(client, 'fs_write', { path: 'b.txt', text: 'x' });
    expect(await call(client, 'chancery_finish')).toMatchObject({
      value: { outcome: 'succeeded' },
    });
  });

  it('ends as failed when the gates have failed three times', async () => {
    const { client } = await session([...onRepo(), '--gate', 'false']);
    await call(client, 'chancery_finish');
    await call(client, 'chancery_finish');
    expect(await call(client, 'chancery_finish')).toMatchObject({
      isError: true,
      value: { end: 'finished', outcome: 'failed', gates: [{ passed: false }] },
    });
  });

  it('begins no run where none can be, says why, and begins one when it can', async () => {
    stand.writeFiles({ 'a.txt': 'changed\n' });
    const { client } = await session(onRepo());
    await expect(client.listTools()).rejects.toThrow(/repo\.dirty/);
    stand.git('checkout', '--', 'a.txt');
    expect((await client.listTools()).tools.length).toBeGreaterThan(0);
  });

  it('leaves no run behind where nobody asked for anything', async () => {
    const { client, streams } = await session(onRepo());
    await client.close();
    expect(await streams.exit).toBe(0);
    const { lines } = await stand.json(['runs']);
    expect(lines.filter(({ type }) => type === 'run')).toEqual([]);
  });
});

describe('an action of an MCP client that is held', () => {
  it('waits for a signed vote in another process, and gives its outcome later', async () => {
    const { client } = await session(onRepo());
    const action = await actionHeld(client);
    expect(await call(client, 'fs_read', { path: 'a.txt' })).toMatchObject({
      isError: true,
      value: { taken: false, waiting: { action } },
    });
    expect(await call(client, 'chancery_wait', { seconds: 0 })).toMatchObject({
      isError: false,
      value: {
        waiting: {
          action,
          commands: [`chancery approve ${action.slice(0, 12)}`, expect.any(String)],
        },
      },
    });
    const waits = call(client, 'chancery_wait', { seconds: 300 });
    expect(await stand.run(['approve', action, '--yes'])).toMatchObject({ exit: 0 });
    expect(await waits).toMatchObject({ isError: false, value: { path: 'package-lock.json' } });
    // An agent that asks too late, or repeats what the commands name, is told all the same.
    for (const args of [{ action }, { action: action.slice(0, 12) }, {}]) {
      expect(await call(client, 'chancery_wait', args)).toMatchObject({
        value: { path: 'package-lock.json' },
      });
    }
    expect(await call(client, 'chancery_wait', { action: '0'.repeat(64) })).toMatchObject({
      value: { waiting: null },
    });
    expect(await call(client, 'fs_read', { path: 'a.txt' })).toMatchObject({ isError: false });
  });

  it('is told in both forms of an answer, of which a client hands on one', async () => {
    const { client } = await session(onRepo());
    const held = await call(client, 'fs_write', { path: 'package-lock.json', text: '{}' });
    expect(held.value['message']).toBe(held.said);
    expect(held.said).toContain('Call chancery_wait for the outcome.');
  });

  it('is refused by a veto', async () => {
    const { client } = await session(onRepo());
    const action = await actionHeld(client);
    const waits = call(client, 'chancery_wait', { seconds: 300 });
    expect(await stand.run(['deny', action, '--yes'])).toMatchObject({ exit: 0 });
    expect(await waits).toMatchObject({
      isError: true,
      value: { error: { code: 'approval.denied' } },
    });
  });

  // With a handshake, and as the revision 2026-07-28 has it, where each request says who asks.
  it.each(['legacy', { pin: '2026-07-28' }] as const)(
    'asks the user of the client to wait, whose answer is no vote (%j)',
    async (mode) => {
      const asked: string[] = [];
      const answers = [
        { action: 'accept', content: { next: 'wait', approve: true, vote: 'approve' } },
        { action: 'accept', content: { next: 'leave', vote: 'approve' } },
      ] as const;
      prepare = (client) => {
        client.setRequestHandler('elicitation/create', (request) => {
          asked.push(request.params.message);
          const [first] = [...answers].slice(asked.length - 1);
          return first ?? { action: 'cancel' };
        });
      };
      const { client } = await session(onRepo(), {
        capabilities: { elicitation: { form: {} } },
        versionNegotiation: { mode },
      });
      const held = call(client, 'fs_write', { path: 'package-lock.json', text: '{}' });
      await expect.poll(() => asked.length, { timeout: 30_000 }).toBe(1);
      const { lines } = await stand.json(['inbox']);
      const action = String(lines.find(({ type }) => type === 'waiting')?.['action']);
      expect(asked[0]).toContain(`chancery approve ${action.slice(0, 12)}`);
      expect(asked[0]).toContain('approves nothing');
      const run = await onlyRun();
      const entries = await entriesOf(run);
      expect(entries[0]?.body['agent']).toMatchObject({ model: 'tester 7' });
      expect(entries.at(-1)?.kind).toBe('proposal.suspended');
      expect(await stand.run(['approve', action, '--yes'])).toMatchObject({ exit: 0 });
      expect(await held).toMatchObject({ isError: false, value: { path: 'package-lock.json' } });
      const left = await call(client, 'fs_write', { path: 'yarn.lock', text: '{}' });
      expect(left).toMatchObject({ isError: false, value: { waiting: { for: 'approval' } } });
    },
  );

  it('outlives the session, which can be gone on with', async () => {
    const first = await session(onRepo());
    const action = await actionHeld(first.client);
    await first.client.close();
    expect(await first.streams.exit).toBe(4);
    const run = await onlyRun();
    expect(await stand.run(['approve', action, '--yes'])).toMatchObject({ exit: 0 });
    const second = await session(['--resume', run]);
    expect((await second.client.listTools()).tools.length).toBeGreaterThan(0);
    expect(await call(second.client, 'chancery_wait', { action })).toMatchObject({
      value: { path: 'package-lock.json' },
    });
    expect(await call(second.client, 'chancery_finish')).toMatchObject({
      value: { outcome: 'succeeded' },
    });
    await second.client.close();
    expect(await second.streams.exit).toBe(0);
    expect(await stand.run(['verify'])).toMatchObject({ exit: 0 });
  });

  it('is gone on with after the process was killed in the middle', async () => {
    const first = await session(onRepo());
    await call(first.client, 'fs_write', { path: 'b.txt', text: 'x' });
    first.streams.kill('SIGKILL');
    await first.streams.exit;
    const second = await session(['--resume', await onlyRun()]);
    expect(await call(second.client, 'fs_read', { path: 'b.txt' })).toMatchObject({
      value: { content: 'x' },
    });
    expect(await call(second.client, 'chancery_finish')).toMatchObject({
      value: { outcome: 'succeeded' },
    });
    expect(await stand.run(['verify'])).toMatchObject({ exit: 0 });
  });

  it('is brought to its end by chancery resume, without an agent', async () => {
    const first = await session([...onRepo(), '--gate', 'true']);
    await call(first.client, 'fs_write', { path: 'b.txt', text: 'x' });
    first.streams.kill('SIGTERM');
    expect(await first.streams.exit).toBe(5);
    const run = await onlyRun();
    expect(await stand.run(['resume', run])).toMatchObject({ exit: 0 });
    expect((await entriesOf(run)).at(-1)?.body).toMatchObject({ outcome: 'succeeded' });
  });
});

it('breaks off an effect that its client cancels, and goes on', async () => {
  const { client } = await session(onRepo());
  await client.listTools();
  const stop = new AbortController();
  const begun = client.callTool(
    { name: 'shell_run', arguments: { command: 'touch begun; sleep 600' } },
    { signal: stop.signal, timeout: 600_000 },
  );
  const run = await onlyRun();
  await expect
    .poll(async () => (await entriesOf(run)).at(-1)?.kind, { timeout: 30_000 })
    .toBe('execution.started');
  stop.abort('enough');
  await expect(begun).rejects.toThrow();
  expect(await call(client, 'fs_read', { path: 'a.txt' })).toMatchObject({ isError: false });
  const failed = (await entriesOf(run)).find(({ kind }) => kind === 'execution.failed');
  expect(failed?.body['failure']).toMatchObject({ code: 'cancelled' });
});

it('ends with the run that a human halts', async () => {
  const { client, streams } = await session(onRepo());
  await client.listTools();
  const run = await onlyRun();
  expect(await stand.run(['cancel', run, '--reason', 'enough'])).toMatchObject({ exit: 0 });
  expect(await call(client, 'fs_read', { path: 'a.txt' })).toMatchObject({
    isError: true,
    value: { end: 'finished', outcome: 'cancelled' },
  });
  await client.close();
  expect(await streams.exit).toBe(5);
});

it('rests with a control, and goes on when it is cleared', async () => {
  const { client } = await session([...onRepo(), '--gate', 'true']);
  await client.listTools();
  const halted = await stand.run(['halt', '--mode', 'soft', '--reason', 'wait']);
  expect(halted).toMatchObject({ exit: 0 });
  expect(await call(client, 'fs_read', { path: 'a.txt' })).toMatchObject({
    isError: true,
    value: { error: { code: 'control.halted' } },
  });
  expect(await call(client, 'chancery_finish')).toMatchObject({
    value: { waiting: { for: 'control', action: null, commands: expect.any(Array) as string[] } },
  });
  expect(await stand.run(['clear', '--yes'])).toMatchObject({ exit: 0 });
  expect(await call(client, 'chancery_wait', { seconds: 300 })).toMatchObject({
    isError: false,
    value: { end: 'finished', outcome: 'succeeded' },
  });
});

it.each([{ seconds: -1 }, { seconds: 0.5 }, { action: 1 }, { approve: true }])(
  'does not wait as %j says',
  async (args) => {
    const { client } = await session(onRepo());
    expect(await call(client, 'chancery_wait', args)).toMatchObject({
      isError: true,
      value: { error: { code: 'args.invalid' } },
    });
    expect(await call(client, 'chancery_wait')).toMatchObject({ value: { waiting: null } });
  },
);

describe('before a client has asked for anything', () => {
  it.each<[string, readonly string[], string]>([
    ['a repository without a name', ['--repo', ''], '--repo is empty'],
    ['a folder that is not there', ['--repo', 'nowhere'], 'repo.missing'],
    ['a folder that is no repository', ['--repo', '.'], 'repo.not-git'],
    ['a writ that is not there', ['--writ', 'no.writ'], 'the writ no.writ'],
    ['a budget that is none', ['--budget', 'much'], 'usage.invalid'],
    ['a host that is none', ['--allow-host', 'a..b'], 'usage.invalid'],
    ['what no manifest declares', ['--allow-capability', 'text.count'], 'manifest.unknown'],
    ['a run that is not there', ['--resume', 'zzzz'], 'zzzz'],
  ])('it ends with 2 for %s', async (_, words, said) => {
    const inRepo = words[0] === '--repo' || words[0] === '--resume' ? [] : onRepo();
    const { exit, stdout, stderr } = await stand.run(['mcp', ...inRepo, ...words]);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain(said);
  });

  it('it ends with 2 where there is no ledger', async () => {
    const { exit, stderr } = await stand.run(['mcp', ...onRepo()], {
      CHANCERY_HOME: join(stand.folder, 'empty'),
    });
    expect(exit).toBe(2);
    expect(stderr).toContain('ledger.missing');
  });

  it('it ends as a writ is refused', async () => {
    const writ = join(stand.folder, 'a.writ');
    expect(await stand.run(['writ', 'issue', writ, '--grant', 'fs.read'])).toMatchObject({
      exit: 0,
    });
    const revoked = await stand.run(['writ', 'revoke', writ, '--reason', 'enough']);
    expect(revoked).toMatchObject({ exit: 0 });
    const { exit, stderr } = await stand.run(['mcp', ...onRepo(), '--writ', writ]);
    expect(exit).toBe(3);
    expect(stderr).toContain('writ.revoked');
  });

  it('it ends with no run that a model drives, or that has ended', async () => {
    const model = stand.script({ calls: [{ name: 'fs.write', args: heldArgs }] }, { say: 'Done.' });
    const words = ['run', 'Do it', '--repo', stand.repo, '--model', model, '--no-wait'];
    const { lines } = await stand.json(words);
    const run = String(lines.at(-1)?.['run']);
    const driven = await stand.run(['mcp', '--resume', run]);
    expect(driven).toMatchObject({ exit: 2 });
    expect(driven.stderr).toContain('driven by no MCP client');
    expect(await stand.run(['cancel', run])).toMatchObject({ exit: 0 });
    expect((await stand.run(['mcp', '--resume', run])).stderr).toContain('run.finished');
  });
});

it('offers no more than a writ grants', async () => {
  const writ = join(stand.folder, 'small.writ');
  const issued = await stand.run(['writ', 'issue', writ, '--grant', 'fs.read']);
  expect(issued).toMatchObject({ exit: 0 });
  const { client } = await session([...onRepo(), '--writ', writ]);
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['fs_read', 'chancery_wait', 'chancery_finish']);
  expect(await call(client, 'fs_write', { path: 'b.txt', text: 'x' })).toMatchObject({
    isError: true,
    value: { error: { code: 'writ.not-granted' } },
  });
});

it('is not put out by what is no JSON-RPC', async () => {
  const { client, streams } = await session(onRepo());
  for (const line of [
    'not json',
    '{"jsonrpc":"1.0"}',
    '{"jsonrpc":"2.0","id":{},"method":3}',
    '[]',
  ]) {
    streams.raw(Buffer.from(`${line}\n`));
  }
  streams.raw(Buffer.from([0xff, 0xfe, 0x0a]));
  expect(await call(client, 'fs_read', { path: 'a.txt' })).toMatchObject({ isError: false });
});

import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

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

describe('chancery mcp over HTTP', () => {
  const token = 'a-token-of-some-length-0123456789abcdef';
  const serving = async (): Promise<string> => {
    const file = join(stand.folder, 'token');
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    const words = ['mcp', ...onRepo(), '--listen', '127.0.0.1:0', '--token-file', file];
    const started = stand.start(words);
    let heard = '';
    started.child.stderr?.on('data', (chunk: string) => (heard += chunk));
    await started.says('Serving MCP at ');
    await started.says('stop with Ctrl-C');
    return /Serving MCP at (\S+);/.exec(heard)?.[1] ?? '';
  };
  const authorised = { authorization: `Bearer ${token}` };

  it('serves the one run to whoever has the token', async () => {
    const url = await serving();
    for (const path of ['a.txt', 'a.txt']) {
      const client = new Client({ name: 'tester', version: '7' });
      await client.connect(
        new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: authorised } }),
      );
      open.push(() => client.close());
      expect(await call(client, 'fs_read', { path })).toMatchObject({
        value: { content: 'hello\n' },
      });
    }
    expect(await onlyRun()).not.toBe('');
  });

  it.each([
    ['no token', {}, 401],
    ['another token', { authorization: `Bearer ${token}x` }, 401],
    ['another host', { ...authorised, host: 'evil.example' }, 403],
    ['a page of the web', { ...authorised, origin: 'https://evil.example' }, 403],
  ])('refuses %s', async (_, headers, status) => {
    const url = await serving();
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const given = Object.entries({
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    });
    const words = given.flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const answered = execFileSync('curl', [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      ...words,
      '-d',
      body,
      url,
    ]);
    expect(String(answered)).toBe(String(status));
    const { lines } = await stand.json(['runs']);
    expect(lines.filter(({ type }) => type === 'run')).toEqual([]);
  });

  it('tells that an address is taken', async () => {
    const url = new URL(await serving());
    const file = join(stand.folder, 'token');
    const words = ['mcp', ...onRepo(), '--listen', url.host, '--token-file', file];
    const { exit, stderr } = await stand.run(words);
    // The ledger has one owner, or the address one listener: whichever is seen first.
    expect({ exit, isTold: /cannot listen|ledger\.busy/.test(stderr) }).toEqual({
      exit: expect.any(Number) as number,
      isTold: true,
    });
  });

  it.each([
    ['0.0.0.0:0', 0o600, token, 'is not this machine alone'],
    ['127.0.0.1:0', 0o644, token, 'others can read'],
    ['127.0.0.1:0', 0o600, 'short', 'no token of 32 characters'],
  ])(
    'listens at %s with a token file of mode %o that holds %s',
    async (listen, mode, text, why) => {
      const file = join(stand.folder, 'token');
      writeFileSync(file, text);
      chmodSync(file, mode);
      const words = ['mcp', ...onRepo(), '--listen', listen, '--token-file', file];
      expect(await stand.run(words)).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining(why) as string,
      });
    },
  );

  it.each([
    [['--listen', '127.0.0.1:0'], 'needs --token-file'],
    [['--token-file', 'x'], 'is of --listen alone'],
    [['--listen', '127.0.0.1:0', '--token-file', 'nowhere'], 'nowhere is not there'],
    [['--allow-capability', 'no.such', '--listen', 'here'], 'no HOST:PORT'],
    [['--resume', 'x', '--gate', 'true'], 'has its terms: gate'],
  ])('refuses %j', async (words, why) => {
    expect(await stand.run(['mcp', ...words])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining(why) as string,
    });
  });
});

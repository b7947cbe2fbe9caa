import { createServer, type Server } from 'node:http';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo({ CODEOWNERS: 'ada\n' });
  await stand.init();
});

afterEach(() => {
  stand.remove();
});

/** Adds a command that appends what it is told to a file; answers what that file holds. */
async function desk(...flags: readonly string[]): Promise<() => readonly Told[]> {
  const file = join(stand.folder, 'told');
  const command = ['--', 'tee', '-a', file];
  const { exit, stderr } = await stand.run(['notify', 'add', 'desk', ...flags, ...command]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return () => {
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Told);
  };
}

interface Told {
  readonly kind: string;
  readonly run: string | null;
  readonly action: string | null;
  readonly text: string;
}

async function heldRun(): Promise<string> {
  const args = { path: 'CODEOWNERS', text: 'eve\n' };
  const model = stand.script({ calls: [{ name: 'fs.write', args }] }, { say: 'Done.' });
  const { exit, lines } = await stand.json(['run', 'Own', '--repo', stand.repo, '--model', model]);
  expect(exit).toBe(4);
  return String(lines.at(-1)?.['run']);
}

describe('a hook', () => {
  it('is told that a run waits, what it was answered, and how it has ended', async () => {
    const told = await desk();
    const run = await heldRun();
    expect(told()).toMatchObject([{ kind: 'approval.requested', run }]);
    expect(told()[0]?.text).toMatch(
      /^run \w+ waits for 1 of \d on human: .*CODEOWNERS is protected/,
    );
    await stand.run(['approve', run, '--yes', '--reason', 'it is mine']);
    expect(told()[1]).toMatchObject({ kind: 'approval.resolved', action: told()[0]?.action });
    expect(told()[1]?.text).toContain('granted: it is mine');
    await stand.run(['resume', run]);
    expect(told().map(({ kind }) => kind)).toEqual([
      ...['approval.requested', 'approval.resolved', 'run.finished'],
    ]);
  });

  it('that fails fails no run, is said, and is told later of what it has missed', async () => {
    const bad = await stand.run(['notify', 'add', 'bad', '--', 'sh', '-c', 'test -e there']);
    expect(bad.exit).toBe(0);
    const model = stand.script({ say: 'Done.' });
    const words = ['run', 'Nothing', '--repo', stand.repo, '--model', model];
    const { exit, stderr } = await stand.run(words);
    expect(exit).toBe(0);
    expect(stderr.match(/hook bad was not told \(hook\.unreachable\)/g)).toHaveLength(1);
    const late = await stand.json(['notify', 'send']);
    expect(late).toMatchObject({
      exit: 1,
      lines: [{ type: 'notified', count: 0, behind: ['bad'] }],
    });
    writeFileSync(join(stand.home, 'there'), '');
    expect(await stand.json(['notify', 'send'])).toMatchObject({
      ...{ exit: 0, lines: [{ type: 'notified', count: 1, behind: [] }] },
    });
    expect((await stand.json(['notify', 'send'])).lines).toMatchObject([{ count: 0 }]);
  });

  it('whose place cannot be kept fails no run, and this is said', async () => {
    await desk();
    const place = join(stand.home, 'hooks', 'desk.position');
    rmSync(place);
    mkdirSync(place);
    const model = stand.script({ say: 'Done.' });
    const words = ['run', 'Nothing', '--repo', stand.repo, '--model', model];
    const { exit, stderr } = await stand.run(words);
    expect(exit).toBe(0);
    expect(stderr).toMatch(/hook desk was not told \(hook\.unreachable\).*desk\.position/);
  });

  it('is told of nothing that was before it, nor after it was removed', async () => {
    const run = await heldRun();
    const told = await desk();
    await stand.run(['deny', run, '--yes']);
    expect(told().map(({ kind }) => kind)).toEqual(['approval.resolved']);
    expect(await stand.json(['notify', 'remove', 'desk'])).toMatchObject({
      ...{ exit: 0, lines: [{ type: 'hook-removed', name: 'desk' }] },
    });
    await stand.run(['resume', run]);
    expect(told()).toHaveLength(1);
    expect((await stand.json(['notify', 'list'])).lines).toEqual([]);
  });

  it('is not told, and this is said, where its file cannot be read', async () => {
    const told = await desk();
    writeFileSync(join(stand.home, 'hooks', 'desk.json'), '{');
    const model = stand.script({ say: 'Done.' });
    const words = ['run', 'Nothing', '--repo', stand.repo, '--model', model];
    const { exit, stderr } = await stand.run(words);
    expect({ exit, told: told() }).toEqual({ exit: 0, told: [] });
    expect(stderr).toContain('nobody is notified (hook.invalid)');
    expect(await stand.json(['notify', 'list'])).toMatchObject({
      ...{ exit: 2, lines: [{ code: 'hook.invalid' }] },
    });
  });
});

describe('a webhook', () => {
  let server: Server;
  let bodies: string[];
  let url: string;

  beforeEach(async () => {
    bodies = [];
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/T0/path-that-is-secret`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('tells its secret and our key when it is added, and never again', async () => {
    const added = await stand.json([
      'notify',
      'add',
      'ops',
      '--webhook',
      url,
      '--on',
      'run.finished',
    ]);
    expect(added.lines).toMatchObject([{ type: 'hook', name: 'ops', on: ['run.finished'] }]);
    const { secret, key } = added.lines[0] as unknown as { secret: string; key: string };
    expect([secret, key]).toEqual([
      expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/),
    ]);
    const tested = await stand.run(['notify', 'test', 'ops']);
    expect(tested).toMatchObject({ exit: 0, stderr: '' });
    expect(bodies.map((body) => (JSON.parse(body) as Told).text)).toEqual([
      expect.stringContaining('a test of the hook'),
    ]);
    const listed = await stand.run(['notify', 'list']);
    const told = await stand.json(['notify', 'list']);
    const shown = { type: 'webhook', url: `${new URL(url).origin}/…` };
    for (const { lines } of [added, told]) expect(lines).toMatchObject([{ to: shown }]);
    expect(JSON.stringify(told) + listed.stdout + tested.stdout).not.toMatch(
      /path-that-is-secret|whsec_/,
    );
  });

  it('that nobody answers is said to be so', async () => {
    await stand.run(['notify', 'add', 'ops', '--webhook', url]);
    await new Promise((resolve) => server.close(resolve));
    const { exit, lines } = await stand.json(['notify', 'test', 'ops']);
    expect({ exit, lines }).toMatchObject({ exit: 1, lines: [{ code: 'hook.unreachable' }] });
    expect(JSON.stringify(lines)).not.toContain('path-that-is-secret');
  });
});

describe('notify', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['neither a command nor a webhook', 'usage.invalid', ['add', 'x']],
    ['both', 'usage.invalid', ['add', 'x', '--webhook', 'https://example.org', '--', 'true']],
    ['a kind that nobody is told of', 'hook.invalid', ['add', 'x', '--on', 'commit', '--', 'true']],
    ['a name with a path', 'hook.invalid', ['add', '../x', '--', 'true']],
    ['plain HTTP to others', 'hook.invalid', ['add', 'x', '--webhook', 'http://example.org/']],
    ['a hook that is not there', 'hook.unknown', ['test', 'x']],
    ['the removal of none', 'hook.unknown', ['remove', 'x']],
    ['nothing to do', 'usage.invalid', []],
  ])('refuses %s', async (_what, code, words) => {
    const { exit, lines } = await stand.json(['notify', ...words]);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code }] });
  });

  it('takes an address from standard input, and no more than one', async () => {
    const words = ['notify', 'add', 'x', '--webhook', '-'];
    const long = await stand.json(words, {}, 'https://example.org/'.padEnd(70_000, 'x'));
    expect(long).toMatchObject({ exit: 2, lines: [{ code: 'hook.invalid' }] });
    expect((await stand.json(words, {}, 'https://example.org/hook\n')).exit).toBe(0);
  });

  it('takes a name once', async () => {
    await desk();
    const { exit, lines } = await stand.json(['notify', 'add', 'desk', '--', 'true']);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'hook.exists' }] });
  });
});

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;
let server: Server;
let port: number;
let asked: number;

beforeAll(async () => {
  asked = 0;
  server = createServer((_, response) => {
    asked += 1;
    response.end('inside');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
});

afterAll(async () => {
  server.close();
  await once(server, 'close');
  stand.remove();
});

const fetching = (url: string) => ({ calls: [{ name: 'http.fetch', args: { url } }] });
const done = { say: 'Done.' };

interface Entry {
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const entriesOf = (lines: readonly JsonLine[]): readonly Entry[] =>
  lines.filter(({ type }) => type === 'entry').map(({ entry }) => entry as Entry);

function run(url: string, ...flags: readonly string[]) {
  const model = stand.script(fetching(url), done);
  return stand.json(['run', 'Look', '--repo', stand.repo, '--model', model, ...flags]);
}

/** What the first call was refused with. */
function refusalIn(lines: readonly JsonLine[]): unknown {
  return entriesOf(lines).find(({ kind }) => kind === 'proposal.rejected')?.body['refusal'];
}

describe('a run', () => {
  it('is not offered a network unless a host is named', async () => {
    const { lines } = await run('http://example.org/');
    expect(refusalIn(lines)).toMatchObject({ code: 'capability.unknown' });
  });

  it.each([
    ['http://example.org/', 'writ.out-of-scope'],
    ['http://api.example.org@evil.test/', 'args.invalid'],
    ['http://api.example.org.evil.test/', 'writ.out-of-scope'],
    ['http://api.example.org:8080/', 'writ.out-of-scope'],
  ])('asks no other host than those that were named: %s', async (url, code) => {
    const { lines } = await run(url, '--allow-host', 'API.example.org');
    expect(refusalIn(lines)).toMatchObject({ code });
  });

  it('waits for a human before anything is asked, and reaches nothing within', async () => {
    const url = `http://127.0.0.1:${port}/`;
    const held = await run(url, '--allow-host', `127.0.0.1:${port}`);
    expect(held.exit).toBe(4);
    const id = String(held.lines.at(-1)?.['run']);
    expect((await stand.run(['approve', id, '--yes'])).exit).toBe(0);
    const { lines } = await stand.json(['resume', id]);
    const failed = entriesOf(lines).find(({ kind }) => kind === 'execution.failed');
    expect(failed?.body['failure']).toMatchObject({ code: 'net.forbidden-address' });
    expect(asked).toBe(0);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('lets a command reach the hosts that it names, of those alone, once a human has said so', async () => {
    const command = `curl -sS http://127.0.0.1:${port}/ --noproxy ''; curl -sS http://evil.test/`;
    const commanding = (network: readonly string[], ...flags: readonly string[]) => {
      const model = stand.script(
        { calls: [{ name: 'shell.run', args: { command, network } }] },
        done,
      );
      return stand.json(['run', 'Look', '--repo', stand.repo, '--model', model, ...flags]);
    };
    const network = [`127.0.0.1:${port}`];
    const host = ['--allow-host', `127.0.0.1:${port}`];
    const unnamed = await commanding(network);
    expect(refusalIn(unnamed.lines)).toMatchObject({ code: 'args.invalid' });
    const other = await commanding(['example.org'], ...host);
    expect(refusalIn(other.lines)).toMatchObject({ code: 'writ.out-of-scope' });
    const held = await commanding(network, ...host);
    expect(held.exit).toBe(4);
    const id = String(held.lines.at(-1)?.['run']);
    expect((await stand.run(['approve', id, '--yes'])).exit).toBe(0);
    const { lines } = await stand.json(['resume', id]);
    const commit = entriesOf(lines).find(({ kind }) => kind === 'commit');
    expect(commit?.body['observation']).toMatchObject({
      inline: {
        requests: [
          { host: '127.0.0.1', port, verdict: 'net.forbidden-address' },
          { host: 'evil.test', port: 80, verdict: 'net.not-granted' },
        ],
      },
    });
    expect(asked).toBe(0);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it.each([
    ...['http://example.org/', 'a b', '*', '*.', '', 'user@example.org', 'example.org:0'],
    ...['example.org:99999', '*.com', '*.co.uk', '*.github.io:443', '*.127.0.0.1', '[::1]'],
  ])('is refused with %j as a host', async (host) => {
    const { exit, lines } = await run('http://example.org/', '--allow-host', host);
    expect({ exit, code: lines.at(-1)?.['code'] }).toEqual({ exit: 2, code: 'usage.invalid' });
  });
});

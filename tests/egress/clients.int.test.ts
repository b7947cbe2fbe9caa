import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasOpenssl } from '@chancery/testkit/postgres-server';
import { Place } from './egress-fixture.ts';

let place: Place;

beforeAll(() => {
  place = new Place();
});

afterAll(() => place.remove());

/** Files below a folder, as they are. */
const filesOf = (folder: string) =>
  place.http((request, response) => {
    try {
      response.end(readFileSync(join(folder, new URL(request.url ?? '', 'http://x').pathname)));
    } catch {
      response.writeHead(404).end();
    }
  });

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

describe('a program finds the proxy by itself:', () => {
  it.skipIf(!has('git'))('git', async () => {
    const bare = join(place.folder, 'site.git');
    const git = (...words: readonly string[]) =>
      execFileSync('git', words, { cwd: place.folder, stdio: 'pipe' });
    git('init', '-q', '-b', 'main', 'site');
    const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
    git('-C', 'site', ...author, 'commit', '-q', '--allow-empty', '-m', 'a first commit');
    git('clone', '-q', '--bare', 'site', bare);
    git('-C', bare, 'update-server-info');
    const port = await filesOf(place.folder);
    const command = `git clone -q http://site.test:${port}/site.git cloned && git -C cloned log --format=%s`;
    const { stdout, verdicts } = await place.run({ command, network: [`site.test:${port}`] });
    expect(stdout).toBe('a first commit\n');
    expect(new Set(verdicts)).toEqual(new Set([`site.test:${port} done`]));
  });

  it('npm', async () => {
    const made = join(place.folder, 'made');
    mkdirSync(made);
    writeFileSync(join(made, 'package.json'), '{"name": "greeting", "version": "1.0.0"}');
    execFileSync('npm', ['pack', '--pack-destination', place.folder], { cwd: made, stdio: 'pipe' });
    const tarball = readFileSync(join(place.folder, 'greeting-1.0.0.tgz'));
    const port = await place.http((request, response) => {
      if (request.url?.endsWith('.tgz') === true) {
        response.end(tarball);
        return;
      }
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
      const dist = { tarball: `http://registry.test:${port}/greeting-1.0.0.tgz`, integrity };
      const versions = { '1.0.0': { name: 'greeting', version: '1.0.0', dist } };
      const packument = { name: 'greeting', 'dist-tags': { latest: '1.0.0' }, versions };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(packument));
    });
    const { stdout } = await place.run({
      command: `mkdir app && cd app && npm install --silent --no-audit --no-fund --registry http://registry.test:${port} greeting && cat node_modules/greeting/package.json`,
      network: [`registry.test:${port}`],
    });
    expect(JSON.parse(stdout)).toMatchObject({ name: 'greeting' });
  });

  it('the fetch of Node', async () => {
    const port = await place.http((_, response) => response.end('from outside'));
    const script = `fetch('http://site.test:${port}/').then((r) => r.text()).then(console.log)`;
    const { stdout } = await place.run({
      ...{ argv: ['node', '-e', script], network: [`site.test:${port}`] },
    });
    expect(stdout).toBe('from outside\n');
  });

  it.skipIf(!has('/usr/bin/python3'))('Python', async () => {
    const port = await place.http((_, response) => response.end('from outside'));
    const script = `import urllib.request as r; print(r.urlopen("http://site.test:${port}/").read().decode())`;
    const { stdout } = await place.run({
      ...{ argv: ['/usr/bin/python3', '-c', script], network: [`site.test:${port}`] },
    });
    expect(stdout).toBe('from outside\n');
  });
});

describe('a door', () => {
  it('carries much, both ways, on many connections at one time', async () => {
    const big = Buffer.alloc(3_000_000, 'abcdefg');
    const port = await place.http((request, response) => {
      const hash = createHash('sha256');
      request.on('data', (chunk: Buffer) => hash.update(chunk));
      request.on('end', () => response.end(request.method === 'PUT' ? hash.digest('hex') : big));
    });
    const at = `http://site.test:${port}/`;
    const command = [
      `for i in 1 2 3 4 5 6 7 8; do curl -sS ${at} -o got-$i & done; wait; cat got-* | sha256sum`,
      `head -c 2000000 got-1 > sent; curl -sS -T sent ${at}; echo; sha256sum < sent`,
    ].join('; ');
    const { stdout, verdicts } = await place.run({ command, network: [`site.test:${port}`] });
    const eight = createHash('sha256');
    for (let times = 0; times < 8; times += 1) eight.update(big);
    const sent = createHash('sha256').update(big.subarray(0, 2_000_000)).digest('hex');
    expect(stdout).toBe(`${eight.digest('hex')}  -\n${sent}\n${sent}  -\n`);
    expect(verdicts).toEqual(Array.from({ length: 9 }, () => `site.test:${port} done`));
  });

  it('of one command is not that of another beside it', async () => {
    const port = await place.http((request, response) => response.end(request.headers.host));
    const names = ['a.test', 'b.test'];
    const all = await Promise.all(
      names.map((name) =>
        place.run({
          command: names.map((other) => `curl -sS http://${other}:${port}/; echo`).join('; '),
          network: [`${name}:${port}`],
        }),
      ),
    );
    expect(all.map(({ verdicts }) => verdicts)).toEqual([
      [`a.test:${port} done`, `b.test:${port} net.not-granted`],
      [`a.test:${port} net.not-granted`, `b.test:${port} done`],
    ]);
  });

  it('is closed when its command is ended, and the next one has its own', async () => {
    const connected: (() => void)[] = [];
    const port = await place.http(() => connected.shift()?.());
    const network = [`slow.test:${port}`];
    const command = `curl -sS http://slow.test:${port}/`;
    const late = await place.run({ command, network, timeoutMs: 5_000 });
    expect(late.observation).toMatchObject({ timedOut: true });
    // Whether it or its connection is seen to end first.
    expect(late.verdicts).toEqual([
      expect.stringMatching(new RegExp(`^slow.test:${port} (?:unfinished|net.cut-off)$`)),
    ]);
    const isConnected = new Promise<void>((resolve) => connected.push(resolve));
    const stop = new AbortController();
    const cancelled = place.execution({ command, network }, { signal: stop.signal });
    await isConnected;
    stop.abort();
    expect(await cancelled).toMatchObject({
      ...{ kind: 'failed', failure: { class: 'unknown', code: 'cancelled' } },
    });
    const next = await place.http((_, response) => response.end('here'));
    const after = { command: `curl -sS http://n.test:${next}/`, network: [`n.test:${next}`] };
    expect((await place.run(after)).stdout).toBe('here');
  });
});

describe.skipIf(!hasOpenssl)('over TLS, a command', () => {
  const value = 'sesame-4f2a-9b1c';

  it('reaches its host by a tunnel that nobody looks into', async () => {
    const port = await place.https('site.test', (_, response) => response.end('in secret'));
    const network = [`site.test:${port}`];
    writeFileSync(join(place.workspace, 'ca.pem'), place.authority);
    const ask = `curl -sS --cacert ca.pem https://site.test:${port}/`;
    const { stdout, verdicts } = await place.run({ command: ask, network });
    expect([stdout, verdicts]).toEqual(['in secret', [`site.test:${port} done`]]);
    const fronted = `${ask.replace('https://site', 'https://other')} --connect-to other.test:${port}:site.test:${port}`;
    const refused = await place.run({ command: fronted, network });
    expect([refused.stdout, refused.verdicts]).toEqual([
      '',
      [`site.test:${port} net.sni-mismatch`],
    ]);
  });

  it('is lent a secret that it has nowhere, and that its host gets', async () => {
    const got: (string | undefined)[] = [];
    const port = await place.https('api.test', (request, response) => {
      got.push(request.headers.authorization);
      response.end('welcome');
    });
    const at = `api.test:${port}`;
    const { stdout, stderr, verdicts, observation } = await place.run(
      {
        command: `curl -sS https://${at}/; echo; node -e "fetch('https://${at}/').then((r) => r.text()).then(console.log)"; env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'; cat /run/egress/authorities.pem`,
        ...{ network: [at], credentials: [`${at}/authorization=vault:api`] },
      },
      { credentials: new Map([[`${at}/authorization`, value]]) },
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^welcome\nwelcome\n/);
    expect(got).toEqual([`Bearer ${value}`, `Bearer ${value}`]);
    expect(JSON.stringify(observation)).not.toContain(value);
    expect(stdout).not.toContain('PRIVATE KEY');
    expect(verdicts).toEqual([`${at} opened`, `${at} done`, `${at} opened`, `${at} done`]);
  });
});

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createNetServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '@chancery/kernel/compiler';
import type { JsonObject } from '@chancery/kernel/encoding';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { emptyWorld } from '@chancery/kernel/world';
import type { Execution, ExecutionContext, Surroundings } from '@chancery/runtime/broker';
import { noCommands } from '@chancery/testkit/house';
import { bodyBytes, contract } from './contract.ts';
import { httpFetch, type HttpOptions } from './index.ts';

const schemas = new Ajv2020({ strict: true, allowUnionTypes: true });
const isOutput = schemas.compile(contract.output);
const isInput = schemas.compile(contract.input);

let server: Server;
let base: string;
let asked: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  answer = (_, response) => response.end('hello');
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const surroundings: Surroundings = { root: '/', sandbox: noCommands, readable: [], readOnly: [] };

interface Given extends HttpOptions {
  readonly credentials?: ExecutionContext['credentials'];
  readonly signal?: AbortSignal;
}

/** Asks as the broker does: by the schema, normalised, executed, its output checked. */
async function ask(args: JsonObject, given: Given = {}): Promise<Execution> {
  const capability = httpFetch({ opened: ['127.0.0.1'], ...given });
  expect(isInput(args)).toBe(true);
  const normalised = await capability.normalise(args, surroundings);
  if (!normalised.ok) throw new Error(normalised.refusal.message);
  const action = { normalisedArgs: normalised.value.args } as Action;
  const execution = await capability.execute(action, {
    ...surroundings,
    ...{ actionDigest: '', world: emptyWorld, tree: '', timeoutMs: 60_000 },
    signal: given.signal ?? new AbortController().signal,
    credentials: given.credentials ?? new Map(),
  });
  if (execution.kind === 'done') expect(isOutput(execution.observation)).toBe(true);
  return execution;
}

const failure = (code: string, kind: string) => ({
  kind: 'failed',
  failure: { class: kind, code },
});

describe('a request', () => {
  it('shows the answer, whatever its status', async () => {
    answer = (_, response) =>
      response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing here');
    expect(await ask({ url: `${base}/x?y=1`, headers: { 'x-a': 'b' } })).toMatchObject({
      kind: 'done',
      observation: {
        ...{ url: `${base}/x?y=1`, address: '127.0.0.1', status: 404, type: 'text/plain' },
        ...{ text: 'nothing here', sizeBytes: 12, truncated: false, location: null },
      },
    });
    expect(asked[0]?.url).toBe('/x?y=1');
    expect(asked[0]?.headers).toMatchObject({ 'x-a': 'b', host: base.slice('http://'.length) });
  });

  it('sends a body, and tells how much has left the machine', async () => {
    const bodies: string[] = [];
    answer = (request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
      request.on('end', () => response.writeHead(201).end());
    };
    const body = 'ünicode '.repeat(1000);
    const execution = await ask({ url: base, method: 'POST', body });
    expect(execution).toMatchObject({ kind: 'done', observation: { status: 201, sizeBytes: 0 } });
    expect(bodies.join('')).toBe(body);
    expect(execution.used.bytesOut).toBeGreaterThan(Buffer.byteLength(body));
  });

  it('keeps bytes that are no text', async () => {
    answer = (_, response) => response.end(Buffer.from([0xff, 0, 0xfe]));
    expect(await ask({ url: base })).toMatchObject({ observation: { base64: '/wD+' } });
  });

  it('unfolds nothing that is compressed', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    const execution = await ask({ url: base });
    expect(execution).toMatchObject({ observation: { base64: bomb.toString('base64') } });
    expect(asked[0]?.headers['accept-encoding']).toBe('identity');
  });
});

describe('what is not reached', () => {
  it.each(['http://127.0.0.1:8080/', 'http://2130706433:8080/', 'http://[::1]:8080/'])(
    '%s, unless it is opened',
    async (url) => {
      expect(await ask({ url }, { opened: [] })).toMatchObject(
        failure('net.forbidden-address', 'terminal'),
      );
    },
  );

  it('a name of which one address is private', async () => {
    const lookup = () =>
      Promise.resolve([
        { address: '8.8.8.8', family: 4 },
        { address: '169.254.169.254', family: 4 },
      ]);
    expect(await ask({ url: 'http://example.org/' }, { lookup })).toMatchObject(
      failure('net.forbidden-address', 'terminal'),
    );
  });

  it('another address than the one that was looked at, whatever the resolver says later', async () => {
    let times = 0;
    const lookup = () => {
      times += 1;
      return Promise.resolve([{ address: times === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
    };
    const { port } = new URL(base);
    const execution = await ask({ url: `http://rebinding.example:${port}/` }, { lookup });
    expect(execution).toMatchObject({ kind: 'done', observation: { address: '127.0.0.1' } });
    expect(times).toBe(1);
    expect(asked[0]?.headers.host).toBe(`rebinding.example:${port}`);
  });

  it.each([
    ['no address', () => Promise.resolve([])],
    ['no answer', () => Promise.reject(Object.assign(new Error('no'), { code: 'EAI_AGAIN' }))],
  ])('a name with %s', async (_, lookup) => {
    expect(await ask({ url: 'http://example.org/' }, { lookup })).toMatchObject(
      failure('net.unresolved', 'retryable'),
    );
  });

  it('a port where nobody listens', async () => {
    const other = createNetServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    other.close();
    await once(other, 'close');
    expect(await ask({ url: `http://127.0.0.1:${port}/` })).toMatchObject(
      failure('net.unreachable', 'retryable'),
    );
  });

  it('a server without a certificate that holds', async () => {
    const { port } = new URL(base);
    expect(await ask({ url: `https://127.0.0.1:${port}/` })).toMatchObject(
      failure('net.unreachable', 'retryable'),
    );
  });
});

describe('a redirection', () => {
  it.each([
    '/there',
    '/',
    'http://example.org/',
    'https://127.0.0.1/',
    'http://127.0.0.1:1/',
    'file:///etc/passwd',
    '\\\\evil',
  ])('to %s is shown, and not followed', async (location) => {
    answer = (_, response) => response.writeHead(302, { location }).end();
    expect(await ask({ url: `${base}/` })).toMatchObject({
      observation: { status: 302, location },
    });
    expect(asked).toHaveLength(1);
  });

  it('of what changes something is not followed', async () => {
    answer = (_, response) => response.writeHead(307, { location: '/again' }).end();
    const execution = await ask({ url: `${base}/`, method: 'POST', body: 'x' });
    expect(execution).toMatchObject({ observation: { status: 307, location: '/again' } });
    expect(asked).toHaveLength(1);
  });
});

describe('a server that', () => {
  it('never answers is left at the time limit', async () => {
    answer = () => undefined;
    expect(await ask({ url: base, timeoutMs: 50 })).toMatchObject(
      failure('net.timeout', 'retryable'),
    );
  });

  it('answers a byte at a time is left as well', async () => {
    answer = (_, response) => {
      const timer = setInterval(() => response.write('x'), 10);
      response.once('close', () => clearInterval(timer));
    };
    expect(await ask({ url: base, timeoutMs: 200 })).toMatchObject(
      failure('net.timeout', 'retryable'),
    );
  });

  it('never stops is cut off', async () => {
    const flood = async (response: ServerResponse): Promise<void> => {
      const block = 'y'.repeat(65_536);
      while (!response.destroyed) await new Promise((resolve) => response.write(block, resolve));
    };
    answer = (_, response) => void flood(response);
    const execution = await ask({ url: base });
    expect(execution).toMatchObject({
      kind: 'done',
      observation: { sizeBytes: bodyBytes, truncated: true },
    });
  });

  it.each([
    ['lies about its length', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort'],
    ['tells two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9\r\n'],
    ['says nothing', ''],
    ['has headers without end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}`],
  ])('%s has broken the connection', async (_, text) => {
    const sockets = new Set<Socket>();
    const rude = createNetServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).end(text);
    });
    rude.listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const url = `http://127.0.0.1:${(rude.address() as AddressInfo).port}/`;
    expect(await ask({ url })).toMatchObject(failure('net.cut-off', 'retryable'));
    expect(await ask({ url, method: 'DELETE' })).toMatchObject(failure('net.cut-off', 'unknown'));
    rude.close();
    for (const socket of sockets) socket.destroy();
    await once(rude, 'close');
  });

  it('turns to another protocol is left', async () => {
    answer = (_, response) =>
      response.writeHead(101, { connection: 'upgrade', upgrade: 'websocket' }).end();
    expect(await ask({ url: base, timeoutMs: 2_000 })).toMatchObject(
      failure('net.cut-off', 'retryable'),
    );
  });

  it.each([100, 103])('answers with %i and again with it is left', async (status) => {
    const interim = `HTTP/1.1 ${status} Wait\r\n\r\n`;
    const rude = createNetServer((socket) => {
      const more = (): void => {
        if (!socket.destroyed) socket.write(interim.repeat(8), () => setImmediate(more));
      };
      socket.on('error', () => socket.destroy());
      more();
    });
    rude.listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const url = `http://127.0.0.1:${(rude.address() as AddressInfo).port}/`;
    expect(await ask({ url })).toMatchObject(failure('net.cut-off', 'retryable'));
    rude.close();
    await once(rude, 'close');
  });

  it('has no address in time is left', async () => {
    const lookup = () => new Promise<never>(() => undefined);
    expect(await ask({ url: 'http://example.org/', timeoutMs: 50 }, { lookup })).toMatchObject(
      failure('net.timeout', 'retryable'),
    );
  });

  it('is waited for no longer when the run is stopped', async () => {
    const stop = new AbortController();
    answer = () => stop.abort();
    expect(await ask({ url: base, method: 'POST' }, { signal: stop.signal })).toMatchObject(
      failure('cancelled', 'unknown'),
    );
    expect(await ask({ url: base }, { signal: stop.signal })).toMatchObject(
      failure('cancelled', 'terminal'),
    );
  });
});

describe('a secret', () => {
  const given = { url: 'https://example.org/', credentials: ['authorization=vault:token'] };

  it('is asked for over https alone', async () => {
    const normalised = await httpFetch().normalise({ ...given, url: base }, surroundings);
    expect(normalised).toMatchObject({ ok: false, refusal: { code: 'args.invalid' } });
  });

  it.each(['one\r\nx: y', 'ünicode', ''])(
    'that no header can have is not sent: %j',
    async (value) => {
      const credentials = new Map([['authorization', value]]);
      const lookup = () => Promise.reject(new Error('nobody is to be asked'));
      expect(await ask(given, { credentials, lookup })).toMatchObject(
        failure('net.unsendable', 'terminal'),
      );
    },
  );

  it('goes into the header that is named, and a bare token is a bearer’s', async () => {
    // The server of the test speaks no TLS: what is sent is looked at where it leaves.
    const headers = async (name: string, value: string) => {
      await ask({ url: base }, { credentials: new Map([[name, value]]) });
      return asked.at(-1)?.headers;
    };
    expect((await headers('authorization', 'abc'))?.authorization).toBe('Bearer abc');
    expect((await headers('authorization', 'Basic abc'))?.authorization).toBe('Basic abc');
    expect((await headers('x-key', 'abc'))?.['x-key']).toBe('abc');
  });
});

describe('arguments', () => {
  it.each([
    ['a header that says where it goes', { url: 'http://a.test/', headers: { host: 'b.test' } }],
    ['a literal authorisation', { url: 'http://a.test/', headers: { authorization: 'Bearer x' } }],
    ['a cookie', { url: 'http://a.test/', headers: { cookie: 'a=b' } }],
    ['a length', { url: 'http://a.test/', headers: { 'content-length': '1' } }],
    ['a header that ends a line', { url: 'http://a.test/', headers: { 'x-a': 'b\r\nc: d' } }],
    ['a header that no connection can carry', { url: 'http://a.test/', headers: { 'x-a': '5 €' } }],
    ['a secret that says where it goes', { url: 'http://a.test/', credentials: ['host=vault:a'] }],
    ['a header in capitals', { url: 'http://a.test/', headers: { 'X-A': 'b' } }],
    ['another method', { url: 'http://a.test/', method: 'CONNECT' }],
    ['a secret that is none', { url: 'http://a.test/', credentials: ['authorization=abc'] }],
    ['no URL', {}],
  ])('with %s are refused', (_, args) => {
    expect(isInput(args)).toBe(false);
  });

  it('with a body for what only asks are refused', async () => {
    const args = { url: 'http://a.test/', method: 'GET', body: 'x' };
    expect(await httpFetch().normalise(args, surroundings)).toMatchObject({ ok: false });
  });

  it('tell what is undone by nobody', async () => {
    const effectsOf = async (method: string) => {
      const normalised = await httpFetch().normalise(
        { url: 'http://a.test/', method },
        surroundings,
      );
      return normalised.ok ? normalised.value.effects : [];
    };
    expect(await effectsOf('GET')).toEqual(['external']);
    expect(await effectsOf('DELETE')).toEqual(['external', 'irreversible']);
  });

  it('are the same for the same request', async () => {
    const forms = [
      { url: 'http://A.test:80/#x' },
      { url: 'http://a.test./', method: 'GET', headers: {} },
    ];
    const [one, other] = await Promise.all(
      forms.map((args) => httpFetch().normalise(args, surroundings)),
    );
    expect(one).toEqual(other);
  });
});

it('a request that was cut off is asked again where it only asks, and is in doubt otherwise', async () => {
  const capability = httpFetch();
  const found = async (method: string) => {
    const normalised = await capability.normalise({ url: 'http://a.test/', method }, surroundings);
    const action = { normalisedArgs: normalised.ok ? normalised.value.args : {} } as Action;
    return (await capability.reconcile?.(action, undefined as unknown as ExecutionContext))?.kind;
  };
  expect(await found('GET')).toBe('did-not-happen');
  expect(await found('POST')).toBe('unknown');
});

import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { RefusalError, refusal } from '@chancery/kernel/refusal';
import type { TileStore } from '@chancery/runtime/transparency';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveTiles, tilesOverHttp, type Served } from './index.ts';

const files = new Map([
  ['checkpoint', 'a note — signed\n'],
  ['tile/0/000', 'full'],
  ['tile/0/001.p/7', 'part'],
  ['tile/0/x001/234', 'deep'],
  ['tile/entries/000', 'bundle'],
  ['secret', 'not of the log'],
]);

const tiles: TileStore = {
  read: async (path) => {
    if (path === 'tile/9/000') throw new RefusalError(refusal('ledger.unreachable', 'EIO'));
    if (path === 'tile/8/000') throw new Error('a fault with a secret in it');
    const text = files.get(path);
    return text === undefined ? undefined : new Uint8Array(Buffer.from(text));
  },
  write: () => Promise.reject(new Error('nobody writes')),
};

let served: Served;
/** What the server was told went wrong. */
const failures: unknown[] = [];

beforeEach(async () => {
  failures.length = 0;
  const onFailure = (error: unknown) => void failures.push(error);
  served = await serveTiles(tiles, { host: '127.0.0.1', port: 0, onFailure });
});

afterEach(() => served.close());

/** Sends a request as it stands; the status, the headers that matter, and the body. */
async function raw(line: string, host = '127.0.0.1'): Promise<(number | string | undefined)[]> {
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
  socket.write(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim();
  return [
    Number(head.split(' ')[1]),
    header('content-type'),
    header('cache-control'),
    header('content-length'),
    body,
  ];
}

const bytes = 'application/octet-stream';
const text = 'text/plain; charset=utf-8';
const forGood = 'public, max-age=31536000, immutable';
const notThere = [404, text, 'no-store', '22', 'there is nothing here\n'];

describe('a log that is served', () => {
  it.each([
    ['GET /checkpoint', [200, text, 'no-cache', '18', 'a note — signed\n']],
    ['HEAD /checkpoint', [200, text, 'no-cache', '18', '']],
    ['GET /checkpoint?x=1', [200, text, 'no-cache', '18', 'a note — signed\n']],
    ['GET /tile/0/000', [200, bytes, forGood, '4', 'full']],
    ['HEAD /tile/0/000', [200, bytes, forGood, '4', '']],
    ['GET /tile/0/001.p/7', [200, bytes, forGood, '4', 'part']],
    ['GET /tile/0/x001/234', [200, bytes, forGood, '4', 'deep']],
    ['GET /tile/entries/000', [200, bytes, forGood, '6', 'bundle']],
    ['GET /tile/0/999', notThere],
    ['HEAD /tile/0/999', [...notThere.slice(0, 4), '']],
  ])('answers %s', async (line, answer) => {
    expect(await raw(line)).toEqual(answer);
  });

  it.each([
    ...['/', '/secret', '/tile', '/tile/0/', '/tile/0/1', '/tile/00/000', '/tile/0/x000/000'],
    ...['/../secret', '/tile/../secret', '/tile/0/../../secret', '/%2e%2e/secret', '//checkpoint'],
    ...['/tile/0/000/', '/tile/0/000%00', '/tile/0/001.p/0', '/tile/0/001.p/256', 'checkpoint'],
    ...['/tile%2f0%2f000', '/tile\\0\\000', 'http://elsewhere/checkpoint', '*'],
  ])('has nothing at %s', async (target) => {
    expect((await raw(`GET ${target}`))[0]).toSatisfy((status) => status === 404 || status === 400);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
    'is only read: refuses %s',
    async (verb) => {
      expect((await raw(`${verb} /checkpoint`))[0]).toBe(405);
    },
  );

  it('tells that the tiles cannot be read, and nothing more', async () => {
    const told = [503, text, 'no-store', '19', 'ledger.unreachable\n'];
    expect(await raw('GET /tile/9/000')).toEqual(told);
    expect(await raw('GET /tile/8/000')).toEqual([500, text, 'no-store', '15', 'internal.fault\n']);
    expect(failures).toEqual([new Error('a fault with a secret in it')]);
  });

  it.each([
    ['localhost:1', 200],
    ['[::1]:80', 200],
    ['127.0.0.1', 200],
    ['evil.example', 421],
    ['127.evil.example', 421],
    ['', 421],
  ])('answers on loopback to the host %j with %i', async (host, status) => {
    expect((await raw('GET /checkpoint', host))[0]).toBe(status);
  });

  it('cannot listen where another does', async () => {
    const port = Number(new URL(served.url).port);
    const again = serveTiles(tiles, { host: '127.0.0.1', port, onFailure: () => undefined });
    await expect(again).rejects.toThrow(/cannot listen at 127\.0\.0\.1/);
  });
});

describe('the reader of a served log', () => {
  it('reads what is there, and knows what is not', async () => {
    const reader = tilesOverHttp(served.url);
    const read = async (path: string) => {
      const found = await reader.read(path);
      return found === undefined ? undefined : Buffer.from(found).toString();
    };
    expect([await read('checkpoint'), await read('tile/0/000')]).toEqual([
      files.get('checkpoint'),
      'full',
    ]);
    expect(await read('tile/0/999')).toBeUndefined();
    await expect(reader.read('tile/9/000')).rejects.toThrow('HTTP status 503');
    await expect(reader.write('checkpoint', new Uint8Array())).rejects.toThrow('only read');
  });

  it('is refused where nobody serves, and by who sends it elsewhere or too much', async () => {
    const { url } = served;
    const server = createServer((request, response) => {
      if (request.url === '/checkpoint') response.writeHead(302, { location: url }).end();
      else for (let piece = 0; piece < 20; piece += 1) response.write(new Uint8Array(2 ** 20));
      response.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const reader = tilesOverHttp(`http://127.0.0.1:${port}/`);
    await expect(reader.read('checkpoint')).rejects.toThrow(RefusalError);
    await expect(reader.read('tile/0/000')).rejects.toThrow('longer than');
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    await expect(reader.read('checkpoint')).rejects.toThrow(RefusalError);
  });

  it('takes no tile of which a part is missing, and waits no longer than it is told', async () => {
    const ways: Readonly<Record<string, (response: ServerResponse) => void>> = {
      '/tile/0/000': (response) =>
        response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfull'),
      '/tile/0/001': (response) => response.socket?.destroy(),
      '/tile/0/002': () => undefined,
      '/tile/0/003': (response) => void response.write('full'),
      '/tile/0/004': (response) => response.end('full'),
    };
    const server = createServer((request, response) => ways[request.url ?? '']?.(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const reader = tilesOverHttp(`http://127.0.0.1:${port}/`, 300);
    const told: unknown[] = [];
    for (const path of Object.keys(ways)) {
      told.push(
        await reader.read(path.slice(1)).then(
          (tile) => Buffer.from(tile ?? []).toString(),
          (error: unknown) => (error instanceof RefusalError ? error.refusal.code : error),
        ),
      );
    }
    expect(told).toEqual([...Array<string>(4).fill('ledger.unreachable'), 'full']);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

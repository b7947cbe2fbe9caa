import { once } from 'node:events';
import type { Socket } from 'node:net';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { helloOf, Scene, wholeOf, type Door, type Host } from './proxy-fixture.ts';
import type { ProxyLimits } from './limits.ts';

let scene: Scene;
let good: Host;

beforeEach(async () => {
  scene = new Scene();
  good = await scene.http((_, response) => response.end('good'));
});

afterEach(() => scene.end());

/** For hosts that are waited for in vain; long enough for one that answers, on a busy machine too. */
const brief: Partial<ProxyLimits> = { answerMs: 1_500 };

/** A door to a host that does this with each connection, and to one that does what is right. */
async function doorTo(
  serve: (socket: Socket) => void,
  limits: Partial<ProxyLimits> = {},
): Promise<{ readonly door: Door; readonly bad: string; readonly host: Host }> {
  const host = await scene.rude(serve);
  const bad = `bad.test:${host.port}`;
  const door = await scene.door({ hosts: [bad, `good.test:${good.port}`] }, { limits });
  return { door, bad, host };
}

/** Writes again and again until nobody reads any more. */
function flood(socket: Socket, text: string): void {
  const more = (): void => {
    if (!socket.destroyed) socket.write(text, () => setImmediate(more));
  };
  more();
}

async function untilConnected(host: Host): Promise<void> {
  while (host.connections() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

const found = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);

const silently = (): void => undefined;
const says =
  (text: string) =>
  (socket: Socket): void =>
    void socket.once('data', () => socket.end(text));

describe('a host that', () => {
  it.each<[string, (socket: Socket) => void, string]>([
    ['never answers', silently, 'net.timeout'],
    ['closes', (socket) => socket.end(), 'net.cut-off'],
    ['speaks another protocol', says('SSH-2.0-OpenSSH_9\r\n'), 'net.cut-off'],
    ['stops within its headers', (socket) => socket.write('HTTP/1.1 200 OK\r\nx: '), 'net.timeout'],
    [
      'has headers without end',
      (socket) => flood(socket, 'HTTP/1.1 200 OK\r\nx: y\r\n'),
      'net.cut-off',
    ],
    [
      'says to wait without end',
      (socket) => flood(socket, 'HTTP/1.1 103 Hints\r\n\r\n'),
      'net.cut-off',
    ],
    ['turns to another protocol', says(upgrade()), 'net.cut-off'],
    ['turns to one that it was not asked for', says('HTTP/1.1 101 X\r\n\r\n'), 'net.cut-off'],
    [
      'tells two lengths',
      says('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
      'net.cut-off',
    ],
    [
      'tells a length beside its chunks',
      says(
        'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
      ),
      'net.cut-off',
    ],
    ['has a status that is none', says('HTTP/1.1 099 X\r\n\r\n'), 'net.cut-off'],
    ['has a status of another length', says('HTTP/1.1 99999 X\r\n\r\n'), 'net.cut-off'],
  ])('%s is left, which is told, and others are reached', async (_, serve, code) => {
    const { door, bad } = await doorTo(serve, code === 'net.timeout' ? brief : {});
    expect(await door.get(`http://${bad}/`)).toMatch(
      new RegExp(`^HTTP/1.1 50[24] [\\s\\S]*${code}`),
    );
    expect(await door.get(`http://good.test:${good.port}/`)).toContain('good');
    expect(await door.verdicts()).toEqual([`${bad} ${code}`, `good.test:${good.port} done`]);
  });

  it.each<[string, string, string]>([
    ['sends less than it says', 'content-length: 100\r\n\r\nshort', 'net.cut-off'],
    [
      'sends chunks that are none',
      'transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n',
      'net.cut-off',
    ],
    ['ends within a chunk', 'transfer-encoding: chunked\r\n\r\nff\r\nhello', 'net.cut-off'],
  ])('%s breaks the answer off, which the command sees', async (_, rest, code) => {
    const { door, bad } = await doorTo(says(`HTTP/1.1 200 OK\r\n${rest}`));
    const answer = await door.get(`http://${bad}/`);
    expect(answer).not.toMatch(/0\r\n\r\n$/);
    expect(await door.get(`http://good.test:${good.port}/`)).toContain('good');
    expect((await door.verdicts())[0]).toBe(`${bad} ${code}`);
  });

  it('sends more than it says is read to that length', async () => {
    const second = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil';
    const { door, bad } = await doorTo(
      says(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello${second}`),
    );
    expect(await door.get(`http://${bad}/`)).toMatch(/\r\n\r\nhello$/);
  });

  it('sends a byte at a time is left when none comes for a while', async () => {
    const { door, bad } = await doorTo(
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nab'),
      { idleMs: 500 },
    );
    const answer = await door.get(`http://${bad}/`);
    expect(answer).toMatch(/\r\n\r\nab$/);
    expect(await door.verdicts()).toEqual([`${bad} net.timeout`]);
  });

  it('redirects for ever is asked as often as the command asks, and no more', async () => {
    let times = 0;
    const loop = await scene.http((request, response) => {
      times += 1;
      response.writeHead(302, { location: `http://evil.test${request.url}` }).end();
    });
    const door = await scene.door({ hosts: [`loop.test:${loop.port}`] });
    expect(await door.get(`http://loop.test:${loop.port}/`)).toContain(
      'location: http://evil.test/',
    );
    expect([times, await door.verdicts()]).toEqual([1, [`loop.test:${loop.port} done`]]);
  });

  it('never stops is cut off at what may come in', async () => {
    const { door, bad } = await doorTo(
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        flood(socket, 'x'.repeat(65_536));
      },
      { bytesIn: 1_000_000 },
    );
    expect((await door.get(`http://${bad}/`)).length).toBeLessThan(2_000_000);
    expect(await door.verdicts()).toEqual([`${bad} net.too-large`]);
  });

  it('is never connected to in time has no answer', async () => {
    // Nobody routes what is for documentation (RFC 5737).
    const lookup = () => Promise.resolve([{ address: '192.0.2.1', family: 4 }]);
    const options = { lookup, opened: ['192.0.2.1'], limits: { connectMs: 50 } };
    const door = await scene.door({ hosts: ['far.test:80', 'far.test:443'] }, options);
    expect(await door.get('http://far.test/')).toMatch(/^HTTP\/1.1 50[24] /);
    expect((await door.tunnel('far.test:443')).answer).toMatch(/^HTTP\/1.1 50[24]|502/);
  });

  it.each([
    ['has no address', () => Promise.resolve([]), 'net.unresolved', {}],
    [
      'is not resolved in time',
      () => new Promise<never>(silently),
      'net.timeout',
      { connectMs: 50 },
    ],
  ])('%s is not reached', async (_, lookup, code, limits) => {
    const door = await scene.door({ hosts: ['site.test:80'] }, { lookup, limits });
    expect(await door.get('http://site.test/')).toMatch(
      new RegExp(`^HTTP/1.1 50[24] [\\s\\S]*${code}`),
    );
    expect(await door.verdicts()).toEqual([`site.test:80 ${code}`]);
  });
});

describe('a tunnel whose host', () => {
  it('says nothing is closed in time', async () => {
    const { door, bad } = await doorTo(silently, { idleMs: 500 });
    expect(await door.secureGet(bad)).toMatch(/ECONNRESET|socket/);
    expect(await door.verdicts()).toEqual([`${bad} net.timeout`]);
  });

  it('never stops is cut off at what may come in', async () => {
    const { door, bad } = await doorTo((socket) => flood(socket, 'x'.repeat(65_536)), {
      bytesIn: 100_000,
    });
    const { socket } = await door.tunnel(bad);
    socket.write(await helloOf({ servername: 'bad.test' }));
    expect((await wholeOf(socket)).length).toBeLessThan(1_000_000);
    expect(await door.verdicts()).toEqual([`${bad} net.too-large`]);
  });
});

describe('a command that', () => {
  const ask = () => `http://good.test:${good.port}/`;

  it('sends more than it may is cut off', async () => {
    const hosts = [`good.test:${good.port}`];
    const door = await scene.door({ hosts, bytesOut: 10_000 });
    const answer = await door.say(
      `POST ${ask()} HTTP/1.1\r\nHost: ${hosts[0]}\r\nContent-Length: 90000\r\n\r\n`,
      'x'.repeat(90_000),
    );
    expect(answer).not.toContain('good');
    expect((await door.verdicts())[0]).toBe(`${hosts[0]} net.too-large`);
    expect(await (await scene.door({ hosts })).get(ask())).toContain('good');
  });

  it('asks more often than is told one by one is told so', async () => {
    const hosts = [`good.test:${good.port}`];
    const door = await scene.door({ hosts }, { limits: { listed: 2 } });
    for (let times = 0; times < 5; times += 1) await door.get(ask());
    const { requests, unlisted, bytesOut } = await door.close();
    expect([requests.length, unlisted]).toEqual([2, 3]);
    expect(bytesOut).toBeGreaterThan(2 * (requests[0]?.bytesOut ?? 0));
  });

  it('goes away within its request has not sent a whole one', async () => {
    let ended = false;
    let closed = (): void => undefined;
    const isClosed = new Promise<void>((resolve) => (closed = resolve));
    const slow = await scene.http((request) => {
      request.on('end', () => (ended = true)).resume();
      request.once('close', closed);
    });
    const hosts = [`slow.test:${slow.port}`];
    const door = await scene.door({ hosts });
    const socket = door.connect();
    socket.write(
      `POST http://${hosts[0]}/ HTTP/1.1\r\nHost: ${hosts[0]}\r\nContent-Length: 9\r\n\r\nabc`,
    );
    await untilConnected(slow);
    socket.destroy();
    await isClosed;
    expect(ended).toBe(false);
    expect(await door.verdicts()).toEqual([`${hosts[0]} net.cut-off`]);
  });

  it('does not end its headers is answered in time', async () => {
    const limits = { helloMs: 1_000 };
    const door = await scene.door({ hosts: [`good.test:${good.port}`] }, { limits });
    expect(await door.say(`GET ${ask()} HTTP/1.1\r\n`)).toContain('net.timeout');
    expect(await door.get(ask())).toContain('good');
  });

  it('opens more connections than it may keeps those that it has', async () => {
    const door = await scene.door(
      { hosts: [`good.test:${good.port}`] },
      { limits: { connections: 2 } },
    );
    const held = [door.connect(), door.connect()];
    for (const socket of held) {
      socket.write(`GET ${ask()} HTTP/1.1\r\nHost: good.test:${good.port}\r\n\r\n`);
      await once(socket, 'data');
    }
    expect(await wholeOf(door.connect())).toBe('');
    for (const socket of held) socket.destroy();
    let answer = '';
    while (answer === '') answer = await door.get(ask());
    expect(answer).toContain('good');
  });

  it('still asks when it ends is told as unfinished, and its door is gone', async () => {
    const { door, bad, host } = await doorTo(silently);
    const asking = door.get(`http://${bad}/`);
    await untilConnected(host);
    expect(await door.verdicts()).toEqual([`${bad} unfinished`]);
    expect(await asking).toBe('');
    expect(await wholeOf(door.connect())).toBe('');
  });
});

describe('a door that is closed', () => {
  it('connects to nothing any more, also where an address is only found then', async () => {
    const found: (() => void)[] = [];
    const lookup = () =>
      new Promise<readonly { address: string; family: number }[]>((resolve) => {
        found.push(() => resolve([{ address: '127.0.0.1', family: 4 }]));
      });
    const hosts = [`good.test:${good.port}`, `other.test:${good.port}`];
    const door = await scene.door({ hosts }, { lookup });
    const asking = [door.get(`http://${hosts[0]}/`), door.tunnel(hosts[1] ?? '')];
    while (found.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await door.close();
    for (const find of found) find();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(good.connections()).toBe(0);
    expect(await asking[0]).toBe('');
  });
});

describe('a resolver that breaks', () => {
  it('breaks off what has asked for it, which is told, and nothing else', async () => {
    const answers = [() => Promise.reject(new Error('no')), found];
    const lookup = () => (answers.shift() ?? found)();
    const place = `good.test:${good.port}`;
    const door = await scene.door({ hosts: [place] }, { lookup });
    expect(await door.get(`http://${place}/`)).toBe('');
    expect(await door.get(`http://${place}/`)).toContain('good');
    expect(await door.verdicts()).toEqual([`${place} fault`, `${place} done`]);
  });
});

describe('an answer', () => {
  it('of any bytes breaks nothing but itself', async () => {
    const whole =
      'HTTP/1.1 200 OK\r\nx-a: b\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello';
    let next = '';
    const { door, bad } = await doorTo(
      (socket) => void socket.once('data', () => socket.end(next, 'latin1')),
      { listed: 1_000 },
    );
    const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        next = bytes.toString('latin1');
        expect(await door.get(`http://${bad}/`)).toMatch(/^(?:HTTP\/1.1 \d{3} |$)/);
      }),
      cases(300),
    );
    expect(await door.get(`http://good.test:${good.port}/`)).toContain('good');
    expect((await door.verdicts()).every((verdict) => !verdict.endsWith(' fault'))).toBe(true);
  });
});

function upgrade(): string {
  return 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n';
}

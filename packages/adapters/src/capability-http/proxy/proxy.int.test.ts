import type { IncomingMessage } from 'node:http';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpEgress } from './egress.ts';
import { Scene, wholeOf, type Door, type Host } from './proxy-fixture.ts';

let scene: Scene;
let asked: IncomingMessage[];
let bodies: string[];
let site: Host;

beforeEach(async () => {
  scene = new Scene();
  asked = [];
  bodies = [];
  site = await scene.http((request, response) => {
    asked.push(request);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
    request.on('end', () => {
      bodies.push(body);
      response.end(`seen ${request.url}`);
    });
  });
});

afterEach(() => scene.end());

const place = (host = 'site.test'): string => `${host}:${site.port}`;

describe('a request that was granted', () => {
  it('is made anew, and answered', async () => {
    const door = await scene.door({ hosts: [place()] });
    const answer = await door.get(
      `http://${place()}/a?b=c`,
      'X-Own: 1\r\nProxy-Authorization: Basic eA==\r\nTE: trailers\r\nX-Hop: 2\r\nConnection: x-hop\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n(?:.+\r\n)+\r\nseen \/a\?b=c$/);
    const { host, connection, ...rest } = asked[0]?.headers ?? {};
    expect([host, connection, rest]).toEqual([place(), 'close', { 'x-own': '1' }]);
    const { requests, heard, bytesOut } = await door.close();
    expect(requests).toEqual([
      {
        ...{ host: 'site.test', port: site.port, method: 'GET', status: 200, verdict: 'done' },
        ...{ bytesIn: expect.any(Number) as number, bytesOut },
      },
    ]);
    expect(heard).toBe(true);
    expect(JSON.stringify(requests)).not.toContain('b=c');
  });

  it.each([
    ['a length', 'Content-Length: 5\r\n\r\nhello'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
  ])('has its body by %s, also by a method that needs none', async (_, rest) => {
    const door = await scene.door({ hosts: [place()] });
    for (const method of ['POST', 'GET']) {
      const head = `${method} http://${place()}/ HTTP/1.1\r\nHost: ${place()}\r\nConnection: close\r\n`;
      expect(await door.say(head + rest)).toContain('200 OK');
    }
    expect(bodies).toEqual(['hello', 'hello']);
    expect(site.connections()).toBe(2);
  });

  it('is each decided by itself, on one connection too', async () => {
    const door = await scene.door({ hosts: [place()] });
    const ask = (host: string, more = '') =>
      `GET http://${host}/${host} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;
    const answer = await door.say(
      ask(place()) + ask('evil.test') + ask(place(), 'Connection: close\r\n'),
    );
    expect(answer).toContain('net.not-granted: evil.test:80');
    expect(asked.every(({ url }) => url === `/${place()}`)).toBe(true);
    expect((await door.verdicts())[1]).toBe('evil.test:80 net.not-granted');
  });
});

/** Each is another way to write a place, or to write two at once. */
describe('a spelling of another host', () => {
  it.each([
    'http://evil.test/',
    'http://site.test.evil.test:PORT/',
    'http://evil.test#@site.test:PORT/',
    'http://site.test:PORT@evil.test/',
    'http://evil.test\\@site.test:PORT/',
    'http://evil.test%00.site.test:PORT/',
    'http://site.test%2eevil.test:PORT/',
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[fe80::1%25lo]:PORT/',
    'http://169.254.169.254/',
    'http://0xA9.0xFE.0xA9.0xFE/',
    'http://ｅvil.test/',
    'http://site.test:1/',
    'http://site.test:22/',
    'https://site.test:PORT/',
    'ftp://site.test:PORT/',
    '/',
    '*',
    'site.test:PORT',
  ])('%s is refused, and nothing is asked', async (spelling) => {
    const door = await scene.door({ hosts: [place()] });
    const url = Buffer.from(spelling.replace('PORT', String(site.port))).toString('latin1');
    const answer = await door.say(
      `GET ${url} HTTP/1.1\r\nHost: ${place()}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 40[03] [\s\S]*chancery: net\./);
    expect(site.connections()).toBe(0);
    expect(await door.verdicts()).toEqual([expect.stringMatching(/^[^/?]* net\.[a-z-]+$/)]);
  });

  it.each(['http://SITE.test:PORT/', 'http://site.test.:PORT/', 'http://site%2Etest:PORT/'])(
    'is none where it is the same one: %s',
    async (spelling) => {
      const door = await scene.door({ hosts: [place()] });
      const url = Buffer.from(spelling.replace('PORT', String(site.port))).toString('latin1');
      const answer = await door.say(
        `GET ${url} HTTP/1.1\r\nHost: ${place()}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toContain('200 OK');
      expect(asked[0]?.headers.host).toBe(place());
    },
  );

  it.each([
    ['another', 'Host: evil.test\r\n'],
    ['another port', 'Host: site.test:1\r\n'],
    ['one more', 'Host: PLACE\r\nHost: evil.test\r\n'],
    ['a user', 'Host: evil.test@PLACE\r\n'],
    ['none', ''],
  ])('is not let in by a host header that is %s', async (_, header) => {
    const door = await scene.door({ hosts: [place()] });
    const answer = await door.say(
      `GET http://${place()}/ HTTP/1.1\r\n${header.replace('PLACE', place())}Connection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 40[03] /);
    expect(site.connections()).toBe(0);
  });
});

describe('a request that two readers would read as two things', () => {
  const post = (rest: string): string =>
    `POST http://${place()}/ HTTP/1.1\r\nHost: ${place()}\r\n${rest}`;

  it.each([
    ['a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX'],
    ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nX'],
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n\r\nABCDE'],
    ['one length twice', 'Content-Length: 4\r\nContent-Length: 4\r\n\r\nABCD'],
    ['a length that is none', 'Content-Length: +4\r\n\r\nABCD'],
    ['an unknown coding', 'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    ['a hidden coding', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a coding twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a blank before the colon', 'Content-Length : 4\r\n\r\nABCD'],
    ['a folded line', 'X-A: b\r\n Content-Length: 4\r\n\r\nABCD'],
    ['a bare line feed', 'X-A: b\nContent-Length: 4\r\n\r\nABCD'],
    ['a bare carriage return', 'X-A: b\rHost: evil.test\r\n\r\n'],
    ['a NUL', 'X-A: \0b\r\n\r\n'],
    ['a chunk of no size', 'Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n'],
    [
      'a chunk that is longer than it says',
      'Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n',
    ],
  ])('is not passed on whole: %s', async (_, rest) => {
    const door = await scene.door({ hosts: [place()] });
    const answer = await door.say(post(rest));
    expect(answer).not.toContain('200 OK');
    expect(bodies).toEqual([]);
    const verdicts = await door.verdicts();
    expect(verdicts.some((verdict) => verdict.endsWith(' net.malformed'))).toBe(true);
  });

  it('has a second one in its body for a body', async () => {
    const door = await scene.door({ hosts: [place()] });
    const inner = 'GET http://evil.test/ HTTP/1.1\r\nHost: evil.test\r\n\r\n';
    await door.say(post(`Connection: close\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`));
    expect([bodies, asked.length]).toEqual([[inner], 1]);
  });

  it('has no line of its own in a value', async () => {
    const door = await scene.door({ hosts: [place()] });
    const answer = await door.say(
      `GET http://${place()}/%0d%0aX-Evil:1 HTTP/1.1\r\nHost: ${place()}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toContain('200 OK');
    expect(asked[0]?.headers).not.toHaveProperty('x-evil');
  });
});

describe('a tunnel', () => {
  let secure: Host;
  let door: Door;
  const granted = (): string => `site.test:${secure.port}`;

  beforeEach(async () => {
    secure = await scene.https((request, response) => response.end(`secret ${request.url}`));
    door = await scene.door({ hosts: [granted(), place('plain.test')] });
  });

  it('leads to the place that was granted, behind its name', async () => {
    expect(await door.secureGet(granted())).toContain('secret /');
    expect(await door.verdicts()).toEqual([`${granted()} done`]);
  });

  it.each([
    'evil.test:443',
    'site.test:22',
    'site.test:443',
    'site.test',
    'site.test:',
    'site.test:0443',
    'site.test:PORT/',
    'site.test@evil.test:PORT',
    'evil.test#:PORT',
    'site.test:PORT:PORT',
    '127.0.0.1:PORT',
    '2130706433:PORT',
    '[::ffff:127.0.0.1]:PORT',
    'http://site.test:PORT',
    'site.test%00:PORT',
  ])('to %s is refused', async (spelling) => {
    const to = spelling.replaceAll('PORT', String(secure.port));
    const answer = await door.say(`CONNECT ${to} HTTP/1.1\r\nHost: ${to}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 40[03] [\s\S]*chancery: net\./);
    expect(secure.connections()).toBe(0);
  });

  it('whose host header is another is refused', async () => {
    const answer = await door.say(`CONNECT ${granted()} HTTP/1.1\r\nHost: evil.test\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 403 [\s\S]*net.host-mismatch/);
  });

  it.each([
    ['another name', { servername: 'evil.test' }],
    ['a name above', { servername: 'test' }],
    ['no name', { servername: '' }],
  ])('behind %s is closed, and the host hears nothing of it', async (_, options) => {
    expect(await door.secureGet(granted(), options)).toMatch(/UNRECOGNIZED_NAME|ECONNRESET/);
    expect(await door.verdicts()).toEqual([`${granted()} net.sni-mismatch`]);
    expect((await door.close()).bytesOut).toBe(0);
  });

  it.each(['ssh-2.0-x\r\n', '\x16\x03\x01\x00\x04\x02\x00\x00\x00', '\x00\x00\x00\x00\x00'])(
    'is for TLS and HTTP alone: %j',
    async (words) => {
      const { socket, answer } = await door.tunnel(granted());
      expect(answer).toContain('200');
      socket.write(words, 'latin1');
      await new Promise((resolve) => socket.once('close', resolve));
      expect(await door.verdicts()).toEqual([`${granted()} net.no-tls`]);
      expect((await door.close()).bytesOut).toBe(0);
    },
  );

  it('without TLS has requests that are each decided', async () => {
    const at = place('plain.test');
    const ask = async (target: string, host: string) => {
      const { socket } = await door.tunnel(at);
      socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      return wholeOf(socket);
    };
    expect(await ask('/in', at)).toContain('seen /in');
    expect(await ask('/in', 'evil.test')).toContain('net.host-mismatch');
    expect(await ask('http://evil.test/', 'evil.test')).toContain('net.malformed');
    expect(asked.map(({ url }) => url)).toEqual(['/in']);
  });

  it('that begins with nothing is closed in time', async () => {
    const patient = await scene.door({ hosts: [granted()] }, { limits: { helloMs: 50 } });
    const { socket } = await patient.tunnel(granted());
    await new Promise((resolve) => socket.once('close', resolve));
    expect(await patient.verdicts()).toEqual([`${granted()} net.timeout`]);
  });
});

describe('an address', () => {
  const answering = (...addresses: readonly string[]) => ({
    lookup: () => Promise.resolve(addresses.map((address) => ({ address, family: 4 }))),
  });

  it.each([
    ['private', answering('10.0.0.1')],
    ['of the services of a cloud', answering('169.254.169.254')],
    ['public and private', answering('8.8.8.8', '192.168.0.1')],
    ['of the loopback in IPv6', answering('::1')],
    ['mapped', answering('::ffff:127.0.0.1')],
  ])('that is %s is not connected to', async (_, options) => {
    const door = await scene.door({ hosts: ['site.test:80', 'site.test:443'] }, options);
    expect(await door.get('http://site.test/')).toMatch(
      /^HTTP\/1.1 403 .*[\s\S]*forbidden-address/,
    );
    expect((await door.tunnel('site.test:443')).answer).toContain('403');
  });

  it('is found once: a name that is answered otherwise later stays where it was', async () => {
    let times = 0;
    const lookup = () => {
      times += 1;
      return Promise.resolve([{ address: times === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
    };
    const door = await scene.door({ hosts: [place()] }, { lookup });
    for (const path of ['a', 'b', 'c']) {
      expect(await door.get(`http://${place()}/${path}`)).toContain('200 OK');
    }
    expect(times).toBe(1);
  });

  it('of this machine is none of the public internet', async () => {
    const door = await scene.door({ hosts: [place()] }, { opened: [] });
    expect(await door.get(`http://${place()}/`)).toContain('net.forbidden-address');
    expect(site.connections()).toBe(0);
  });
});

describe('a secret for a host', () => {
  const value = 'open sesame 4f2';
  let secure: Host;
  let heads: IncomingMessage[];
  let door: Door;
  const granted = (): string => `site.test:${secure.port}`;

  beforeEach(async () => {
    heads = [];
    secure = await scene.https((request, response) => {
      heads.push(request);
      response.end(`hello ${request.url}`);
    });
    door = await scene.door({
      hosts: [granted(), `other.test:${secure.port}`, place('plain.test')],
      credentials: new Map([
        [`${granted()}/authorization`, 'token-4f2a'],
        [`${granted()}/x-api-key`, value],
      ]),
    });
  });

  it('is put into its requests, whatever they hold, and into no others', async () => {
    expect(await door.secureGet(granted(), {}, { path: '/a' })).toContain('hello /a');
    expect(heads[0]?.headers).toMatchObject({
      ...{ authorization: 'Bearer token-4f2a', 'x-api-key': value, host: granted() },
    });
    expect(await door.secureGet(`other.test:${secure.port}`)).toContain('hello /');
    expect(heads[1]?.headers).not.toHaveProperty('authorization');
    expect(await door.get(`http://${place('plain.test')}/`)).toContain('200 OK');
    expect(asked[0]?.headers).not.toHaveProperty('authorization');
    const log = await door.close();
    expect(log.requests.map(({ verdict }) => verdict)).toEqual(['opened', 'done', 'done', 'done']);
    expect(JSON.stringify(log)).not.toContain('4f2');
  });

  it('is behind certificates that the command believes, of an authority whose key it has not', async () => {
    const file = join(door.folder, 'authorities.pem');
    const ca = readFileSync(file, 'utf8');
    expect(ca).not.toContain('PRIVATE');
    expect(statSync(door.folder).mode & 0o777).toBe(0o700);
    expect(new X509Certificate(ca.slice(ca.lastIndexOf('-----BEGIN'))).ca).toBe(true);
    expect(await door.secureGet(granted(), { ca, rejectUnauthorized: true })).toContain('hello');
  });

  it('is not sent to another place from within the tunnel', async () => {
    for (const host of ['evil.test', `other.test:${secure.port}`]) {
      expect(await door.secureGet(granted(), {}, { host })).toContain('net.host-mismatch');
    }
    const absolute = await door.secureGet(granted(), {}, { path: 'http://evil.test/' });
    expect(absolute).toContain('net.malformed');
    expect(heads).toEqual([]);
  });

  it('is not sent to its own host without TLS, in a tunnel or outside of one', async () => {
    const at = place();
    const credentials = new Map([[`${at}/x-api-key`, value]]);
    const plain = await scene.door({ hosts: [at], credentials });
    expect(await plain.get(`http://${at}/`)).toContain('200 OK');
    const { socket } = await plain.tunnel(at);
    socket.write(`GET / HTTP/1.1\r\nHost: ${at}\r\nConnection: close\r\n\r\n`);
    expect(await wholeOf(socket)).toContain('200 OK');
    expect(asked.map(({ headers }) => headers['x-api-key'])).toEqual([undefined, undefined]);
  });

  it('is not sent to a host whose certificate does not hold', async () => {
    const credentials = new Map([[`${granted()}/authorization`, 'token-4f2a']]);
    const strict = await scene.door({ hosts: [granted()], credentials }, { authorities: [] });
    expect(await strict.secureGet(granted())).toContain('net.unreachable');
    expect(heads).toEqual([]);
  });

  it('that no header can have opens no door', async () => {
    const credentials = new Map([[`${granted()}/authorization`, 'one\r\nx: y']]);
    await expect(scene.door({ hosts: [granted()], credentials })).rejects.toThrow('no header');
  });
});

describe('a place', () => {
  const egress = httpEgress({ nowMs: () => 0 });

  it.each([
    ['API.example.org', 'api.example.org:443'],
    ['example.org.:8443', 'example.org:8443'],
    ['münchen.de', 'xn--mnchen-3ya.de:443'],
    ['0x7f.1', '127.0.0.1:443'],
    ['[2001:DB8:0::0:1]', '[2001:db8::1]:443'],
    ['[2001:db8::1]:8443', '[2001:db8::1]:8443'],
    ['[::ffff:127.0.0.1]', '[::ffff:7f00:1]:443'],
  ])('that is written %s is %s', (text, place) => {
    expect(egress.readPlace(text)).toEqual({ ok: true, value: place });
  });

  it.each([
    ...['', 'a b', 'a.b/c', 'a.b?c', 'u@a.b', 'a.b#c', 'a.b\\c', 'a.b:22', 'a.b:x', 'a.b:443:443'],
    ...['https://a.b', 'a.b\0.c', 'a.b..', '*.a.b', 'a.b:99999'],
    ...['2001:db8::1', '[2001:db8::1', '[fe80::1%eth0]', '[::1]:22', '[::g]'],
  ])('is none by %j', (text) => {
    expect(egress.readPlace(text)).toMatchObject({ ok: false, refusal: { code: 'args.invalid' } });
  });

  /** Opens a door whose socket is to stand in this temporary folder. */
  async function doorIn(folder: string): Promise<void> {
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = folder;
    try {
      await expect(scene.door({ hosts: [place()] })).rejects.toThrow(/too long|could be opened/);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  }

  it.each([
    ['there is nothing to write', join(tmpdir(), 'absent')],
    ['nothing can be written', '/proc/self'],
  ])('has no door where %s', async (_, folder) => doorIn(folder));

  it('has no door where the path of its socket is too long, and leaves no folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), `${'x'.repeat(90)}-`));
    await doorIn(folder);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

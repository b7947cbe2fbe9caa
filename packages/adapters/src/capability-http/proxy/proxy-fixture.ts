import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { EgressDoor, EgressLog, EgressRequest } from '@chancery/runtime/broker';
import { newAuthority } from './authority.ts';
import { httpEgress, type EgressOptions } from './egress.ts';

const authority = newAuthority(Date.now());

/** A host outside, on a port of this machine, and how often it was connected to. */
export interface Host {
  readonly port: number;
  readonly connections: () => number;
}

/** Servers, doors and sockets of a test, all of which end with it. */
export class Scene {
  readonly #ends: (() => Promise<void>)[] = [];

  /** A server on the loopback. */
  async host(server: Server): Promise<Host> {
    let connections = 0;
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#ends.push(async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    });
    return { port: (server.address() as AddressInfo).port, connections: () => connections };
  }

  http(answer: RequestListener): Promise<Host> {
    return this.host(createHttp(answer));
  }

  /** Has a certificate for whatever name it is asked by. */
  https(answer: RequestListener): Promise<Host> {
    const contextFor = (name: string) => authority.contextFor(name);
    return this.host(
      createHttps({ SNICallback: (name, found) => found(null, contextFor(name)) }, answer),
    );
  }

  /** Does what it is told with each connection. */
  rude(serve: (socket: Socket) => void): Promise<Host> {
    return this.host(createServer(serve));
  }

  /** A door to the loopback for names, which all lie there, and for nothing else of this machine. */
  async door(
    request: Pick<EgressRequest, 'hosts'> & Partial<EgressRequest>,
    options: Partial<EgressOptions> = {},
  ): Promise<Door> {
    const egress = httpEgress({
      ...{ nowMs: Date.now, opened: ['127.0.0.1'], authorities: [authority.pem] },
      lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
      ...options,
    });
    const opened = await egress.open({ credentials: new Map(), bytesOut: 1_000_000, ...request });
    if (!opened.ok) throw new Error(opened.refusal.message);
    const door = new Door(opened.value);
    this.#ends.push(async () => {
      await door.close();
    });
    return door;
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }
}

/** What a command does with its door. */
export class Door {
  readonly #door: EgressDoor;
  #log: Promise<EgressLog> | undefined;

  constructor(door: EgressDoor) {
    this.#door = door;
  }

  get folder(): string {
    return this.#door.folder;
  }

  connect(): Socket {
    const socket = connect(join(this.#door.folder, 'door'));
    socket.on('error', () => socket.destroy());
    return socket;
  }

  /** All that comes back for these bytes, until the other side ends or closes. */
  async say(...parts: readonly string[]): Promise<string> {
    const socket = this.connect();
    for (const part of parts) socket.write(part, 'latin1');
    return wholeOf(socket);
  }

  /** A request by GET in the form for proxies, on a connection of its own. */
  get(url: string, more = ''): Promise<string> {
    const { host } = new URL(url);
    return this.say(`GET ${url} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`);
  }

  /** A tunnel, with the answer to CONNECT. */
  async tunnel(place: string): Promise<{ readonly socket: Socket; readonly answer: string }> {
    const socket = this.connect();
    socket.write(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n\r\n`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    return { socket, answer: first.toString('latin1') };
  }

  /** Bytes of a GET over TLS in a tunnel; the message of an error where there is none. */
  async secureGet(
    place: string,
    options: ConnectionOptions = {},
    { path = '/', host = place }: { readonly path?: string; readonly host?: string } = {},
  ): Promise<string> {
    const { socket, answer } = await this.tunnel(place);
    if (!answer.startsWith('HTTP/1.1 200')) return answer;
    const [servername = ''] = place.split(':');
    const secure = connectTls({ socket, servername, rejectUnauthorized: false, ...options });
    return new Promise((resolve) => {
      secure.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      secure.once('secureConnect', () => {
        secure.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
        void wholeOf(secure).then(resolve);
      });
    });
  }

  close(): Promise<EgressLog> {
    this.#log ??= this.#door.close().then((log) => {
      rmSync(this.#door.folder, { recursive: true, force: true });
      return log;
    });
    return this.#log;
  }

  /** What was told of each request, as `host:port verdict`. */
  async verdicts(): Promise<readonly string[]> {
    const { requests } = await this.close();
    return requests.map(({ host, port, verdict }) => `${host}:${port} ${verdict}`);
  }
}

export function wholeOf(socket: Socket | TLSSocket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    const end = (): void => resolve(Buffer.concat(chunks).toString('latin1'));
    socket.once('end', end).once('close', end);
  });
}

/** What a client of TLS says first. */
export function helloOf(options: ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _, written) => {
        resolve(chunk);
        written();
      },
    });
    connectTls({ socket, ...options }).on('error', () => undefined);
  });
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { assert } from '@chancery/kernel/refusal';
import type { EgressLog, EgressRequest } from '@chancery/runtime/broker';
import { headerBytes } from '../connection.ts';
import { placeOf, type Destination } from '../destination.ts';
import type { HttpOptions } from '../resolution.ts';
import type { Authority } from './authority.ts';
import { Gate, type Admission, type Refused } from './gate.ts';
import type { ProxyLimits } from './limits.ts';
import { refusalText, refuse, relay } from './relay.ts';
import { absoluteTarget, connectTarget, tunnelledTarget, type Target } from './request-target.ts';
import { RequestLog, type Entry } from './request-log.ts';
import { beginningOf, connectTo, passBytes } from './tunnel.ts';

export interface ProxyPlan {
  readonly request: EgressRequest;
  readonly options: HttpOptions;
  readonly limits: ProxyLimits;
  /** Of places whose requests are given a header; undefined where there is none. */
  readonly authority: Authority | undefined;
  /** Headers by place. */
  readonly headers: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** A connection that the command has opened, or what is inside of one. */
interface Visit {
  readonly socket: Duplex;
  readonly entry: Entry;
}

/** A request that was read. */
interface Served {
  readonly asked: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: Entry;
}

/** Proxy of one command (RFC 9110, 7.6): every request is decided by itself, and every one is told. */
export class CommandProxy {
  /** Listens where its owner says. */
  readonly server: Server;
  readonly #plan: ProxyPlan;
  readonly #gate: Gate;
  readonly #log: RequestLog;
  readonly #sockets = new Set<Duplex>();
  /** Reads requests inside of tunnels that end here. */
  readonly #inner: Server;
  readonly #tunnels = new WeakMap<Duplex, Destination>();

  constructor(plan: ProxyPlan) {
    const { request, options, limits } = plan;
    this.#plan = plan;
    this.#gate = new Gate(request.hosts, options, limits.connectMs);
    this.#log = new RequestLog({ ...limits, bytesOut: request.bytesOut });
    this.server = this.#reader((asked) => absoluteTarget(asked));
    this.server.maxConnections = limits.connections;
    this.server.on('connection', (socket) => this.#hold(socket));
    this.server.on('connect', (asked: IncomingMessage, socket: Duplex, head: Buffer) => {
      const target = connectTarget(asked);
      const entry = this.#begin(asked, target.destination, undefined);
      if (head.length > 0) socket.unshift(head);
      guarded(entry, socket, () => this.#connect({ socket, entry }, target));
    });
    this.#inner = this.#reader((asked) => {
      const tunnel = this.#tunnels.get(asked.socket);
      return tunnel === undefined ? absoluteTarget(asked) : tunnelledTarget(asked, tunnel);
    });
  }

  /** Ends all that is under way. */
  close(): EgressLog {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
    return this.#log.close('unfinished');
  }

  #reader(targetOf: (asked: IncomingMessage) => Target): Server {
    const { limits } = this.#plan;
    const server = createServer(
      {
        maxHeaderSize: headerBytes,
        headersTimeout: limits.helloMs,
        // A body may come slowly; the command itself has an end.
        requestTimeout: 0,
        keepAliveTimeout: limits.idleMs,
        connectionsCheckingInterval: Math.min(limits.helloMs, 5_000),
        insecureHTTPParser: false,
      },
      (asked, response) => {
        const target = targetOf(asked);
        const entry = this.#begin(asked, target.destination, asked.method);
        guarded(entry, asked.socket, () => this.#serve({ asked, response, entry }, target));
      },
    );
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const { code = '' } = error;
      // Whoever goes away within a request is not to be answered.
      if (code === 'HPE_INVALID_EOF_STATE') socket.destroy();
      else if (code.startsWith('HPE_')) this.#misread(socket, 'net.malformed');
      else if (code === 'ERR_HTTP_REQUEST_TIMEOUT') this.#misread(socket, 'net.timeout');
      else socket.destroy();
    });
    return server;
  }

  #hold(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async #serve({ asked, response, entry }: Served, target: Target): Promise<void> {
    if (target.kind === 'refused') {
      entry.end(target.code);
      refuse(response, target);
      return;
    }
    const { destination } = target;
    const admission = await this.#gate.admit(destination);
    // Whoever has gone meanwhile asks for nothing any more.
    if (asked.socket.destroyed) return;
    if (admission.kind === 'refused') {
      entry.end(admission.code);
      refuse(response, admission);
      return;
    }
    relay({
      ...{ request: asked, response, destination, to: admission.to, entry },
      headers: destination.scheme === 'https' ? this.#headersOf(destination) : new Map(),
      ...{ authorities: this.#plan.options.authorities, limits: this.#plan.limits },
    });
  }

  async #connect({ socket, entry }: Visit, target: Target): Promise<void> {
    if (target.kind === 'refused') {
      this.#turnAway({ socket, entry }, target);
      return;
    }
    const { destination } = target;
    const admission = await this.#gate.admit(destination);
    if (socket.destroyed) return;
    if (admission.kind === 'refused') {
      this.#turnAway({ socket, entry }, admission);
      return;
    }
    await this.#tunnel({ socket, entry }, destination, admission);
  }

  /** Behind the name of its host a tunnel is looked into where its requests are given what it has not. */
  async #tunnel(
    { socket, entry }: Visit,
    destination: Destination,
    { to }: Admission & { kind: 'admitted' },
  ): Promise<void> {
    const { limits, authority } = this.#plan;
    const isOpened = authority !== undefined && this.#headersOf(destination).size > 0;
    const outside = isOpened ? undefined : await connectTo(destination, to, limits.connectMs);
    if (typeof outside === 'string') {
      const why = `${placeOf(destination)} cannot be reached`;
      this.#turnAway({ socket, entry }, { kind: 'refused', status: 502, code: outside, why });
      return;
    }
    if (outside !== undefined) this.#hold(outside);
    if (socket.destroyed) {
      outside?.destroy();
      return;
    }
    socket.write(established);
    const beginning = await beginningOf(socket, destination, { entry, limits });
    if (beginning !== undefined) socket.unshift(beginning.bytes);
    if (beginning?.kind === 'tls' && outside !== undefined) {
      passBytes(socket, outside, { entry, limits });
      return;
    }
    outside?.destroy();
    if (beginning === undefined) return;
    entry.end('opened');
    if (beginning.kind === 'http') this.#lookInto(socket, plainly(destination));
    else if (isOpened) this.#decrypt(socket, destination, authority);
  }

  #decrypt(socket: Duplex, destination: Destination, authority: Authority): void {
    assert(socket instanceof Socket, 'a tunnel is no socket');
    const inside = new TLSSocket(socket, {
      isServer: true,
      secureContext: authority.contextFor(destination.host),
      ALPNProtocols: ['http/1.1'],
    });
    this.#hold(inside);
    inside.setTimeout(this.#plan.limits.idleMs, () => inside.destroy());
    this.#lookInto(inside, destination);
  }

  /** Requests inside of a tunnel are decided each by itself, as those outside of one. */
  #lookInto(socket: Duplex, destination: Destination): void {
    this.#tunnels.set(socket, destination);
    this.#inner.emit('connection', socket);
    socket.resume();
  }

  #headersOf(destination: Destination): ReadonlyMap<string, string> {
    return this.#plan.headers.get(placeOf(destination)) ?? new Map();
  }

  #begin(
    { url }: IncomingMessage,
    destination: Destination | undefined,
    method: string | undefined,
  ): Entry {
    const { host, port } = destination ?? { host: untrustedHost(url), port: 0 };
    return this.#log.begin({ host, port, ...(method === undefined ? {} : { method }) });
  }

  #turnAway({ socket, entry }: Visit, refused: Refused): void {
    entry.end(refused.code);
    answerPlainly(socket, refused);
  }

  /** What is no request of HTTP, one of which nobody can say where it ends, or one that does not end. */
  #misread(socket: Duplex, code: string): void {
    this.#log.begin({ host: '', port: 0 }).end(code);
    const why = 'this is no whole request that can be read in one way';
    answerPlainly(socket, { kind: 'refused', status: 400, code, why });
  }
}

/** What stands where a host would, in a target that is none: neither a path nor what comes behind one. */
function untrustedHost(url = ''): string {
  return url.replace(/^[a-z]+:\/\//i, '').replace(/[/?#].*$/s, '');
}

/** What a hostile message might break here breaks its own connection, which is told, and no other. */
function guarded(entry: Entry, socket: Duplex, work: () => Promise<void>): void {
  work().catch(() => {
    entry.end('fault');
    socket.destroy();
  });
}

/** The same place without TLS; no secret goes there. */
function plainly({ host, port }: Destination): Destination {
  return { url: `http://${host}:${port}/`, scheme: 'http', host, port };
}

const established = 'HTTP/1.1 200 Connection Established\r\n\r\n';

const reasons: Readonly<Record<Refused['status'], string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
};

/** An answer on a connection that no parser writes to any more; it is closed behind it. */
function answerPlainly(socket: Duplex, { status, code, why }: Refused): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const text = refusalText({ code, why });
  const head = [
    `HTTP/1.1 ${status} ${reasons[status]}`,
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
  // A client that goes on sending would keep it open.
  socket.resume();
  socket.once('finish', () => setTimeout(() => socket.destroy(), lingerMs).unref());
}

/** So long what a client still sends is read, before the connection is broken: it might miss the answer. */
const lingerMs = 500;

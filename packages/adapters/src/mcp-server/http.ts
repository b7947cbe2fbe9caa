import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import { serverOf, type McpService } from './served-tools.ts';

export interface ServedMcp {
  readonly url: string;
  /** Ends it once what is being answered is answered. */
  readonly close: () => Promise<void>;
}

export interface HttpTerms {
  /** A name or an address of this machine alone. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** What a client has to show with each request. */
  readonly token: string;
}

const path = '/mcp';
const requestMs = 30_000;
const answerMs = 2_000;
const messageBytes = 4 * 1_048_576;

/**
 * Serves whoever of this machine has the token, over streamable HTTP. Each request is answered by
 * itself, whatever connection it came by. A request with another host, or an origin that is not this
 * machine, comes from a page of the web and is refused (DNS rebinding).
 * @throws {RefusalError} `usage.invalid` where it cannot listen.
 */
export async function serveHttp(service: McpService, terms: HttpTerms): Promise<ServedMcp> {
  const handler = createMcpHandler(() => serverOf(service), {
    onerror: service.onFault,
    maxRequestBodySize: messageBytes,
  });
  const answer = async (request: Request): Promise<Response> =>
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins()) ??
    unauthorised(request, terms.token) ??
    (new URL(request.url).pathname === path
      ? handler.fetch(request)
      : new Response('not found\n', { status: 404 }));
  const server = createServer((incoming, outgoing) => {
    serve(answer, incoming, outgoing).catch((error: unknown) => {
      service.onFault(error instanceof Error ? error : new Error(String(error)));
      outgoing.destroy();
    });
  });
  server.headersTimeout = requestMs;
  server.requestTimeout = requestMs;
  const { address, family, port } = await bind(server, terms);
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}${path}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // Who is being told the end of the run hears it; a stream that only listens has none.
      const late = setTimeout(() => server.closeAllConnections(), answerMs);
      await closed;
      clearTimeout(late);
      await handler.close();
    },
  };
}

function bind(server: Server, { host, port }: HttpTerms): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const why = `cannot listen at ${host}:${port}: ${error.message}`;
      const remedy = 'Name another address with --listen.';
      reject(new RefusalError(refusal('usage.invalid', why, { remedy })));
    });
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

function unauthorised(request: Request, token: string): Response | undefined {
  const [, shown = ''] = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  if (timingSafeEqual(digestOf(shown), digestOf(token))) return undefined;
  const headers = { 'www-authenticate': 'Bearer' };
  return new Response('a bearer token is needed\n', { status: 401, headers });
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function serve(
  answer: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const response = await answer(requestOf(incoming, gone.signal));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) {
    outgoing.end();
    return;
  }
  try {
    await pipeline(Readable.fromWeb(response.body), outgoing);
  } catch (error) {
    // Whoever goes away while it is answered is no failure here.
    if (!gone.signal.aborted) throw error;
  }
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', headers } = incoming;
  const given = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) given.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const target =
    URL.parse(url, `http://${String(headers.host)}`) ?? new URL('http://invalid.invalid/');
  const body = method === 'GET' || method === 'HEAD' ? null : Readable.toWeb(incoming);
  return new Request(target, {
    method,
    headers: given,
    signal,
    ...(body === null ? {} : { body, duplex: 'half' as const }),
  });
}

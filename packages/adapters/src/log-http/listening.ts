import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { refusal, RefusalError } from '@chancery/kernel/refusal';

export interface ServeOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Told why a request was answered with 500; the client is not. */
  readonly onFailure: (error: unknown) => void;
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Question {
  readonly method: string | undefined;
  /** What stands behind the method: path and query, as they came. */
  readonly target: string | undefined;
  /** Reads the body as text; undefined for one that is too long, not UTF-8, or never whole. */
  readonly body: () => Promise<string | undefined>;
}

const requestMs = 10_000;
/** What is asked over a log is short: a note, and the hashes of a proof. */
const bodyMost = 64 * 1024;
const drainedMost = 16 * bodyMost;
const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether only this machine can reach a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** A short text instead of what was asked for. */
export function telling(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const type = 'text/plain; charset=utf-8';
  return {
    status,
    headers: { 'content-type': type, 'cache-control': 'no-store', ...headers },
    body: utf8.encode(`${text}\n`),
  };
}

/**
 * Answers questions over HTTP.
 * @throws {RefusalError} `usage.invalid` where it cannot listen.
 */
export async function listen(
  options: ServeOptions,
  answer: (question: Question) => Promise<Answer>,
): Promise<Served> {
  const server = createServer((request, response) => {
    void serve(options, answer, request).then((given) => send(response, request.method, given));
  });
  server.headersTimeout = requestMs;
  server.requestTimeout = requestMs;
  await bind(server, options);
  const { host } = options;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function bind(server: Server, { host, port }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const why = `cannot listen at ${host}:${port}: ${error.message}`;
      const remedy = 'Name another address with --listen.';
      reject(new RefusalError(refusal('usage.invalid', why, { remedy })));
    });
    server.listen(port, host, resolve);
  });
}

async function serve(
  { host, onFailure }: ServeOptions,
  answer: (question: Question) => Promise<Answer>,
  request: IncomingMessage,
): Promise<Answer> {
  const { method, url: target, headers } = request;
  if (!isMeant(host, headers.host)) return telling(421, 'this host is not served here');
  try {
    return await answer({ method, target, body: () => bodyOf(request) });
  } catch (error) {
    onFailure(error);
    return telling(500, 'internal.fault');
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      bytes += piece.length;
      // What is too long is read on for a while: who sends it would not hear the answer otherwise.
      if (bytes > drainedMost) return undefined;
      if (bytes <= bodyMost) pieces.push(piece);
    }
    return bytes > bodyMost ? undefined : strictUtf8.decode(Buffer.concat(pieces));
  } catch (error) {
    if (error instanceof TypeError || wentAway(error)) return undefined;
    throw error;
  }
}

/** Whoever ends the connection while it sends is no failure here, and hears no answer. */
function wentAway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

/**
 * A page of the web can have its own name lead to this machine, and then read here what is meant
 * for the machine alone. It cannot choose the name that the browser tells.
 */
function isMeant(host: string, told = ''): boolean {
  if (!isLoopback(host)) return true;
  const name = told.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  return isLoopback(name);
}

function send(
  response: ServerResponse,
  method: string | undefined,
  { status, headers, body }: Answer,
): void {
  response.writeHead(status, {
    ...headers,
    'content-length': body.length,
    'x-content-type-options': 'nosniff',
  });
  response.end(method === 'HEAD' ? undefined : body);
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { type TileStore } from '@chancery/runtime/transparency';
import { answerTo, telling, type Answer } from './answer.ts';

export interface ServeOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Told why a request was answered with 500; the client is not. */
  readonly onFailure: (error: unknown) => void;
}

export interface ServedLog {
  /** The paths of C2SP tlog-tiles stand below it. */
  readonly url: string;
  close(): Promise<void>;
}

const requestMs = 10_000;

/** Whether only this machine can reach a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Serves a log to be read, over HTTP.
 * @throws {RefusalError} `usage.invalid` where it cannot listen.
 */
export async function serveTiles(tiles: TileStore, options: ServeOptions): Promise<ServedLog> {
  const server = createServer((request, response) => void serve(tiles, options, request, response));
  server.headersTimeout = requestMs;
  server.requestTimeout = requestMs;
  await listen(server, options);
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

function listen(server: Server, { host, port }: ServeOptions): Promise<void> {
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
  tiles: TileStore,
  { host, onFailure }: ServeOptions,
  { method, url: target, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  send(response, method, await answered());

  async function answered(): Promise<Answer> {
    if (!isMeant(host, headers.host)) return telling(421, 'this host is not served here');
    try {
      return await answerTo(tiles, { method, target });
    } catch (error) {
      onFailure(error);
      return telling(500, 'internal.fault');
    }
  }
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

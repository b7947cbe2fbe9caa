import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Destination } from './destination.ts';
import { type Resolved } from './resolution.ts';

export interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface Bounds {
  /** Aborted at the time limit, and when the run is stopped. */
  readonly signal: AbortSignal;
  /** Bytes of the answer's body that are kept. */
  readonly bodyBytes: number;
}

export interface Answer {
  readonly status: number;
  /** By lower-case name; of several lines of one name the first. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Whether there was more of the body than is kept. */
  readonly truncated: boolean;
}

export type Exchanged =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** `sent`: whether the server may have got the request. */
  | { readonly kind: 'broken'; readonly code: string; readonly sent: boolean };

/** Bytes that all headers of an answer may have. */
const headerBytes = 32_768;

/** Makes one request, to an address that was resolved before and to no other. Follows nothing. */
export async function exchange(
  destination: Destination,
  to: Resolved,
  { sent, bounds }: { readonly sent: Sent; readonly bounds: Bounds },
): Promise<Exchanged> {
  const options = optionsOf(destination, to, sent);
  return new Promise((resolve) => {
    let connected = false;
    const fail = (error: Error): void => {
      resolve({ kind: 'broken', code: codeOf(error), sent: connected });
    };
    const ask = destination.scheme === 'https' ? requestHttps : requestHttp;
    const request = ask({ ...options, signal: bounds.signal });
    request.once('socket', (socket) => {
      const ready = destination.scheme === 'https' ? 'secureConnect' : 'connect';
      socket.once(ready, () => (connected = true));
    });
    request.on('error', fail);
    // Another protocol is none that was asked for. Nothing else tells of it.
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      fail(new Error('another protocol'));
    });
    const stop = (): void => resolve({ kind: 'broken', code: 'ABORT_ERR', sent: connected });
    bounds.signal.addEventListener('abort', stop, { once: true });
    if (bounds.signal.aborted) stop();
    request.on('response', (response) => {
      receive(response, bounds.bodyBytes).then(
        (answer) => resolve({ kind: 'answered', answer }),
        fail,
      );
    });
    request.end(sent.body);
  });
}

function optionsOf(
  { url, host, port }: Destination,
  { address, family }: Resolved,
  { method, headers, body }: Sent,
): RequestOptions & { readonly servername?: string } {
  const { pathname, search, host: authority } = new URL(url);
  return {
    method,
    host: address,
    family,
    port,
    path: `${pathname}${search}`,
    // The name that was asked for, in the request and in the certificate.
    ...(isName(host) ? { servername: host } : {}),
    headers: {
      host: authority,
      'accept-encoding': 'identity',
      connection: 'close',
      ...headers,
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    },
    // No connection is shared, so that none outlives its request.
    agent: false,
    maxHeaderSize: headerBytes,
    setDefaultHeaders: false,
  };
}

const isName = (host: string): boolean => !host.startsWith('[') && !/^[\d.]+$/.test(host);

async function receive(response: IncomingMessage, most: number): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  let truncated = false;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const kept = chunk.subarray(0, most - size);
    chunks.push(kept);
    size += kept.length;
    if (kept.length < chunk.length) {
      truncated = true;
      response.destroy();
      break;
    }
  }
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < response.rawHeaders.length; at += 2) {
    const name = (response.rawHeaders[at] ?? '').toLowerCase();
    if (!headers.has(name)) headers.set(name, response.rawHeaders[at + 1] ?? '');
  }
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks), truncated };
}

function codeOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined) return code;
  return error.name === 'AbortError' ? 'ABORT_ERR' : error.name;
}

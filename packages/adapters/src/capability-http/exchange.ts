import type { IncomingMessage } from 'node:http';
import { beginRequest } from './connection.ts';
import type { Destination } from './destination.ts';
import type { Resolved } from './resolution.ts';

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
  /** Certificates of authorities that count, in PEM; those of Node by default. */
  readonly authorities?: readonly string[] | undefined;
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

/** Makes one request, to an address that was resolved before and to no other. Follows nothing. */
export async function exchange(
  destination: Destination,
  to: Resolved,
  { sent, bounds }: { readonly sent: Sent; readonly bounds: Bounds },
): Promise<Exchanged> {
  const { method, headers, body } = sent;
  return new Promise((resolve) => {
    let connected = false;
    const fail = (error: Error): void => {
      resolve({ kind: 'broken', code: codeOf(error), sent: connected });
    };
    const request = beginRequest(destination, to, {
      method,
      headers: [
        ...['accept-encoding', 'identity'],
        ...Object.entries(headers).flat(),
        ...(body === undefined ? [] : ['content-length', String(Buffer.byteLength(body))]),
      ],
      ...{ authorities: bounds.authorities, signal: bounds.signal },
    });
    request.once('socket', (socket) => {
      const ready = destination.scheme === 'https' ? 'secureConnect' : 'connect';
      socket.once(ready, () => (connected = true));
    });
    request.on('error', fail);
    const stop = (): void => resolve({ kind: 'broken', code: 'ABORT_ERR', sent: connected });
    bounds.signal.addEventListener('abort', stop, { once: true });
    if (bounds.signal.aborted) stop();
    request.on('response', (response) => {
      receive(response, bounds.bodyBytes).then(
        (answer) => resolve({ kind: 'answered', answer }),
        fail,
      );
    });
    request.end(body);
  });
}

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

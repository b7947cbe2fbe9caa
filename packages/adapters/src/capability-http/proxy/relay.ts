import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { assert } from '@chancery/kernel/refusal';
import { beginRequest } from '../connection.ts';
import type { Destination } from '../destination.ts';
import type { Resolved } from '../resolution.ts';
import type { ProxyLimits } from './limits.ts';
import { refusal, type Refused } from './gate.ts';
import { headerLines } from './header-lines.ts';
import type { Entry } from './request-log.ts';

/** Headers of one connection (RFC 9110, 7.6.1), and those that we set. */
const ofOneConnection: ReadonlySet<string> = new Set([
  ...[
    'connection',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'host',
    'expect',
  ],
  ...['proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'http2-settings'],
]);

export interface Relay {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly destination: Destination;
  readonly to: Resolved;
  /** Put in the place of those that the command gave. */
  readonly headers: ReadonlyMap<string, string>;
  readonly authorities: readonly string[] | undefined;
  readonly entry: Entry;
  readonly limits: ProxyLimits;
}

/**
 * Makes the request of a command anew and sends back what is answered: read to the end of each header and
 * of each length by one parser and written by another, so that no two readers see different requests.
 */
export function relay(plan: Relay): void {
  const { request, response, entry, limits } = plan;
  const { method } = request;
  assert(method !== undefined, 'a request has a method');
  const headers = sentHeaders(plan);
  const outside = beginRequest(plan.destination, plan.to, {
    ...{ method, headers, authorities: plan.authorities },
  });
  let isConnected = false;
  const breakOff = (code: string, why: string): void => {
    outside.destroy();
    refuse(response, refusal(code, why, code === 'net.timeout' ? 504 : 502));
    entry.end(code);
  };
  const watch = new Watch(limits.connectMs, () =>
    breakOff('net.timeout', 'no answer came in time'),
  );
  const ready = plan.destination.scheme === 'https' ? 'secureConnect' : 'connect';
  outside.once('socket', (socket) => {
    socket.once(ready, () => {
      isConnected = true;
      watch.again(limits.answerMs);
    });
  });
  outside.on('error', (error: NodeJS.ErrnoException) => {
    watch.stop();
    const code = isConnected ? 'net.cut-off' : 'net.unreachable';
    breakOff(code, `the connection broke: ${error.code ?? error.name}`);
  });
  outside.on('response', (answer) => {
    if (response.headersSent || request.socket.destroyed) outside.destroy();
    else sendBack(plan, answer, { watch, breakOff });
  });
  response.once('close', () => {
    watch.stop();
    outside.destroy();
    entry.end('net.cut-off');
  });
  const head = `${method} ${request.url} HTTP/1.1`;
  const isWithin = entry.sent(lengthOf([head, ...headers]));
  if (!isWithin) breakOff('net.too-large', 'the command has sent all that it may');
  else sendBody(plan, outside, { watch, breakOff });
}

interface Steps {
  readonly watch: Watch;
  readonly breakOff: (code: string, why: string) => void;
}

function sendBody(
  { request, entry, limits }: Relay,
  outside: ClientRequest,
  { watch, breakOff }: Steps,
): void {
  request.on('data', (chunk: Buffer) => {
    if (!entry.sent(chunk.length)) {
      breakOff('net.too-large', 'the command has sent all that it may');
      return;
    }
    watch.again(limits.answerMs);
    if (outside.write(chunk)) return;
    request.pause();
    outside.once('drain', () => request.resume());
  });
  request.once('end', () => outside.end());
  // A command that goes away within its request must not have sent a whole one.
  request.once('aborted', () => outside.destroy());
}

function sendBack(
  { response, entry, limits }: Relay,
  answer: IncomingMessage,
  { watch, breakOff }: Steps,
): void {
  const status = answer.statusCode;
  assert(status !== undefined, 'an answer has a status');
  entry.answered(status);
  if (status < 200) {
    breakOff('net.cut-off', `the answer has the status ${status}`);
    return;
  }
  const received = (bytes: number): boolean => {
    watch.again(limits.idleMs);
    const isWithin = entry.received(bytes);
    if (!isWithin) breakOff('net.too-large', 'hosts have sent all that they may');
    return isWithin;
  };
  if (!received(lengthOf(answer.rawHeaders))) return;
  response.writeHead(status, [...keptHeaders(answer.rawHeaders)]);
  answer.on('data', (chunk: Buffer) => {
    if (!received(chunk.length) || response.write(chunk)) return;
    answer.pause();
    response.once('drain', () => answer.resume());
  });
  answer.once('end', () => {
    entry.end('done');
    watch.stop();
    response.end();
  });
  const cutOff = (): void => breakOff('net.cut-off', 'the answer has no end');
  answer.once('aborted', cutOff);
  answer.once('error', cutOff);
}

/** Tells the command why, where it has heard nothing yet; otherwise its connection breaks. */
export function refuse(response: ServerResponse, { status, code, why }: Refused): void {
  if (response.headersSent || response.closed) {
    response.destroy();
    return;
  }
  const text = refusalText({ code, why });
  response.writeHead(status, [
    ...['content-type', 'text/plain; charset=utf-8', 'connection', 'close'],
    ...['content-length', String(Buffer.byteLength(text))],
  ]);
  response.end(text);
}

export function refusalText({
  code,
  why,
}: {
  readonly code: string;
  readonly why: string;
}): string {
  return `chancery: ${code}: ${why}\n`;
}

function sentHeaders({ request, headers }: Relay): readonly string[] {
  const isOurs = (name: string): boolean => headers.has(name);
  const own = keptHeaders(request.rawHeaders, isOurs);
  const isChunked = request.headers['transfer-encoding'] !== undefined;
  return [
    ...own,
    ...[...headers].flat(),
    // Without it Node would send a body of what has none by its method with no length at all.
    ...(isChunked ? ['transfer-encoding', 'chunked'] : []),
  ];
}

/** Headers that are not for one connection, those that `connection` names among these. */
function keptHeaders(
  raw: readonly string[],
  isDropped: (key: string) => boolean = () => false,
): readonly string[] {
  const lines = headerLines(raw);
  const named = lines
    .filter(({ key }) => key === 'connection')
    .flatMap(({ value }) => value.split(',').map((each) => each.trim().toLowerCase()));
  const isNamed = (key: string): boolean => named.includes(key) && key !== 'content-length';
  return lines.flatMap(({ name, key, value }) =>
    ofOneConnection.has(key) || isDropped(key) || isNamed(key) ? [] : [name, value],
  );
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length + 2, 0);
}

/** Ends what takes too long, from one step to the next. */
class Watch {
  readonly #late: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, late: () => void) {
    this.#late = late;
    this.again(ms);
  }

  again(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#late, ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

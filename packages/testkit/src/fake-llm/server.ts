import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setImmediate as nextTick } from 'node:timers/promises';
import { anthropic } from './anthropic.ts';
import { chat } from './chat.ts';
import { isSent, type Sent } from './request-check.ts';
import { responses } from './responses.ts';
import type { FakeReply, Frame, Wire, WireFormat } from './scenario.ts';

/** A request as it was received; the credential is masked. */
export interface RecordedRequest {
  readonly wire: Wire;
  /** Lowercase names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Sent;
  /** Why the fake refused it, as the provider would have; undefined when it was served. */
  readonly problem: string | undefined;
}

export interface FakeLlm {
  /** Base address, `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  /** All requests so far, refused ones included. */
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

export interface FakeLlmOptions {
  /** The n-th sound request gets the n-th reply; when there is none left: status 500. */
  readonly replies: readonly FakeReply[] | ((request: RecordedRequest, nth: number) => FakeReply);
  /** The only credential that is accepted; undefined: none is needed. */
  readonly apiKey?: string;
}

const formats: Readonly<Record<Wire, WireFormat>> = { anthropic, chat, responses };
const wires = Object.keys(formats) as Wire[];

/**
 * A server on the loopback that speaks the streaming protocols of Anthropic (Messages) and OpenAI
 * (Chat Completions, Responses) and refuses what they would refuse.
 */
export async function startFakeLlm(options: FakeLlmOptions): Promise<FakeLlm> {
  const requests: RecordedRequest[] = [];
  let served = 0;
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(String(request.url), 'http://localhost');
    const wire = wires.find((candidate) => formats[candidate].path === pathname);
    const text = await textOf(request);
    if (wire === undefined || request.method !== 'POST') {
      response.writeHead(404).end('no such path');
      return;
    }
    const format = formats[wire];
    const body: unknown = JSON.parse(text);
    const sent = isSent(body) ? body : {};
    const refusal = refusalOf({ format, sent, request, apiKey: options.apiKey });
    const recorded: RecordedRequest = {
      wire,
      headers: maskedHeaders(request, format.credentialOf(request.headers)),
      body: sent,
      problem: refusal?.message,
    };
    requests.push(recorded);
    const reply = refusal ?? replyTo(options, recorded, served);
    if (refusal === undefined) served += 1;
    await send(response, format, String(sent['model']), reply);
  }

  return { url: await listen(server), requests, close: () => close(server) };
}

function replyTo(options: FakeLlmOptions, request: RecordedRequest, nth: number): FakeReply {
  const { replies } = options;
  if (typeof replies === 'function') return replies(request, nth);
  return (
    replies[nth] ?? { kind: 'http-error', status: 500, message: `the scenario has no reply ${nth}` }
  );
}

type HttpError = Extract<FakeReply, { kind: 'http-error' }>;

interface Incoming {
  readonly format: WireFormat;
  readonly sent: Sent;
  readonly request: IncomingMessage;
  readonly apiKey: string | undefined;
}

function refusalOf({ format, sent, request, apiKey }: Incoming): HttpError | undefined {
  if (apiKey !== undefined && format.credentialOf(request.headers) !== apiKey) {
    return { kind: 'http-error', status: 401, message: 'invalid credential' };
  }
  const problem = format.problemOf(sent, request.headers);
  return problem === undefined ? undefined : { kind: 'http-error', status: 400, message: problem };
}

function maskedHeaders(
  request: IncomingMessage,
  credential: string | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => {
      const text = String(value);
      return [name, credential === undefined ? text : text.replaceAll(credential, '***')];
    }),
  );
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function send(
  response: ServerResponse,
  format: WireFormat,
  model: string,
  reply: FakeReply,
): Promise<void> {
  if (reply.kind === 'http-error') {
    const { status, message, code, headers } = reply;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(format.errorBody(status, message, code)));
    return;
  }
  if (reply.kind === 'body') {
    response.writeHead(200, { 'content-type': reply.contentType }).end(reply.body);
    return;
  }
  const frames = format.frames(reply.servedBy ?? model, reply);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const half = frames.slice(0, Math.ceil(frames.length / 2));
  await write(response, reply.kind === 'answer' ? frames : half);
  switch (reply.kind) {
    case 'answer':
      response.end();
      break;
    case 'error-event':
      await write(response, [format.errorFrame(reply.message)]);
      response.end();
      break;
    case 'cut':
      if (reply.how === 'reset') response.destroy();
      else response.end();
      break;
    case 'stall':
      // The client is to lose its patience; `close` ends the connection at last.
      break;
  }
}

async function write(response: ServerResponse, frames: readonly Frame[]): Promise<void> {
  for (const { event, data } of frames) {
    if (response.destroyed) return;
    const flowing = response.write(
      `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`,
    );
    if (!flowing) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    // Lets what is written leave in a piece of its own.
    await nextTick();
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return `http://127.0.0.1:${address.port}/v1`;
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

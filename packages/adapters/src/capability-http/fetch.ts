import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { assert, done, refused, type Result } from '@chancery/kernel/refusal';
import type { Normalised } from '@chancery/kernel/contract';
import type {
  Capability,
  Execution,
  ExecutionContext,
  ExecutionFailure,
} from '@chancery/runtime/broker';
import { bodyBytes, contract, safeMethods, timeLimits } from './contract.ts';
import { headerValue } from './connection.ts';
import { placeOf, readDestination, type Destination } from './destination.ts';
import { exchange, type Answer, type Exchanged, type Sent } from './exchange.ts';
import { inTime } from './in-time.ts';
import { resolveHost, type HttpOptions } from './resolution.ts';

/** `http.fetch`: one request over HTTP. */
export function httpFetch(options: HttpOptions = {}): Capability {
  return {
    contract,
    normalise: (args) => Promise.resolve(normalise(args)),
    execute: async ({ normalisedArgs }, context) =>
      ask(readRequest(normalisedArgs), context, options),
    reconcile: ({ normalisedArgs }) => {
      const { sent } = readRequest(normalisedArgs);
      return Promise.resolve(
        safeMethods.has(sent.method)
          ? { kind: 'did-not-happen', evidence: `${sent.method} asks for an answer alone` }
          : { kind: 'unknown', evidence: `nobody can be asked what a ${sent.method} has done` },
      );
    },
  };
}

interface HttpRequest {
  readonly destination: Destination;
  readonly sent: Sent;
  readonly timeoutMs: number;
}

function normalise(args: JsonObject): Result<Normalised> {
  const { url, method = 'GET', headers = {}, body, timeoutMs = timeLimits.defaultMs } = args;
  assert(typeof url === 'string' && typeof method === 'string', 'http.fetch: url or method');
  assert(isJsonObject(headers) && typeof timeoutMs === 'number', 'http.fetch: headers or time');
  const destination = readDestination(url);
  if (!destination.ok) return destination;
  if (safeMethods.has(method) && body !== undefined) {
    return refused('args.invalid', `a ${method} has no body`);
  }
  const { host, port, scheme } = destination.value;
  const credentials = sortedTexts(args['credentials']);
  if (credentials.length > 0 && scheme !== 'https') {
    return refused('args.invalid', 'a secret is sent over https alone');
  }
  const bytesOut = Buffer.byteLength(JSON.stringify({ url: destination.value.url, headers, body }));
  const hosts = [placeOf(destination.value)];
  return done({
    args: {
      ...{ url: destination.value.url, method, headers, timeoutMs },
      ...(body === undefined ? {} : { body }),
      ...(credentials.length === 0 ? {} : { credentials }),
    },
    resolved: { host, port, scheme, hosts, unsandboxed: false },
    // What a request other than a safe one has done, nobody can take back.
    effects: safeMethods.has(method) ? ['external'] : ['external', 'irreversible'],
    paths: [],
    command: undefined,
    hosts,
    unsandboxed: false,
    estimate: { ...contract.estimate, wallMs: timeoutMs, bytesOut },
  });
}

function sortedTexts(value: Json | undefined): readonly string[] {
  if (!Array.isArray(value)) return [];
  const texts = (value as readonly Json[]).filter((each) => typeof each === 'string');
  return [...new Set(texts)].sort();
}

/** @throws {Fault} for arguments that were not normalised. */
function readRequest(args: JsonObject): HttpRequest {
  const { url, method, headers, body, timeoutMs } = args;
  assert(typeof url === 'string' && typeof method === 'string', 'http.fetch: url or method');
  assert(isJsonObject(headers) && typeof timeoutMs === 'number', 'http.fetch: headers or time');
  assert(body === undefined || typeof body === 'string', 'http.fetch: body');
  const destination = readDestination(url);
  assert(destination.ok, 'a normalised URL can be asked');
  const given = headers as Readonly<Record<string, string>>;
  return { destination: destination.value, sent: { method, headers: given, body }, timeoutMs };
}

async function ask(
  { destination, sent, timeoutMs }: HttpRequest,
  context: ExecutionContext,
  options: HttpOptions,
): Promise<Execution> {
  if (context.signal.aborted) return failed('terminal', 'cancelled', 'cancelled before it began');
  const lent = withCredentials(sent, context.credentials);
  if (lent === undefined) {
    return failed('terminal', 'net.unsendable', 'a secret has characters that no header can have');
  }
  const signal = AbortSignal.any([
    context.signal,
    AbortSignal.timeout(Math.min(timeoutMs, context.timeoutMs)),
  ]);
  const { host } = destination;
  const resolution = await inTime(signal, resolveHost(host, options));
  if (resolution === undefined) {
    return failed('retryable', 'net.timeout', `${host} was not resolved in time`);
  }
  switch (resolution.kind) {
    case 'unresolved':
      return failed('retryable', 'net.unresolved', `${host}: ${resolution.why}`);
    case 'forbidden': {
      const what = `${host} is ${resolution.address}, which is not of the public internet`;
      return failed('terminal', 'net.forbidden-address', what);
    }
    case 'resolved': {
      const bounds = { signal, bodyBytes, authorities: options.authorities };
      const exchanged = await exchange(destination, resolution.to, { sent: lent, bounds });
      if (exchanged.kind === 'broken') return broken(exchanged, sent, context);
      const { answer } = exchanged;
      return observed(destination, resolution.to.address, { answer, sent: lent });
    }
  }
}

/** Values of headers by the secrets that are lent; a bare token of `authorization` is a bearer's. */
function withCredentials(
  sent: Sent,
  credentials: ExecutionContext['credentials'],
): Sent | undefined {
  const headers: Record<string, string> = { ...sent.headers };
  for (const [name, secret] of credentials) {
    const value = headerValue(name, secret);
    if (value === undefined) return undefined;
    headers[name] = value;
  }
  return { ...sent, headers };
}

/** System errors of before a connection stands. */
const unreachable = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);

export function broken(
  { code, sent: reached }: Extract<Exchanged, { kind: 'broken' }>,
  { method }: Sent,
  { signal }: Pick<ExecutionContext, 'signal'>,
): Failed {
  // What only asks has done nothing, whatever the server got of it.
  const kind = safeMethods.has(method) || !reached ? 'retryable' : 'unknown';
  if (signal.aborted) return failed(kind, 'cancelled', 'cancelled while it waited');
  if (code === 'ABORT_ERR') return failed(kind, 'net.timeout', 'no whole answer came in time');
  if (!reached || unreachable.has(code)) {
    return failed(kind, 'net.unreachable', `no connection: ${code}`);
  }
  return failed(kind, 'net.cut-off', `the connection broke: ${code}`);
}

type Failed = Extract<Execution, { kind: 'failed' }>;

export function failed(kind: ExecutionFailure['class'], code: string, message: string): Failed {
  return { kind: 'failed', failure: { class: kind, code, message }, used: {} };
}

function observed(
  { url }: Destination,
  address: string,
  { answer, sent }: { readonly answer: Answer; readonly sent: Sent },
): Execution {
  const { status, headers, body, truncated } = answer;
  const observation = {
    ...{ url, address, status, truncated },
    type: shown(headers.get('content-type')),
    location: shown(headers.get('location')),
    ...bodyOf(answer),
    sizeBytes: body.length,
  };
  const bytesOut = Buffer.byteLength(
    JSON.stringify({ url, headers: sent.headers, body: sent.body }),
  );
  return {
    kind: 'done',
    observation,
    delta: [],
    used: { bytesOut },
    changed: [],
    heard: true,
  };
}

/** Characters of a header that are shown. */
const headerChars = 2_048;

const shown = (value: string | undefined): string | null =>
  value === undefined ? null : value.slice(0, headerChars).toWellFormed();

/** As text where it is UTF-8 and was not encoded, as base64 otherwise; nothing for an empty body. */
function bodyOf({ headers, body, truncated }: Answer): { text?: string; base64?: string } {
  if (body.length === 0) return {};
  const encoding = headers.get('content-encoding') ?? 'identity';
  const text = encoding === 'identity' ? textIn(body, truncated) : undefined;
  return text === undefined ? { base64: body.toString('base64') } : { text };
}

/** What was cut off may end within a character. */
function textIn(body: Buffer, truncated: boolean): string | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(body, { stream: truncated });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

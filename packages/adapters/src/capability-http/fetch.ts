import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { assert, done, refused, type Result } from '@chancery/kernel/refusal';
import { type Normalised } from '@chancery/kernel/contract';
import {
  type Capability,
  type Execution,
  type ExecutionContext,
  type ExecutionFailure,
} from '@chancery/runtime/broker';
import { bodyBytes, contract, safeMethods, timeLimits } from './contract.ts';
import { readDestination, type Destination } from './destination.ts';
import { exchange, type Answer, type Exchanged, type Sent } from './exchange.ts';
import { resolveHost, systemLookup, type ResolveOptions } from './resolution.ts';

export interface HttpOptions {
  /** Addresses that may be asked although they are not of the public internet; none by default. */
  readonly opened?: readonly string[];
  readonly lookup?: ResolveOptions['lookup'];
}

/** `http.fetch`: one request over HTTP. */
export function httpFetch({ opened = [], lookup = systemLookup }: HttpOptions = {}): Capability {
  const resolving = { opened, lookup };
  return {
    contract,
    normalise: (args) => Promise.resolve(normalise(args)),
    execute: async ({ normalisedArgs }, context) =>
      ask(readRequest(normalisedArgs), context, resolving),
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
  return done({
    args: {
      ...{ url: destination.value.url, method, headers, timeoutMs },
      ...(body === undefined ? {} : { body }),
      ...(credentials.length === 0 ? {} : { credentials }),
    },
    resolved: { host, port, scheme },
    // What a request other than a safe one has done, nobody can take back.
    effects: safeMethods.has(method) ? ['external'] : ['external', 'irreversible'],
    paths: [],
    command: undefined,
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

/** Redirections that are followed. */
const mostHops = 5;

async function ask(
  { destination, sent, timeoutMs }: HttpRequest,
  context: ExecutionContext,
  resolving: ResolveOptions,
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
  const bounds = { signal, bodyBytes };
  let at = destination;
  for (let hop = 0; ; hop += 1) {
    const resolution = await inTime(signal, resolveHost(at.host, resolving));
    if (resolution === undefined) {
      return failed('retryable', 'net.timeout', `${at.host} was not resolved in time`);
    }
    switch (resolution.kind) {
      case 'unresolved':
        return failed('retryable', 'net.unresolved', `${at.host}: ${resolution.why}`);
      case 'forbidden': {
        const what = `${at.host} is ${resolution.address}, which is not of the public internet`;
        return failed('terminal', 'net.forbidden-address', what);
      }
      case 'resolved': {
        const exchanged = await exchange(at, resolution.to, { sent: lent, bounds });
        if (exchanged.kind === 'broken') return broken(exchanged, sent, context);
        const next = hop < mostHops ? redirection(at, sent, exchanged.answer) : undefined;
        if (next === undefined) {
          return observed(at, resolution.to.address, { answer: exchanged.answer, sent: lent });
        }
        at = next;
      }
    }
  }
}

/** What comes before the signal; undefined where nothing does. A resolver cannot be told to stop. */
export async function inTime<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  let end = (): void => undefined;
  const stopped = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Values of headers by the secrets that are lent; a bare token of `authorization` is a bearer's. */
function withCredentials(
  sent: Sent,
  credentials: ExecutionContext['credentials'],
): Sent | undefined {
  const headers: Record<string, string> = { ...sent.headers };
  for (const [name, value] of credentials) {
    if (!/^[\t\u0020-\u007e]+$/.test(value)) return undefined;
    const isBare = name === 'authorization' && !value.includes(' ');
    headers[name] = isBare ? `Bearer ${value}` : value;
  }
  return { ...sent, headers };
}

const redirections: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Where a redirection leads, where it is followed: to the same host and port, for what only asks. */
function redirection(from: Destination, { method }: Sent, answer: Answer): Destination | undefined {
  const location = answer.headers.get('location');
  if (location === undefined || !redirections.has(answer.status)) return undefined;
  if (!safeMethods.has(method) || !URL.canParse(location, from.url)) return undefined;
  const next = readDestination(new URL(location, from.url).href);
  if (!next.ok) return undefined;
  const { scheme, host, port } = next.value;
  const isSame = scheme === from.scheme && host === from.host && port === from.port;
  return isSame ? next.value : undefined;
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
  return { kind: 'done', observation, delta: [], used: { bytesOut }, changed: [] };
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

import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import type { Json } from '@chancery/kernel/encoding';
import type { HttpExecutor } from '@chancery/kernel/manifest';
import type {
  ExecutionContext,
  HttpAnswer,
  HttpRequest,
  HttpRequester,
} from '@chancery/runtime/broker';
import { failed, type Answered } from './answered.ts';
import { jsonIn } from './command.ts';
import { sizeOf, type PlannedRequest } from './request.ts';

/** Makes the request with what it is lent, and reads the answer. */
export async function makeRequest(
  executor: HttpExecutor,
  planned: PlannedRequest,
  { request, context }: { readonly request: HttpRequester; readonly context: ExecutionContext },
): Promise<Answered> {
  const lent = withSecrets(executor, planned, context.credentials);
  if (lent === undefined) {
    return failed('terminal', 'net.unsendable', 'a secret has not the form that is needed of it');
  }
  const used = { bytesOut: sizeOf(planned) };
  const answered = await request(lent, context);
  if (answered.kind === 'failed') return { ...answered, used };
  return { ...read(executor, answered), used };
}

function read(executor: HttpExecutor, answered: HttpAnswer): Answered {
  const { status, headers } = answered;
  if (!executor.success.includes(status)) return refusedBy(executor, answered);
  const body = bodyOf(answered);
  if (body === undefined) {
    // It has happened: what is not known is what it came to.
    return failed('unknown', 'answer.unread', 'the answer is no whole text in UTF-8');
  }
  return {
    kind: 'answered',
    answer: { status, headers: Object.fromEntries(headers), body },
    used: {},
  };
}

const isSafe = ({ method }: HttpExecutor): boolean => method === 'GET' || method === 'HEAD';

/**
 * What an answer says that is no success, by RFC 9110 and 6585: below 200 and above 499 nobody knows
 * whether something was done, and from 300 to 499 nothing was.
 */
function refusedBy(executor: HttpExecutor, { status, headers }: HttpAnswer): Answered {
  const said = `the server answered ${status}`;
  if (status === 429 || (status === 403 && isLimited(headers))) {
    return failed('retryable', 'http.limited', `${said}${untilWhen(headers)}`);
  }
  if (status >= 300 && status < 500) return failed('terminal', 'http.refused', said);
  const kind = isSafe(executor) ? 'retryable' : 'unknown';
  const code = status >= 500 ? 'http.failed' : 'http.unexpected';
  return failed(kind, code, `${said}${untilWhen(headers)}`);
}

/** As services tell that too much was asked that do not answer 429. */
function isLimited(headers: ReadonlyMap<string, string>): boolean {
  return headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after');
}

function untilWhen(headers: ReadonlyMap<string, string>): string {
  const seconds = headers.get('retry-after');
  return seconds !== undefined && /^\d{1,9}$/.test(seconds)
    ? `, and asks to wait ${seconds} seconds`
    : '';
}

/** JSON where it says that it is, text otherwise; undefined for what is neither, or was cut off. */
function bodyOf({ headers, body, truncated }: HttpAnswer): Json | undefined {
  if (body.length === 0) return '';
  if (truncated || (headers.get('content-encoding') ?? 'identity') !== 'identity') return undefined;
  const text = textIn(body);
  const isJson = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i.test(
    headers.get('content-type') ?? '',
  );
  return isJson && text !== undefined ? jsonIn(text) : text;
}

function textIn(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : undefined;
}

/** Undefined where a secret cannot stand in its header, or cannot sign. */
function withSecrets(
  { credentials, signing }: HttpExecutor,
  planned: PlannedRequest,
  lent: ExecutionContext['credentials'],
): HttpRequest | undefined {
  const headers: Record<string, string> = { ...planned.headers };
  for (const name of credentials) {
    const value = lent.get(name);
    if (value === undefined) continue;
    if (!/^[\t\u0020-\u007e]+$/.test(value)) return undefined;
    const isBare = name === 'authorization' && !value.includes(' ');
    headers[name] = isBare ? `Bearer ${value}` : value;
  }
  const { method, url, body } = planned;
  const secret = signing === null ? undefined : lent.get(signing.credential);
  if (secret === undefined) return { method, url, body, headers };
  const signature = signatureOf(secret, headers, body);
  if (signature === undefined) return undefined;
  return { method, url, body, headers: { ...headers, 'webhook-signature': signature } };
}

/** Standard Webhooks 1.0, `v1`: HMAC-SHA256 of `id.timestamp.body` by `whsec_` and 24 to 64 bytes in Base64. */
function signatureOf(
  secret: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): string | undefined {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(base64, 'base64');
  if (key.length < 24 || key.length > 64) return undefined;
  const [id, time] = [headers['webhook-id'], headers['webhook-timestamp']];
  if (id === undefined || time === undefined) return undefined;
  const mac = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64');
  return `v1,${mac}`;
}

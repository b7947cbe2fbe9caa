import type { Usage } from '@chancery/kernel/account';
import type { ModelFailure } from '@chancery/runtime/cognition';
import { NotAStream } from './provider.ts';

/** A failure with what is known to have been used. */
export interface Failed {
  readonly failure: ModelFailure;
  readonly usage: Usage | undefined;
}

export interface FailureContext {
  /** Takes credentials out of a text. */
  readonly scrub: (text: string) => string;
  /** Whether the request was whole and on its way; without that no byte of it left. */
  readonly sent: boolean;
  /** Whether a part of the answer had arrived. */
  readonly streamed: boolean;
  readonly nowMs: number;
}

type Verdict = Pick<ModelFailure, 'class' | 'code'>;

const nothingUsed: Usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
const maxMessageChars = 500;

const cutOff: Verdict = { class: 'unknown', code: 'cut-off' };
const unreachable: Verdict = { class: 'retryable', code: 'unreachable' };
const notSent: Verdict = { class: 'terminal', code: 'not-sent' };
const protocol: Verdict = { class: 'terminal', code: 'protocol' };

const tooLong =
  /context[ _-](?:length|window)|prompt is too long|too many (?:input )?tokens|maximum context|input is too long/i;
const noCredit = /insufficient_quota|exceeded your current quota|credit balance/i;

/** Connections that were never made: nothing was sent. */
const unreachableCodes: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What `fetch` says of a port that it never connects to (Fetch standard, "port blocking"). */
const barredPort = 'bad port';

/** The SDK's names for an answer that is not what the protocol says. */
const protocolErrors: ReadonlySet<string> = new Set([
  'AI_InvalidResponseDataError',
  'AI_JSONParseError',
  'AI_TypeValidationError',
]);

/** Reads what the SDK threw or put into the stream. Known by its fields: the SDK is loaded late. */
export function readFailure(error: unknown, context: FailureContext): Failed {
  const fields = fieldsOf(error);
  const { verdict, nothingSent } = verdictOf(error, fields, context.sent);
  return {
    failure: {
      ...verdict,
      // The cut may split a character, which no record can hold.
      message: context.scrub(fields.message).slice(0, maxMessageChars).toWellFormed(),
      retryAfterMs: retryAfterMs(fields.headers, context.nowMs),
    },
    usage: nothingSent && !context.streamed ? nothingUsed : undefined,
  };
}

/** `nothingSent`: the provider did not begin to answer, so there is nothing to pay. */
function verdictOf(
  error: unknown,
  fields: Fields,
  sent: boolean,
): { readonly verdict: Verdict; readonly nothingSent: boolean } {
  const causes = causesOf(error);
  if (!sent || causes.some(({ message }) => message === barredPort)) {
    return { verdict: notSent, nothingSent: true };
  }
  if (fields.status !== undefined) {
    return { verdict: verdictOfStatus(fields.status, fields.detail), nothingSent: true };
  }
  if (error instanceof NotAStream) return { verdict: protocol, nothingSent: false };
  if (causes.some(({ code }) => unreachableCodes.has(String(code)))) {
    return { verdict: unreachable, nothingSent: true };
  }
  const broken = protocolErrors.has(fields.name) && !fields.message.includes('finish reason');
  return { verdict: broken ? protocol : cutOff, nothingSent: false };
}

function verdictOfStatus(status: number, detail: string): Verdict {
  if (status === 401 || status === 403) return { class: 'terminal', code: 'unauthorised' };
  if (status === 413) return { class: 'terminal', code: 'context-too-long' };
  if (status === 429) {
    return { class: noCredit.test(detail) ? 'terminal' : 'retryable', code: 'rate-limited' };
  }
  if (status >= 500 || status === 408 || status === 409) {
    return { class: 'retryable', code: 'overloaded' };
  }
  return { class: 'terminal', code: tooLong.test(detail) ? 'context-too-long' : 'bad-request' };
}

interface Fields {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  /** All that the provider said, for looking up; never shown. */
  readonly detail: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function fieldsOf(error: unknown): Fields {
  const record = recordOf(error);
  const message = textOf(record['message'], 'the provider failed without a message');
  const status = record['statusCode'];
  return {
    name: textOf(record['name'], ''),
    message,
    // A 2xx is the status of an answer that broke later.
    status: typeof status === 'number' && status >= 400 ? status : undefined,
    detail: `${message}\n${textOf(record['responseBody'], '')}`,
    headers: recordOf(record['responseHeaders']),
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function causesOf(error: unknown): readonly Readonly<Record<string, unknown>>[] {
  const causes: Readonly<Record<string, unknown>>[] = [];
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) {
    causes.push(recordOf(at));
    if (at instanceof AggregateError) causes.push(recordOf(at.errors[0]));
  }
  return causes;
}

/** Date of HTTP (RFC 9110, section 5.6.7); `Date.parse` alone would take `-1` for a date. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** `Retry-After` (RFC 9110, section 10.2.3), in seconds or as a date, or its form in milliseconds. */
export function retryAfterMs(
  headers: Readonly<Record<string, unknown>>,
  nowMs: number,
): number | undefined {
  const exact = textOf(headers['retry-after-ms'], '');
  if (/^\d{1,12}$/.test(exact)) return Number(exact);
  const given = textOf(headers['retry-after'], '');
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(given)) return Math.ceil(Number(given) * 1000);
  const date = httpDate.test(given) ? Date.parse(given) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

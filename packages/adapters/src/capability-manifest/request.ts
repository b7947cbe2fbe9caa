import { recordText } from '@chancery/kernel/encoding';
import type { HttpExecutor } from '@chancery/kernel/manifest';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { HttpRequest } from '@chancery/runtime/broker';
import { assertFilled } from './assert-filled.ts';
import { filled, filledJson, textOf, type FilledPart, type Values } from './fill.ts';

/** A request without what it is lent. */
export interface PlannedRequest extends HttpRequest {
  readonly kind: 'http';
}

/**
 * The request for these values. Refuses `args.invalid` where a value would stand for more than itself:
 * a step of a path, the end of a line, or what a header cannot carry.
 */
export function planRequest(executor: HttpExecutor, values: Values): Result<PlannedRequest> {
  const url = urlOf(executor, values);
  if (!url.ok) return url;
  const headers = headersOf(executor, values);
  if (!headers.ok) return headers;
  const { method } = executor;
  const json = executor.body === null ? undefined : filledJson(executor.body, values);
  const body = json === undefined ? undefined : recordText(json);
  const typed = body === undefined ? {} : { 'content-type': 'application/json' };
  return done({
    ...{ kind: 'http', method, url: url.value, body },
    headers: { ...typed, ...headers.value },
  });
}

function urlOf({ url, query }: HttpExecutor, values: Values): Result<string> {
  const parts = filled(url, values);
  assertFilled(parts);
  const step = alteredStep(parts);
  if (step !== undefined) {
    return refused('args.invalid', `${JSON.stringify(step)} is no step of a path`);
  }
  const base = parts.map(({ text, isValue }) => (isValue ? percentEncoded(text) : text)).join('');
  const pairs = Object.entries(query).flatMap(([name, template]) => {
    const value = filled(template, values);
    return value === undefined ? [] : [`${percentEncoded(name)}=${percentEncoded(textOf(value))}`];
  });
  const whole = pairs.length === 0 ? base : `${base}?${pairs.join('&')}`;
  // What a parser would read otherwise than it is written is not what was approved.
  return URL.canParse(whole) && new URL(whole).href === whole
    ? done(whole)
    : refused('args.invalid', 'the URL has more than one form');
}

/** A step of the path that a value makes empty, `.` or `..`, which another path would be read from. */
function alteredStep(parts: readonly FilledPart[]): string | undefined {
  let step = '';
  let hasValue = false;
  for (const { text, isValue } of [...parts, { text: '/', isValue: false }]) {
    const [first = '', ...others] = isValue ? [text] : text.split('/');
    step += first;
    hasValue ||= isValue;
    for (const other of others) {
      if (hasValue && /^\.{0,2}$/.test(step)) return step;
      step = other;
      hasValue = false;
    }
  }
  return undefined;
}

/** RFC 6570, 3.2.2: everything but what is unreserved. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Printable ASCII, without blanks at its ends, which whoever reads it takes away. */
const headerValue = /^[\u0021-\u007e](?:[\t\u0020-\u007e]*[\u0021-\u007e])?$/;

function headersOf(
  { headers }: HttpExecutor,
  values: Values,
): Result<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const [name, template] of Object.entries(headers)) {
    const parts = filled(template, values);
    if (parts === undefined) continue;
    const value = textOf(parts);
    if (!headerValue.test(value)) {
      return refused('args.invalid', `the header ${name} cannot carry its value`);
    }
    found[name] = value;
  }
  return done(found);
}

/** Bytes that leave the machine with a request. */
export function sizeOf({ url, headers, body = '' }: HttpRequest): number {
  return Buffer.byteLength(JSON.stringify({ url, headers, body }));
}

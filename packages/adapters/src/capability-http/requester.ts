import type { HttpRequester, Unanswered } from '@chancery/runtime/broker';
import { bodyBytes } from './contract.ts';
import { readDestination } from './destination.ts';
import { exchange } from './exchange.ts';
import { broken, failed } from './fetch.ts';
import { inTime } from './in-time.ts';
import { resolveHost, type HttpOptions } from './resolution.ts';

/**
 * Makes single requests with the protections of `http.fetch`: one form of the URL, an address that was
 * looked at, bounds of time and of size. Redirections are answers. What is sent is for the caller.
 */
export function requester(options: HttpOptions = {}): HttpRequester {
  return async ({ method, url, headers, body }, context) => {
    const destination = readDestination(url);
    if (!destination.ok) return unanswered('net.unsendable', destination.refusal.message);
    const at = destination.value;
    const limit = AbortSignal.timeout(context.timeoutMs);
    const signal = AbortSignal.any([context.signal, limit]);
    const resolution = await inTime(signal, resolveHost(at.host, options));
    if (resolution === undefined) {
      const { failure } = failed('retryable', 'net.timeout', `${at.host} was not resolved in time`);
      return { kind: 'failed', failure };
    }
    switch (resolution.kind) {
      case 'unresolved': {
        const why = `${at.host}: ${resolution.why}`;
        return { kind: 'failed', failure: failed('retryable', 'net.unresolved', why).failure };
      }
      case 'forbidden': {
        const what = `${at.host} is ${resolution.address}, which is not of the public internet`;
        return unanswered('net.forbidden-address', what);
      }
      case 'resolved': {
        const sent = { method, headers, body };
        const bounds = { signal, bodyBytes, authorities: options.authorities };
        const exchanged = await exchange(at, resolution.to, { sent, bounds });
        if (exchanged.kind === 'broken') {
          return { kind: 'failed', failure: broken(exchanged, sent, context).failure };
        }
        return { kind: 'answered', ...exchanged.answer };
      }
    }
  };
}

/** Nothing was asked. */
function unanswered(code: string, message: string): Unanswered {
  return { kind: 'failed', failure: failed('terminal', code, message).failure };
}

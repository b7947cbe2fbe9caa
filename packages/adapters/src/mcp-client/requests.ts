import type { FetchLike } from '@modelcontextprotocol/client';
import type { ExecutionContext, HttpRequester } from '@chancery/runtime/broker';
import { Trouble } from './trouble.ts';

const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Requests of the protocol through a requester, which looks at every address and bounds what comes back.
 * An answer is taken when it is whole, streamed or not; no stream is held open to be told of more.
 */
export function fetchOver(
  request: HttpRequester,
  context: Pick<ExecutionContext, 'signal' | 'timeoutMs'>,
): FetchLike {
  return async (url, init) => {
    const method = init?.method;
    if (method !== 'POST' && method !== 'DELETE') return new Response(null, { status: 405 });
    const body = typeof init?.body === 'string' ? init.body : undefined;
    const headers = Object.fromEntries(new Headers(init?.headers));
    const answer = await request({ method, url: String(url), headers, body }, context);
    if (answer.kind === 'failed') throw new Trouble(answer.failure.code, answer.failure.message);
    if (answer.truncated) throw new Trouble('answer.unread', 'the answer is too long');
    const { status } = answer;
    const given = bodiless.has(status) ? null : new Uint8Array(answer.body);
    return new Response(given, { status, headers: [...answer.headers] });
  };
}

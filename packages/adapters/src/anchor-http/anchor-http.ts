import { done, refused, type Result } from '@chancery/kernel/refusal';
import { splitNotes } from '@chancery/kernel/tree';
import type { Anchor } from '@chancery/runtime/transparency';

const mostBytes = 16 * 1024 * 1024;

export interface HttpAnchorOptions {
  /** How long it waits for the whole of an answer; ten seconds unless told. */
  readonly patienceMs?: number;
}

/** Sends each checkpoint to a URL by POST, as text, and reads all of them back from there by GET. */
export function httpAnchor(url: URL, { patienceMs = 10_000 }: HttpAnchorOptions = {}): Anchor {
  const ask = (request: Asked): Promise<Result<string>> => answerOf(url, request, patienceMs);
  return {
    async publish(note) {
      const answered = await ask({ method: 'POST', body: note });
      return answered.ok ? done(null) : answered;
    },
    async published() {
      const text = await ask({ method: 'GET' });
      return text.ok ? splitNotes(text.value) : text;
    },
  };
}

type Asked = { readonly method: 'GET' } | { readonly method: 'POST'; readonly body: string };

async function answerOf(url: URL, request: Asked, patienceMs: number): Promise<Result<string>> {
  // A copy on the way that is older than the anchor would leave out what was published since.
  const headers =
    request.method === 'GET'
      ? { 'cache-control': 'no-cache' }
      : { 'content-type': 'text/plain; charset=utf-8' };
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const response = await fetch(url, { ...request, headers, redirect: 'error', signal });
    if (response.ok) return await textOf(response, url);
    await response.body?.cancel();
    return unreachable(url, `HTTP status ${response.status}`);
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) {
      return unreachable(url, error.message);
    }
    throw error;
  }
}

async function textOf({ body }: Response, url: URL): Promise<Result<string>> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > mostBytes) return unreachable(url, `it is longer than ${mostBytes} bytes`);
    pieces.push(piece);
  }
  return done(Buffer.concat(pieces).toString());
}

function unreachable({ origin, pathname }: URL, why: string): Result<never> {
  return refused('anchor.unreachable', `${origin}${pathname}: ${why}`);
}

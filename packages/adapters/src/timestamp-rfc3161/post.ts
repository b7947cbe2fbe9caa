import { done, refused, type Result } from '@chancery/kernel/refusal';
import { replyBytesMax } from '@chancery/kernel/timestamp';

const requestType = 'application/timestamp-query';
const replyType = 'application/timestamp-reply';

/**
 * Sends a request to an authority over HTTP (RFC 3161, section 3.4). What comes is not trusted.
 * Refuses `timestamp.unreachable` for another status, another content type, a redirection, a reply
 * of more than 64 KiB, and one that is not there within `patienceMs`.
 */
export async function post(
  url: URL,
  request: Uint8Array,
  patienceMs: number,
): Promise<Result<Uint8Array>> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': requestType, accept: replyType },
      body: new Uint8Array(request),
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    });
    return await replyIn(response, url);
  } catch (error) {
    // What fetch throws where there is no answer, and where it takes too long.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    const { cause } = error;
    const why = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : '';
    return unreachable(url, `${error.message}${why}`);
  }
}

async function replyIn(response: Response, url: URL): Promise<Result<Uint8Array>> {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const wrong =
    response.status === 200
      ? type === replyType
        ? undefined
        : `it answers no ${replyType}`
      : `HTTP status ${response.status}`;
  if (wrong !== undefined) {
    await response.body?.cancel();
    return unreachable(url, wrong);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    const piece = new Uint8Array(chunk as Uint8Array);
    bytes += piece.length;
    if (bytes > replyBytesMax) return unreachable(url, `it answers over ${replyBytesMax} bytes`);
    chunks.push(piece);
  }
  return done(new Uint8Array(Buffer.concat(chunks)));
}

function unreachable(url: URL, why: string): Result<never> {
  return refused('timestamp.unreachable', `${url.href}: ${why}`);
}

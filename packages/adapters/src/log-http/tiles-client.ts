import { Fault, refusal, RefusalError } from '@chancery/kernel/refusal';
import { entryBytesMax } from '@chancery/kernel/ledger';
import { tileWidth } from '@chancery/kernel/tree';
import type { TileStore } from '@chancery/runtime/transparency';

/** The longest thing in a log is a full bundle of the longest entries. */
const mostBytes = tileWidth * (entryBytesMax + 2);

/**
 * Reads a log that is served under `base`, which ends with a slash. What comes is not trusted: the
 * checkpoint is signed, and proofs out of the tiles lead to it or to nothing.
 * @param patienceMs how long it waits for the whole of an answer.
 */
export function tilesOverHttp(base: string, patienceMs = 10_000): TileStore {
  return {
    read: (path) => fetched(new URL(path, base), patienceMs),
    write: () => Promise.reject(new Fault('a log that is served elsewhere is only read')),
  };
}

async function fetched(url: URL, patienceMs: number): Promise<Uint8Array | undefined> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const response = await fetch(url, { redirect: 'error', signal });
    if (response.status === 200) return await contentOf(response, url);
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    throw unreachable(url, `HTTP status ${response.status}`);
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) {
      throw unreachable(url, error.message);
    }
    throw error;
  }
}

async function contentOf({ body }: Response, url: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    const piece = new Uint8Array(chunk as Uint8Array);
    bytes += piece.length;
    if (bytes > mostBytes) throw unreachable(url, `it is longer than ${mostBytes} bytes`);
    chunks.push(piece);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function unreachable(url: URL, why: string): RefusalError {
  return new RefusalError(refusal('ledger.unreachable', `${url.href}: ${why}`));
}

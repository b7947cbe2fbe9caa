import { RefusalError } from '@chancery/kernel/refusal';
import { parseBundlePath, parseTilePath } from '@chancery/kernel/tree';
import { checkpointPath, type TileStore } from '@chancery/runtime/transparency';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Question {
  readonly method: string | undefined;
  /** What stands behind the method: path and query, as they came. */
  readonly target: string | undefined;
}

/** What stands under the path of a tile or bundle never changes. */
const forGood = 'public, max-age=31536000, immutable';
const utf8 = new TextEncoder();

/** Answers for what C2SP tlog-tiles names: the checkpoint, tiles and entry bundles. */
export async function answerTo(tiles: TileStore, { method, target }: Question): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') {
    return telling(405, 'only GET and HEAD are answered', { allow: 'GET, HEAD' });
  }
  const path = pathOf(target ?? '');
  if (path === undefined) return notThere;
  try {
    const bytes = await tiles.read(path);
    return bytes === undefined ? notThere : found(path, bytes);
  } catch (error) {
    if (error instanceof RefusalError) return telling(503, error.refusal.code);
    throw error;
  }
}

/** A short text instead of what was asked for. */
export function telling(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const type = 'text/plain; charset=utf-8';
  return {
    status,
    headers: { ...headers, 'content-type': type, 'cache-control': 'no-store' },
    body: utf8.encode(`${text}\n`),
  };
}

const notThere = telling(404, 'there is nothing here');

/** A path that names something in a log, exactly as it is written there. */
function pathOf(target: string): string | undefined {
  const path = target.replace(/\?.*$/s, '').slice(1);
  const isNamed = path === checkpointPath || parseTilePath(path).ok || parseBundlePath(path).ok;
  return target.startsWith('/') && isNamed ? path : undefined;
}

function found(path: string, body: Uint8Array): Answer {
  const [type, caching] =
    path === checkpointPath
      ? ['text/plain; charset=utf-8', 'no-cache']
      : ['application/octet-stream', forGood];
  return { status: 200, headers: { 'content-type': type, 'cache-control': caching }, body };
}

import { RefusalError } from '@chancery/kernel/refusal';
import { parseBundlePath, parseTilePath } from '@chancery/kernel/tree';
import { checkpointPath, type TileStore } from '@chancery/runtime/transparency';
import {
  listen,
  telling,
  type Answer,
  type Question,
  type Served,
  type ServeOptions,
} from './listening.ts';

/** What stands under the path of a tile or bundle never changes. */
const forGood = 'public, max-age=31536000, immutable';
/**
 * Serves a log to be read, over HTTP: the paths of C2SP tlog-tiles stand below the url.
 * @throws {RefusalError} `usage.invalid` where it cannot listen.
 */
export function serveTiles(tiles: TileStore, options: ServeOptions): Promise<Served> {
  return listen(options, (question) => answerTo(tiles, question));
}

/** Answers for what C2SP tlog-tiles names: the checkpoint, tiles and entry bundles. */
async function answerTo(tiles: TileStore, { method, target }: Question): Promise<Answer> {
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

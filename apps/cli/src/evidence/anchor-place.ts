import { resolve } from 'node:path';
import { done, refused, type Result } from '@chancery/kernel/refusal';

/** Where checkpoints are kept outside the home. */
export type AnchorPlace =
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'git'; readonly repository: string }
  | { readonly type: 'http'; readonly url: URL };

/**
 * `file:PATH`, `git:REPOSITORY`, `https://…`, `http://…` on this machine, or the path of a file alone.
 * Refuses `usage.invalid`.
 */
function parsePlace(text: string): Result<AnchorPlace> {
  // The path of nothing would be the folder that the command was started in.
  if (text === '') return refused('usage.invalid', 'an empty text names no place');
  const [, scheme, rest = ''] = /^(file|git):(.*)$/s.exec(text) ?? [];
  if (scheme !== undefined && rest === '') {
    return refused('usage.invalid', `${text} names no place`);
  }
  if (scheme === 'git') return done({ type: 'git', repository: resolve(rest) });
  if (scheme === 'file') return done({ type: 'file', path: resolve(rest) });
  const protocol = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (protocol === undefined) return done({ type: 'file', path: resolve(text) });
  if (protocol !== 'https' && protocol !== 'http') {
    return refused('usage.invalid', `${protocol} is no way to an anchor`, {
      remedy: 'Name a FILE, git:REPOSITORY or https://…',
    });
  }
  const url = URL.parse(text);
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url === null || (url.protocol === 'http:' && !isLocal)) {
    return refused('usage.invalid', `${text} is no https address`, {
      remedy: 'Use https: over http, anybody on the way can leave checkpoints out.',
    });
  }
  return url.username === '' && url.password === ''
    ? done({ type: 'http', url })
    : refused('usage.invalid', 'the address of an anchor holds no user and no password');
}

/**
 * The places that these texts name, each once. Two addresses that differ after the `?` are two.
 * Refuses as `parsePlace` does.
 */
export function parsePlaces(texts: readonly string[]): Result<readonly AnchorPlace[]> {
  const places = new Map<string, AnchorPlace>();
  for (const text of texts) {
    const parsed = parsePlace(text);
    if (!parsed.ok) return parsed;
    const place = parsed.value;
    places.set(place.type === 'http' ? place.url.href : placeText(place), place);
  }
  return done([...places.values()]);
}

/** A place as it is shown. */
export function placeText(place: AnchorPlace): string {
  if (place.type === 'http') return `${place.url.origin}${place.url.pathname}`;
  return place.type === 'git' ? `git:${place.repository}` : `file:${place.path}`;
}

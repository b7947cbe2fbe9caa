import type { Effect } from '../contract/index.ts';

type Matcher = (path: string) => boolean;

const special = /[.+?^${}()|[\]\\]/g;

/** A glob as a regular expression: `**` any path, `*` any part of a name, `dir/**` also `dir`. */
function patternOf(glob: string): string {
  const tree = glob.endsWith('/**');
  const body = (tree ? glob.slice(0, -3) : glob)
    .replaceAll(special, '\\$&')
    .replaceAll(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'));
  const anywhere = glob.includes('*') && !glob.includes('/');
  return `${anywhere ? '(?:.*/)?' : ''}${body}${tree ? '(?:/.*)?' : ''}`;
}

const matchers = new WeakMap<readonly string[], Matcher>();

/** Whether a path matches one of the globs. A list is compiled once and must not change after. */
function matcherOf(globs: readonly string[]): Matcher {
  const known = matchers.get(globs);
  if (known !== undefined) return known;
  // The flag s: a line break in a file name is a character like any other.
  const pattern = new RegExp(`^(?:${globs.map(patternOf).join('|')})$`, 's');
  const matcher: Matcher = globs.length === 0 ? () => false : (path) => pattern.test(path);
  matchers.set(globs, matcher);
  return matcher;
}

/** Effects by which something is changed. */
export function isChanging(effects: readonly Effect[]): boolean {
  return effects.some((effect) => effect !== 'pure' && effect !== 'read');
}

/** The first of `paths` that is protected by `globs`: `dir/**`, `*.ext` in any folder, exact paths. */
export function protectedPath(
  paths: readonly string[],
  globs: readonly string[],
): string | undefined {
  return paths.find(matcherOf(globs));
}

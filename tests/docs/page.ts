import { readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** The commands of a page: its blocks of `sh`, in their order; those marked `no-run` left out. */
export function commandsOf(page: string): string {
  const text = readFileSync(path.join(root, page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block).join('\n');
}

/**
 * Stands in for npm on a page's PATH: the commands that set up, check or play everything are known
 * and not run, `npm run chancery` runs the command, `npm run build` builds, and anything else is a
 * mistake of the page.
 */
export const npm = `#!/bin/sh
case "$*" in
  'start' | 'test' | 'run setup') exit 0 ;;
esac
[ "$1" = --silent ] && shift
[ "$1 $2 $3" = 'run build --' ] && exec "$TEST_NODE" "$TEST_BUILD" "$4"
[ "$1 $2 $3" = 'run chancery --' ] && shift 3 || exit 97
exec "$TEST_NODE" "$TEST_MAIN" "$@"
`;

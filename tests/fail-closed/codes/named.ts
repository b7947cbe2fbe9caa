import { existsSync } from 'node:fs';
import path from 'node:path';
import { read, root } from '../../tidy/tree.ts';
import type { Named } from './row.ts';

/** Whether there is a test that is called so, and that is not left out on every machine. */
export function isThere({ file, title }: Named): boolean {
  return existsSync(path.join(root, file)) && titlesIn(read(file)).includes(title);
}

/** What the tests of a source are called. */
function titlesIn(source: string): readonly string[] {
  const titles = source.matchAll(/(?<!\.(?:skip|todo|fails))\(\s*(['"`])((?:(?!\1).)+)\1,/g);
  return [...titles].map(([, , title = '']) => title);
}

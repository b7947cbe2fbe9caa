import { existsSync } from 'node:fs';
import path from 'node:path';
import { read, root } from '../../tidy/tree.ts';
import type { Named } from './row.ts';

/** Whether there is a test that is called so, in a file that names the code. */
export function isShownBy({ file, title }: Named, code = ''): boolean {
  if (!existsSync(path.join(root, file))) return false;
  const source = read(file);
  return titlesIn(source).includes(title) && source.includes(code);
}

/** What the tests of a source are called. */
function titlesIn(source: string): readonly string[] {
  return [...source.matchAll(/\(\s*(['"`])((?:(?!\1).)+)\1,/g)].map(([, , title = '']) => title);
}

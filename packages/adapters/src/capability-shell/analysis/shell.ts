import type { Row } from '../programs/row.ts';
import { readOptions } from './operands.ts';
import { play } from './role.ts';
import type { Site } from './site.ts';
import { isWhole, type Word } from './word.ts';

/** `-c LINE`, a script file, or, without either, whatever comes as input. */
export function readShell(words: readonly Word[], row: Row, site: Site): void {
  const { operands } = readOptions(words, { ...row, leading: true }, site);
  const own = words.slice(0, words.length - operands.length);
  const [first] = operands;
  // `+x` is an option as well, and may stand before the line.
  if (first !== undefined && first.text.startsWith('+')) site.unclear('an option with a plus');
  const has = (letter: string): boolean =>
    own.some(({ text }) => new RegExp(`^-[A-Za-z]*${letter}`).test(text));
  if (has('c')) {
    if (first === undefined) site.unclear('the line that it runs is not told');
    else play('line', first, site);
  } else if (first === undefined || has('s')) {
    if (site.input === undefined) site.unclear('the lines that it is fed are not told');
    else site.readLine(site.input);
  } else if (isWhole(first) || first.text !== '') play('run', first, site);
  else site.unclear('the script is not told');
}

import type { Site } from './site.ts';

/** Words and signs by which a program of awk writes, runs commands or loads what is not there. */
const reaching = /\bsystem\b|\bgetline\b|\bfflush\b|\bclose\b|@|\|(?!\|)|>>|\bprintf?\b[^;}\n]*>/;

/** Looks for what a program of awk does besides reading its input. */
export function readAwk(program: string, site: Site): void {
  const bare = withoutTexts(program);
  const isAlternative = bare === undefined ? undefined : bare.replaceAll('||', ' ');
  if (isAlternative === undefined || reaching.test(isAlternative)) {
    site.unclear('its program writes or runs something');
  }
}

/** Behind these a `/` begins a regular expression, as at the beginning; behind anything else it divides. */
const beforePattern: ReadonlySet<string> = new Set('{};(!~,&|\n');

/** Longer than any of the words below. */
const longestWord = 16;

/** So it does behind these words. */
const wordsBefore: ReadonlySet<string> = new Set(
  'print printf return in exit delete getline case else do'.split(' '),
);

/** The program without strings, comments and regular expressions; undefined where one has no end. */
function withoutTexts(program: string): string | undefined {
  let bare = '';
  let last = '\n';
  let word = '';
  for (let at = 0; at < program.length; at += 1) {
    const letter = program.charAt(at);
    const isPattern = letter === '/' && (beforePattern.has(last) || wordsBefore.has(word));
    if (letter === '"' || isPattern) {
      const end = closing(program, at + 1, letter);
      if (end === undefined) return undefined;
      bare += ' "" ';
      last = '"';
      word = '';
      at = end;
    } else if (letter === '#') {
      const end = program.indexOf('\n', at);
      at = end === -1 ? program.length : end - 1;
    } else {
      const goesOn = /\w/.test(program.charAt(at - 1));
      bare += letter;
      if (letter === ' ' || letter === '\t') continue;
      last = letter;
      word = /\w/.test(letter) ? `${goesOn ? word : ''}${letter}`.slice(0, longestWord) : '';
    }
  }
  return bare;
}

function closing(program: string, start: number, mark: string): number | undefined {
  for (let at = start; at < program.length; at += 1) {
    const letter = program.charAt(at);
    if (letter === '\\') at += 1;
    else if (letter === mark) return at;
    // Whether a slash in brackets ends it, awks do not agree on.
    else if (letter === '\n' || (mark === '/' && letter === '[')) return undefined;
  }
  return undefined;
}

import type { Redirection, Word as WordNode } from 'unbash';
import type { Word } from './word.ts';

interface Files {
  reads(word: Word): void;
  writes(word: Word): void;
  unclear(why: string): void;
}

/** The files that a redirection reads, writes or empties. */
export function readRedirections(
  redirect: Redirection,
  wordOf: (node: WordNode) => Word,
  files: Files,
): void {
  if (redirect.descriptor?.type === 'FileDescriptorVariable')
    files.unclear('a descriptor in a variable');
  if (redirect.type !== 'Redirect') return;
  if (redirect.target === undefined) {
    files.unclear('a redirection to nothing');
    return;
  }
  const word = wordOf(redirect.target);
  switch (redirect.operator) {
    case '<':
      files.reads(word);
      return;
    case '<>':
      files.reads(word);
      files.writes(word);
      return;
    case '<&':
    case '>&':
      // A copy of a descriptor is no file.
      if (word.kind === 'whole' && /^(\d+-?|-)$/.test(word.text)) return;
      if (redirect.operator === '<&') files.unclear('a descriptor that is not told');
      else files.writes(word);
      return;
    case '>':
    case '>>':
    case '>|':
    case '&>':
    case '&>>':
      files.writes(word);
  }
}

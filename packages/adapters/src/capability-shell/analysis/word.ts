/** A word of a command, as far as the line tells it. */
export interface Word {
  /**
   * `whole`: the text is all of it. `glob`: names of files that begin with the text. `open`: it
   * begins with the text, and only the run itself will tell the rest.
   */
  readonly kind: 'whole' | 'glob' | 'open';
  readonly text: string;
  /** Whether several words may come of it, or none. */
  readonly splits: boolean;
}

export const whole = (text: string): Word => ({ kind: 'whole', text, splits: false });

/** A word of which nothing is known, in any number. */
export const anyWords: Word = { kind: 'open', text: '', splits: true };

export const isWhole = (word: Word | undefined): boolean => word?.kind === 'whole';

/** Whether an option could come of what does not stand in the line. */
export function mayBeOption({ kind, text, splits }: Word): boolean {
  if (kind === 'whole') return false;
  return text === '' || text.startsWith('-') || (kind === 'open' && splits);
}

/** A word of the form `NAME=VALUE`: the name, and the word that the value is; undefined for another. */
export function settingIn(word: Word): { readonly name: string; readonly value: Word } | undefined {
  const at = word.text.indexOf('=');
  if (at === -1) return undefined;
  return { name: word.text.slice(0, at), value: { ...word, text: word.text.slice(at + 1) } };
}

/** The word as it is shown. */
export const shown = ({ kind, text }: Word): string => (kind === 'whole' ? text : `${text}…`);

import { refuse } from '../exit.ts';

/** The number of an entry of a run; undefined where none is given. */
export function readSeq(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return refuse('usage.invalid', `${flag} ${text} is no number of an entry`, {
    remedy: `Say ${flag} with the number of an entry, as \`chancery show RUN\` tells it.`,
  });
}
